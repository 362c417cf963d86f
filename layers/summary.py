"""The figures of one place, as its panel and its record show them. What a reader may not see is None: absent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.incidents.finding import MERGED, first_of, midnight, this_second
from gis.incidents.incident import ENDED
from gis.models import Area, Building, CellVersion, Dwelling, Incident, Posting
from gis.people.masking import rule
from layers.age_bars import Bars, age_bars
from layers.on_map import withheld_on_map
from layers.people_count import Grouping, Needs, People, count_needs, count_people
from layers.small_counts import is_own_staff

#: Roles whose holders a reader would turn to, nearest first.
_CONTACTS = ("grid_worker", "community_supervisor", "street_supervisor", "district_supervisor")
#: Days of the "recent" incidents.
RECENT = 30


@dataclass(frozen=True)
class Dwellings:
    total: int
    by_state: dict[str, int]

    @property
    def vacancy(self) -> float | None:
        """Share of empty dwellings in percent; None where there is no dwelling."""
        return round(100 * self.by_state.get(Dwelling.State.EMPTY, 0) / self.total, 1) if self.total else None


@dataclass(frozen=True)
class Incidents:
    open: int
    late: int
    recent: int


@dataclass(frozen=True)
class Worker:
    name: str
    role: str
    phone: str
    here: bool  # posted to this very place, not above it


@dataclass(frozen=True)
class Summary:
    """Figures of one place. A part is None where the reader's role does not hold it."""

    dwellings: Dwellings
    buildings: int | None = None
    people: People | None = None
    ages: list[Bars] = field(default_factory=list)
    needs: Needs | None = None
    incidents: Incidents | None = None
    workers: list[Worker] = field(default_factory=list)


def summarise_area(code: str, access: Access) -> Summary:
    """The figures of an area or cell, by its code, which must lie in the reader's scope."""
    here = Scope.of([code]).q()
    on_map = withheld_on_map(code, access) if access.may("people.count", code) else {}
    people, needs = _people(code, siblings(code, access), code, access, on_map)
    return Summary(
        dwellings=_dwellings(Dwelling.objects.filter(here)),
        buildings=Building.objects.filter(here).count(),
        people=people,
        ages=age_bars(people) if people else [],
        needs=needs,
        incidents=_incidents(Incident.objects.filter(here), code, access),
        workers=workers_of(code),
    )


def summarise_building(building: Building, access: Access) -> Summary:
    """The figures of a building, which must lie in the reader's scope."""
    grouping = Grouping.of_buildings(Scope.of([building.area]))
    people, needs = _people(str(building.pk), grouping, building.area, access)
    return Summary(
        dwellings=_dwellings(building.dwellings.all()),
        people=people,
        ages=age_bars(people) if people else [],
        needs=needs,
        incidents=_incidents(Incident.objects.filter(building=building), building.area, access),
        workers=workers_of(building.area) if len(building.area) == 15 else [],
    )


def _people(place: str, grouping: Grouping, area: str, access: Access, on_map: Mapping[str, bool] | None = None):
    if not access.may("people.count", area):
        return None, None
    own = is_own_staff(access, area)
    counted = rule(access, "needs", area) in ("full", "counts")
    people = count_people(place, grouping, own, on_map)
    return people, (count_needs(place, grouping, own, on_map) if counted else None)


def siblings(code: str, access: Access) -> Grouping:
    """A cell with the cells of its community, a community with those of its street, where the reader sees the whole.

    Above that a place is counted alone: the whole of a district is too much to count for one panel.
    """
    whole = code[:-3]
    together = len(code) >= 12 and access.may("people.count", whole)
    return Grouping.of_areas(len(code), Scope.of([whole if together else code]))


def _dwellings(dwellings) -> Dwellings:
    counted = dict(dwellings.standing().order_by().values_list("state").annotate(number=Count("pk")))
    by_state = {state.value: counted[state.value] for state in Dwelling.State if counted.get(state.value)}
    return Dwellings(sum(by_state.values()), by_state)


def _incidents(incidents, area: str, access: Access) -> Incidents | None:
    if not access.may("incident.read", area):
        return None
    now, since = this_second(), midnight(first_of(RECENT, timezone.localdate()))
    still = ~Q(state__in=ENDED)
    found = incidents.order_by().aggregate(
        open=Count("pk", filter=still),
        late=Count("pk", filter=still & Q(due_at__lt=now)),
        recent=Count("pk", filter=Q(reported_at__gte=since) & ~Q(state=MERGED)),
    )
    return Incidents(**found)


def workers_of(code: str) -> list[Worker]:
    """Who holds a current posting to the place, and for a cell its community's supervisor."""
    places = {code, code[:12]} if len(code) == 15 else {code}
    postings = Posting.objects.on(timezone.localdate()).filter(
        area__in=places, role__in=_CONTACTS, user__is_active=True
    )
    found = sorted(
        postings.select_related("user"), key=lambda posting: (_CONTACTS.index(posting.role), posting.user.name)
    )
    return [Worker(p.user.name or p.user.username, str(p.role_row), p.user.phone, p.area == code) for p in found]


def trail_of(code: str, scope: Scope) -> list[tuple[Area | CellVersion, bool]]:
    """The areas above a code, the highest first, from the district down, each with whether the reader may open it."""
    above = Area.objects.ancestors_of(code).filter(level__in=("district", "street", "community"))
    return [(area, scope.covers(area.code)) for area in above if scope.touches(area.code)]
