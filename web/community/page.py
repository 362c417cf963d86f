"""A community's page, open to everybody: what was reported and done, how well, what comes up, wishes, questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents.incident import State
from gis.incidents.public_case import last_done_first, latest_first, public_cases, tell
from gis.incidents.public_figures import DAYS, Gathering, figures, gathering
from gis.models import Area, Bulletin, CommunityWish, Consultation
from layers.community_map import community_map
from web.community.opened import community_at, opened
from web.pages.paging import Page, page_at

#: Cases, wishes and notices shown on the first page.
_FEW = 6
#: Places named beside the map.
_PLACES = 8
#: Cases on a page of the list, and the most one may turn to.
_SIZE, _MOST = 30, 3000


@opened
def show(request: HttpRequest, code: str) -> HttpResponse:
    area = community_at(code)
    cases, now = public_cases(code), timezone.now()
    everything, majors = figures(code)
    gathered = _gathered(area)
    bulletins = Bulletin.objects.for_area(code).shown(now)
    context = {
        "area": area,
        "above": _above(area),
        "days": DAYS,
        "everything": everything,
        "majors": majors,
        "latest": tell(latest_first(cases.exclude(state=State.CLOSED))[:_FEW]),
        "done": tell(last_done_first(cases)[:_FEW]),
        "map": community_map(area, gathered) if gathered else None,
        "places": gathered.places[:_PLACES] if gathered else (),
        "events": bulletins.filter(kind="event").order_by("starts")[:_FEW],
        "notices": bulletins.filter(kind="notice")[:_FEW],
        "wishes": CommunityWish.objects.inside(Scope.of([code])).shown().select_related("department")[:_FEW],
        "consultations": Consultation.objects.for_area(code).shown(now)[:_FEW],
        "now": now,
    }
    return render(request, "web/community/page.html", context)


def _gathered(area: Area) -> Gathering | None:
    return gathering(area.code, area.geometry.centroid.y) if area.geometry else None


def _above(area: Area) -> Area | None:
    return Area.objects.filter(code=area.parent_code).only("name", "short_name").first()


@opened
def cases(request: HttpRequest, code: str) -> HttpResponse:
    """Every public case of the community, all or those of one stage, the latest first."""
    area, found = community_at(code), public_cases(code)
    stage = request.GET.get("stage", "")
    if stage == "done":
        found = found.filter(state=State.CLOSED)
    elif stage == "open":
        found = found.exclude(state=State.CLOSED)
    total = found.order_by()[: _MOST + 1].count()
    cut = page_at(min(total, _MOST), request.GET.get("page"), _SIZE)
    page = Page(
        tell(latest_first(found)[cut.start : cut.end]), cut.number, cut.last, min(total, _MOST), total > _MOST, _SIZE
    )
    return render(request, "web/community/cases.html", {"area": area, "page": page, "stage": stage})
