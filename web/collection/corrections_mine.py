"""What the reader has said against the record, and what the owner departments answered."""

from collections.abc import Iterable
from contextlib import nullcontext

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis.accounts.scope import applied
from gis.accounts.users import User
from gis.collection.sharing.reading import readable
from gis.collection.showing import noted, shown_as
from gis.collection.standing import kept_in
from gis.errors import NotAllowed
from gis.models import Correction, CorrectionNotice, Dwelling
from gis.people.masking import AS_EXPORT, rule, rule_as, shown_name
from gis.people.reading import Act, note_reading
from web.pages.paging import page_of
from web.pages.residents import never_kept

#: So many notices are shown at a time.
_MOST = 20


def own_answers(user: User) -> QuerySet[CorrectionNotice]:
    """What one is told of answers and has not looked at."""
    return CorrectionNotice.objects.filter(user=user, read_at=None)


def correction_notices(user: User, *, everything: bool) -> list[CorrectionNotice]:
    """The latest first, unread ones unless all are asked for."""
    told = CorrectionNotice.objects.filter(user=user).select_related("field__owner")
    return list(told[:_MOST] if everything else told.filter(read_at=None)[:_MOST])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's own, the latest first; an officer's are the whole department's. Looking reads what the bell told of."""
    reads, decides = map(request.access.may_anywhere, ("people.read", "correction.decide"))
    if not reads and not decides:
        raise NotAllowed(_("您的角色不能提出更正。"), fix=_("发现内容有误时，请告诉本网格的网格员。"))
    wall = nullcontext() if reads else applied(request.access.which("correction.decide"))
    with wall:
        page = page_of(_own(request, reads), request.GET.get("page"))
        rows = _rows(request, page.rows)
        own_answers(request.user).update(read_at=timezone.now())
        return never_kept(
            render(request, "web/corrections/mine.html", {"page": page, "rows": rows, "decides": decides})
        )


def _own(request: HttpRequest, reads: bool) -> QuerySet[Correction]:
    scope = request.access.which("people.read" if reads else "correction.decide")
    department = request.user.department_id
    mine = Correction.objects.inside(scope).told(department, readable(department, scope, timezone.localdate()))
    if reads or department is None:
        mine = mine.filter(by=request.user)
    else:
        mine = mine.filter(department=department)
    return mine.select_related("field__owner", "resident", "household").order_by("-proposed_at", "-pk")


def _rows(request: HttpRequest, corrections: Iterable[Correction]) -> list[dict]:
    listed = list(corrections)
    keys = {one.dwelling_id or (one.household.dwelling_id if one.household_id else None) for one in listed} - {None}
    doors = Dwelling.objects.filter(pk__in=keys).select_related("building__compound").in_bulk()
    people = {one.resident_id: one.resident for one in listed if one.resident_id}
    if people:
        shown = noted(one.field for one in listed if one.resident_id) | {"name"}
        pairs = [(person.pk, person.area) for person in people.values()]
        note_reading(Act.LIST, request.user, request.access, pairs, fields=shown)
    return [_row(request, one, doors) for one in listed]


def _row(request: HttpRequest, one: Correction, doors: dict[int, Dwelling]) -> dict:
    door = doors.get(one.dwelling_id or (one.household.dwelling_id if one.household_id else 0))
    area = (one.resident or door or one.building).area
    reads = request.access.may("people.read", area)
    how = {name: rule(request.access, name, area) if reads else rule_as(AS_EXPORT, name) for name in ("name", "room")}
    value = rule(request.access, one.field.rule, area) if reads else rule_as(AS_EXPORT, one.field.rule)
    person = one.resident and {"pk": one.resident_id, "name": shown_name(one.resident.name, how["name"])}
    return {
        "correction": one,
        "says": shown_as(one.field, kept_in(one), value),
        "person": person,
        "link": reads,
        "door": door if how["room"] == "full" else None,
    }
