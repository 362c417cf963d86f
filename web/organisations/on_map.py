"""Units on the map: those of a window as marks, from the zoom on at which buildings can be told apart; and as a table.

Whoever lists units sees them here, in the same scope; no person is in either answer.
"""

from collections import Counter

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from gis.accounts.scope import Access
from gis.errors import NotAllowed
from gis.organisations.checking import hazards
from gis.organisations.finding import SMALL, Wanted
from gis.organisations.kinds import kinds
from layers.organisation_marks import State, counted_by_kind, marks_of, units_within
from web.pages.windows import read_ground

#: The map shows them from here on.
NEAREST_ZOOM = 16
#: A window as wide (degrees) is no screen at that zoom.
_WIDEST = 0.16
#: So many are listed one by one beside the map; of more the table of kinds has the numbers.
_MOST_LISTED = 60
_STANDS = (State.OVERDUE, State.HAZARDS)


def organisation_settings(access: Access) -> dict | None:
    """What the map page needs to show units; None to whom they are not offered."""
    if not access.may_anywhere("people.read"):
        return None
    return {
        "here": reverse("organisations-here"),
        "list": reverse("organisations-listed"),
        "from": NEAREST_ZOOM,
        "kinds": [[SMALL, _("九小场所")], *([code, kind.shown] for code, kind in kinds().items())],
        "stands": [[stand.value, str(stand.label)] for stand in _STANDS],
        "states": [[state.value, str(state.label)] for state in State],
    }


@gzip_page
def here(request: HttpRequest) -> JsonResponse:
    """The units of a window by building: each mark [longitude, latitude, building, kind or "", number, state].

    `?bbox=…&kind=small&stand=overdue`. `more`: there are others that were not sent.
    """
    today = timezone.localdate()
    marks, more = marks_of(_found(request, _WIDEST), today)
    told = [[one.longitude, one.latitude, one.building, one.kind, one.number, one.state] for one in marks]
    return JsonResponse({"marks": told, "more": more}, headers={"Cache-Control": "private, no-store"})


def listed(request: HttpRequest) -> HttpResponse:
    """The same as a table, at any zoom: how many of each kind and how they stand, and few ones one by one."""
    today, found = timezone.localdate(), _found(request)
    by_kind = counted_by_kind(found, today)
    everything = sum(by_kind.values(), Counter())
    few = everything["total"] <= _MOST_LISTED
    context = {
        "by_kind": by_kind, "all": everything, "kinds": kinds(), "hazards": hazards(), "today": today,
        "units": list(found.select_related("building__compound")) if few else [], "most": _MOST_LISTED,
    }  # fmt: skip
    response = render(request, "web/organisations/here.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: HttpRequest, widest: float | None = None):
    if not request.access.may_anywhere("people.read"):
        raise NotAllowed(_("您的角色不能查看单位名单。"), fix=_("需要时请联系社区或街道的主管。"))
    kind, stand = request.GET.get("kind", ""), request.GET.get("stand", "")
    wanted = Wanted(kind=kind if kind in {SMALL, *kinds()} else "", stand=stand if stand in _STANDS else "")
    return units_within(read_ground(request, widest), wanted, request.access, timezone.localdate())
