"""Open cases that may be one: in groups with a preview, merged at a click, taken apart again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.accounts.scope import Scope
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.incidents.duplicates.grouping import find_groups
from gis.incidents.duplicates.merging import MOST, Merged, merge, take_apart
from gis.models import Attachment, Incident, Step
from web.pages.choices import names_of
from web.pages.paging import read_number

#: Groups shown at a time, the largest first.
_GROUPS = 30


def index(request: HttpRequest) -> HttpResponse:
    """The groups among the cases the reader may merge."""
    _scope(request)
    groups = find_groups(request.access, timezone.now())
    listed = groups[:_GROUPS]
    members = [member.incident for group in listed for member in group.members]
    context = {
        "groups": listed,
        "more": len(groups) - len(listed),
        "cases": sum(len(group.members) for group in groups),
        "photos": _photos([one.pk for one in members]),
        "names": names_of({one.area for one in members}),
        "most": MOST,
    }
    return render(request, "web/duplicates/groups.html", context)


def _scope(request: HttpRequest) -> Scope:
    scope = request.access.which("case.accept")
    if not scope:
        raise NotAllowed(_("您的角色不能合并事件。"), fix=_("需要时请联系管理员调整任职。"))
    return scope


def _photos(pks: list[int]) -> dict[int, list[Attachment]]:
    """The first photos of some cases, by their id."""
    found: dict[int, list[Attachment]] = {}
    for photo in Attachment.objects.filter(incident__in=pks).order_by("step", "position"):
        found.setdefault(photo.incident_id, []).append(photo)
    return found


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Merge the cases ticked, each `number:revision` as it was seen, into the one that is kept."""
    scope = _scope(request)
    number = request.POST.get("kept", "").replace("\x00", "")[:40]
    kept = Incident.objects.inside(scope).filter(number=number).first()
    if kept is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    read = dict.fromkeys(map(_read, request.POST.getlist("case")))
    chosen = [(one, seen) for one, seen in read if one not in ("", number)]
    if not chosen:
        raise Refused(_("没有选中要并入的事件。"), fix=_("请至少勾选一件。"))
    note = request.POST.get("note", "")
    return _told(request, kept, merge(number, chosen[:MOST], user=request.user, access=request.access, note=note))


def _read(text: str) -> tuple[str, int | None]:
    number, _colon, seen = text.replace("\x00", "")[:60].partition(":")
    return number, read_number(seen)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take the mergings named apart again: the reader's own, a short while after."""
    _scope(request)
    steps = [pk for pk in map(read_number, request.POST.getlist("step")[:MOST]) if pk]
    first = Step.objects.filter(pk__in=steps, actor=request.user).values_list("facts__target", flat=True).first()
    kept = Incident.objects.inside(request.access.which("incident.read")).filter(number=first or "").first()
    return _told(request, kept, take_apart(steps, user=request.user, access=request.access), back=True)


def _told(request: HttpRequest, kept: Incident | None, done: list[Merged], *, back: bool = False) -> HttpResponse:
    context = {
        "kept": kept,
        "made": [one for one in done if not one.error],
        "failed": [one for one in done if one.error],
        "back": back,
    }
    return render(request, "web/duplicates/done.html", context)
