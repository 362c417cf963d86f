from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gis.errors import NotAllowed
from gis.incidents.finding import Wanted, find_incidents
from gis.incidents.incident import ENDED, State
from gis.models import Building, Category, Incident
from layers.sketch import sketch_cell
from layers.summary import trail_of
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.held import held_text, to_filtered_address
from web.pages.map_links import map_address
from web.pages.paging import page_of, read_number


def index(request: HttpRequest) -> HttpResponse:
    """The incidents in scope, newest first."""
    _must_read_incidents(request)
    if request.method == "POST":
        return to_filtered_address(request)
    wanted = _wanted(request)
    found = find_incidents(wanted, request.access.which("incident.read")).select_related("category", "department")
    page = page_of(found.defer("drawing"), request.GET.get("page"))
    building = Building.objects.inside(request.scope).filter(pk=wanted.building or 0).select_related("compound")
    context = {
        "page": page,
        "wanted": wanted,
        "areas": area_choices(request.access.which("incident.read"), wanted.area),
        "majors": _majors(),
        "states": State.choices,
        "names": names_of({incident.area for incident in page.rows}),
        "building": building.first(),
        "now": timezone.now(),
        "ended": ENDED,
        "filtered": wanted != Wanted(),
    }
    return render(request, "web/lists/incidents.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    get = request.GET.get
    days = read_number(get("days"))
    since = timezone.localdate() - timedelta(days=min(days, 36500)) if days else None
    return Wanted(
        text=held_text(request),
        area=chosen_area(get("area", ""), request.access.which("incident.read")),
        building=read_number(get("building")),
        category=read_number(get("category")),
        major=get("major", "")[:60],
        state=get("state", "") if get("state") in (*State.values, "open", "ended") else "",
        late=get("late") == "1",
        first=since or _day(get("first")),
        last=_day(get("last")),
    )


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None


def _majors() -> list[str]:
    """The kinds of incident that have happened, in the order of the code tables."""
    used = Category.objects.filter(incident__isnull=False).values_list("major", flat=True)
    return list(dict.fromkeys(used.order_by("kind", "code").distinct()))


def show(request: HttpRequest, number: str) -> HttpResponse:
    """The record of an incident: what, where, how far, and every step so far."""
    _must_read_incidents(request)
    incidents = Incident.objects.inside(request.access.which("incident.read"))
    incident = get_object_or_404(
        incidents.select_related("category", "department", "building__compound", "cell"), number=number
    )
    now = timezone.now()
    context = {
        "incident": incident,
        "ended": ENDED,
        "is_open": incident.state not in ENDED,
        "late": incident.state not in ENDED and incident.due_at is not None and incident.due_at < now,
        "now": now,
        "steps": incident.steps.select_related("actor").order_by("at", "pk"),
        "trail": trail_of(incident.area, request.scope),
        "names": names_of({incident.area}),
        "building": incident.building if incident.building and request.scope.covers(incident.building.area) else None,
        "map_address": f"{map_address(incident.position)}?pin",
        "sketch": sketch_cell(incident.cell_id, request.scope, point=incident.position) if incident.cell_id else None,
    }
    return render(request, "web/records/incident.html", context)


def _must_read_incidents(request: HttpRequest) -> None:
    if not request.access.may_anywhere("incident.read"):
        raise NotAllowed(_("您的角色不能查看事件。"), fix=_("需要时请联系管理员调整任职。"))
