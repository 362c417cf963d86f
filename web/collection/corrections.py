"""Corrections for the department that owns the field: the queue, one side by side, the answer."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gis.accounts.scope import applied
from gis.collection.comparing import Compared, compare
from gis.collection.correcting import MOST, Answered, accept, refuse, to_answer
from gis.collection.correction import CorrectionQuerySet
from gis.collection.showing import noted
from gis.errors import OutOfScope, Refused
from gis.incidents.residents.allowance import spend
from gis.models import Correction, Field
from gis.people.reading import Act, note_reading
from gis.people.sealing import blind_index
from gis.written import read_line
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.paging import page_of, read_number
from web.pages.residents import never_kept
from web.pages.reveal import read_reason

#: What one person may open in an hour: more is no longer answering corrections.
_MOST_OPENED = 60
_STATES = ("open", "accepted", "refused")


def as_owner(view: Callable) -> Callable:
    """A view in which the database shows the people of the reader's department's area: it filters by what it owns."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with applied(request.access.which("correction.decide")):
            return never_kept(view(request, *args, **kwargs))

    return shown


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The queue of the reader's department; whoever answers none is shown what they have asked themselves."""
    return queue(request) if request.access.may_anywhere("correction.decide") else redirect("corrections-mine")


@as_owner
def queue(request: HttpRequest) -> HttpResponse:
    """The oldest first; with `state` what was answered, the latest first."""
    mine = to_answer(request.user, request.access)
    asked = _asked(request)
    page = page_of(_ordered(_found(mine, asked), asked["state"]), request.GET.get("page"))
    rows = compare(page.rows, timezone.localdate())
    _note(request, Act.LIST, rows)
    scope = request.access.which("correction.decide")
    context = {
        "page": page,
        "rows": rows,
        "names": names_of({row.whom.area for row in rows}),
        "asked": asked,
        "owned": _owned(mine),
        "areas": area_choices(scope, asked["area"]),
        "states": [(state, Correction.State(state).label) for state in _STATES],
        "chooses": asked["state"] == "open" and asked["field"] is not None,
    }
    return render(request, "web/corrections/list.html", context)


def _asked(request: HttpRequest) -> dict:
    get = request.GET.get
    state = get("state", "")
    return {
        "state": state if state in _STATES else "open",
        "field": read_number(get("field")),
        "area": chosen_area(get("area", ""), request.access.which("correction.decide")),
    }


def _found(mine: CorrectionQuerySet, asked: dict) -> CorrectionQuerySet:
    found = mine.filter(state=asked["state"])
    if asked["field"] is not None:
        found = found.filter(field=asked["field"])
    if asked["area"]:
        bounds = {"gte": asked["area"], "lt": asked["area"] + ":"}
        subjects = ("resident", "household", "dwelling", "building")
        each = [Q(**{f"{one}__area__{sign}": code for sign, code in bounds.items()}) for one in subjects]
        found = found.filter(each[0] | each[1] | each[2] | each[3])
    return found


def _ordered(found: CorrectionQuerySet, state: str) -> CorrectionQuerySet:
    together = found.select_related(
        "field__owner", "department", "by", "decided_by", "resident", "household", "building", "held__department",
        "held__by",
    )  # fmt: skip
    return together.order_by("proposed_at", "pk") if state == "open" else together.order_by("-decided_at", "-pk")


def _owned(mine: CorrectionQuerySet) -> list[tuple[Field, int]]:
    """The department's fields that have anything, with how many wait."""
    rows = mine.order_by().values_list("field").annotate(waiting=Count("pk", filter=Q(state="open")))
    counted = dict(rows)
    return [(field, counted[field.pk]) for field in Field.objects.filter(pk__in=counted)]


@require_safe
@as_owner
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One beside the record, with the way to the next."""
    return _page(request, _one(request, uuid))


def _one(request: HttpRequest, uuid: UUID) -> Correction:
    found = to_answer(request.user, request.access).filter(uuid=uuid)
    one = _ordered(found, "open").first()
    if one is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return one


def _page(request: HttpRequest, one: Correction, *, error: Refused | None = None, opened: bool = False) -> HttpResponse:
    [row] = compare([one], timezone.localdate(), opened=opened)
    if not opened:
        _note(request, Act.RECORD, [row])
    waiting = to_answer(request.user, request.access).open()
    context = {
        "row": row,
        "names": names_of({row.whom.area}),
        "after": _next(waiting, one),
        "waiting": waiting.order_by().count(),
        "others": _others(request, one),
        "error": error,
        "fields": getattr(error, "fields", {}),
        "opened": opened,
    }
    return render(request, "web/corrections/one.html", context, status=422 if error else 200)


def _next(waiting: CorrectionQuerySet, one: Correction) -> UUID | None:
    """The next of the same field, then any."""
    later = waiting.exclude(pk=one.pk).order_by("proposed_at", "pk").values_list("uuid", flat=True)
    ahead = Q(proposed_at__gt=one.proposed_at) | Q(proposed_at=one.proposed_at, pk__gt=one.pk)
    same = later.filter(field=one.field)
    return same.filter(ahead).first() or same.first() or later.first()


def _others(request: HttpRequest, one: Correction) -> list[Compared]:
    """What else waits for the same field of the same subject: two who disagree are answered together."""
    column, key = one.subject
    found = to_answer(request.user, request.access).open().filter(field=one.field, **{f"{column}_id": key})
    return compare(_ordered(found.exclude(pk=one.pk), "open")[:10], timezone.localdate())


@require_POST
@as_owner
def reveal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same page with the masked values in full; who, when, of whom and why is noted."""
    one = _one(request, uuid)
    try:
        reason = read_reason(request)
    except Refused as refused:
        return _page(request, one, error=refused)
    [row] = compare([one], timezone.localdate())
    if not row.opens:
        return redirect("correction", uuid)
    spend("correction", blind_index(f"correction {request.user.pk}"), _MOST_OPENED, timedelta(hours=1))
    _note(request, Act.REVEAL, [row], reason=reason)
    return _page(request, one, opened=True)


def _note(request: HttpRequest, act: Act, rows: list[Compared], reason: str = "") -> None:
    """Of whom values were shown, and of which fields; of a list all at once."""
    people = dict(pair for row in rows for pair in row.people)
    if people:
        fields = noted(row.correction.field for row in rows) | {"name"}
        note_reading(act, request.user, request.access, people.items(), fields=fields, reason=reason)


@require_POST
@as_owner
def answer(request: HttpRequest) -> HttpResponse:
    """Accept or refuse those chosen, all of one field, and go on to the next, or back to the list."""
    uuids = [uuid for uuid in map(_uuid, request.POST.getlist("correction")[:MOST]) if uuid]
    single = uuids[0] if len(uuids) == 1 and request.POST.get("from") == "one" else None
    try:
        answered = _answered(request, uuids)
    except Refused as refused:
        if single:
            return _page(request, _one(request, single), error=refused)
        raise
    _say(request, answered)
    if single is None:
        return redirect(_list_of(request))
    waiting = to_answer(request.user, request.access).open()
    after = single if answered.faulty else _next(waiting, to_answer(request.user, request.access).get(uuid=single))
    return redirect("correction", after) if after else redirect("corrections")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _answered(request: HttpRequest, uuids: list[UUID]) -> Answered:
    told = {"by": request.user, "access": request.access}
    if not uuids:
        raise Refused(_("没有选中任何更正。"), fix=_("请至少勾选一条。"))
    if to_answer(request.user, request.access).filter(uuid__in=uuids).values("field").distinct().count() > 1:
        raise Refused(_("选中的不是同一个字段。"), fix=_("请先按字段筛选，再一起核实。"))
    if request.POST.get("verdict") == "accept":
        return accept(uuids, **told)
    return refuse(uuids, read_line(request.POST.get("reason", ""), "reason", 200), **told)


def _say(request: HttpRequest, answered: Answered) -> None:
    if answered.done:
        told = {"number": answered.done}
        messages.success(request, ngettext("已核实 %(number)d 条。", "已核实 %(number)d 条。", answered.done) % told)
    if answered.late:
        messages.warning(request, _("%(number)d 条别人已经核实过。") % {"number": answered.late})
    for _one_of, refused in answered.faulty[:3]:
        messages.error(request, str(refused))


def _list_of(request: HttpRequest) -> str:
    field = read_number(request.POST.get("field"))
    return reverse("corrections") + (f"?field={field}" if field else "")
