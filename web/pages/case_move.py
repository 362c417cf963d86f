"""Making a move from the case page, and taking it back. A script is answered in JSON: its form keeps what it holds."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import Conflict, NotAllowed, Refused, WanggeError
from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.incidents.step import Step
from gis.incidents.taking_back import can_undo, undo
from gis.models import Incident
from web.errors import status_of, wants_page
from web.pages.case import Attempt, Case
from web.pages.case_page import page, readable
from web.pages.paging import read_number
from web.uploads import photos_of

#: Departments that one form may name.
_MOST = 20


@require_POST
def make(request: HttpRequest, number: str) -> HttpResponse:
    """Make the posted move, on the case as it was seen."""
    incident = readable(request, number)
    try:
        step = move(
            number,
            read_wish(request.POST),
            user=request.user,
            access=request.access,
            seen=read_number(request.POST.get("seen")),
            photos=photos_of(request),
        )
    except (Refused, Conflict, NotAllowed) as error:
        return _not_made(request, incident, error)
    return _made(request, step)


@require_POST
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take the reader's own last move back."""
    incident = readable(request, number)
    try:
        step = undo(pk, user=request.user, access=request.access)
    except (Conflict, NotAllowed) as error:
        if not wants_page(request):
            return _told(error)
        messages.error(request, f"{error.message} {error.fix}")
        return redirect("incident", incident.number)
    return _made(request, step)


def read_wish(data: QueryDict) -> Wish:
    """What a form asks for. What cannot be read is left out, and the move says what it lacks."""
    departments = [read_number(text) for text in (data.getlist("department") + data.getlist("helper"))[:_MOST]]
    return Wish(
        act=data.get("act", "")[:20],
        note=data.get("note", "")[:20_000].replace("\x00", ""),
        departments=tuple(pk for pk in departments if pk),
        team=data.get("team", "")[:15],
        handler=read_number(data.get("handler")),
        target=data.get("target", "").strip()[:24].replace("\x00", ""),
        until=_day(data.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _made(request: HttpRequest, step: Step) -> HttpResponse:
    said = _("已办理：%(act)s。") % {"act": step.get_act_display()}
    back = undo_address(step) if can_undo(step, request.user) else ""
    if not wants_page(request):
        told = {"said": said, "undo": back, "revision": step.revision, "state": step.get_after_display()}
        return JsonResponse(told)
    messages.success(request, said)
    return redirect(reverse("incident", args=[step.incident.number]))


def undo_address(step: Step) -> str:
    return reverse("incident-undo", args=[step.incident.number, step.pk])


def _not_made(request: HttpRequest, incident: Incident, error: WanggeError) -> HttpResponse:
    if not wants_page(request):
        return _told(error)
    incident.refresh_from_db()
    case = Case(incident, request, timezone.now(), Attempt(request.POST.get("act", ""), request.POST, error))
    return page(case, status_of(error))


def _told(error: WanggeError) -> HttpResponse:
    told = {"error": error.message, "fix": error.fix}
    for name in ("fields", "theirs"):
        if more := getattr(error, name, None):
            told[name] = more
    return JsonResponse(told, status=status_of(error))
