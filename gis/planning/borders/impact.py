"""What publishing a plan of communities would break, before anything is done.

What becomes of the cells is told by the report on them (`gis.planning.publishing.impact`); this one adds what concerns
communities. Figures of people follow the same rule: households exactly, few people never.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.areas.area import Area
from gis.exchange.parents import to_geos
from gis.exchange.placing import NOWHERE, place_points
from gis.incidents.incident import Incident
from gis.places.component import Component
from gis.places.service.point import ServicePoint
from gis.planning.basis import is_outdated
from gis.planning.borders.cells import drafts_of
from gis.planning.borders.faults import faults_of
from gis.planning.borders.following import heirs_of, main_of
from gis.planning.borders.held import Held
from gis.planning.borders.offices import Office, offices, unattended
from gis.planning.borders.reckoning import BorderReckoning, reckon_borders
from gis.planning.ground_of import plane
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.publishing.faults import Fault, outdated
from gis.planning.publishing.impact import Impact, impact
from gis.planning.publishing.reckoning import reckon

#: Less common ground with another street is the noise of coordinates, m².
_NOISE_M2 = 10.0
_FEW, _SAY = 5, 3


@dataclass(frozen=True)
class Community:
    """One community, or street: `kind` is stays, renamed, redrawn, merged, new, ends, or moved where its street is
    another; figures of before and after.
    """

    kind: str
    code: str
    name: str
    was: str = ""  # its name before
    olds: tuple[str, ...] = ()  # codes of those that were merged into it, or its own before it moved
    households: tuple[int, int] = (0, 0)
    m2: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Passing:
    """What goes from one community to another."""

    before: str
    after: str
    counts: dict[str, int]  # buildings, households, residents, cases, points, components


@dataclass(frozen=True)
class Recoded:
    """A cell that gets another code, or is cut: its code of now, and the codes its households go to, with shares."""

    code: str
    name: str
    heirs: tuple[tuple[str, float], ...]
    cut: bool


@dataclass(frozen=True)
class BorderImpact:
    reckoning: BorderReckoning
    cells: Impact  # the report on the cells of the communities concerned; its faults are those of the plan
    communities: list[Community] = field(default_factory=list)
    recoded: list[Recoded] = field(default_factory=list)
    passing: list[Passing] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    unattended: list[str] = field(default_factory=list)  # new communities that nobody would be responsible for
    drafts: list[Plan] = field(default_factory=list)
    beyond: list[tuple[str, int]] = field(default_factory=list)  # communities of other streets, m² of common ground

    def total(self, name: str) -> int:
        return sum(one.counts.get(name, 0) for one in self.passing)


def impact_of_borders(plan: Plan) -> BorderImpact:
    """What publishing a plan of communities today would do. Changes nothing."""
    with applied(Scope.of([plan.area])):
        reckoning = reckon_borders(plan, drawing_of(plan), timezone.localdate())
        found = [*([outdated()] if is_outdated(plan) else []), *faults_of(reckoning)]
        if not reckoning.drawn:
            return BorderImpact(reckoning, replace(no_cells(reckoning), faults=found))
        return impact_of_reckoning(reckoning, found)


def no_cells(reckoning: Held) -> Impact:
    return Impact(reckon([], [], reckoning.day), [])


def impact_of_reckoning(reckoning: BorderReckoning, found: list[Fault]) -> BorderImpact:
    """The report; `found` is what stands against it besides the cells. In the scope of the plan."""
    cells = no_cells(reckoning)
    if reckoning.communities:
        cells = impact(drafts_of(reckoning), reckoning.communities, reckoning.day, outlines=reckoning.outlines)
    going = offices(reckoning, main_of(heirs_of(reckoning)))
    return BorderImpact(
        reckoning,
        replace(cells, faults=[*found, *cells.faults]),
        communities=changes_of(reckoning),
        recoded=_recoded(cells),
        passing=_passing(reckoning, cells),
        offices=going,
        unattended=unattended(reckoning, going),
        drafts=_drafts(reckoning),
        beyond=_beyond(reckoning),
    )


def changes_of(reckoning: Held) -> list[Community]:
    """Every area of a level, before and after, by code."""
    before = reckoning.before
    rows = {code: row for row, code in enumerate(before.codes)}
    load, area = reckoning.load, reckoning.drawing.ground.area

    def figures(mask: np.ndarray) -> tuple[int, int]:
        return round(float(load[mask].sum())), round(float(area[mask].sum()))

    found = []
    for number, one in reckoning.drawn.items():
        code = reckoning.codes[number]
        row = rows.get(code, rows.get(one.code, -1))
        olds = sorted({*reckoning.absorbed.get(number, ()), *([one.code] if one.code else [])})
        now, then = figures(reckoning.drawing.cell == number), figures((reckoning.was == row) & (row >= 0))
        was = before.names[row] if row >= 0 else ""
        kind = _kind(reckoning, number, code in rows, len(olds))
        olds = tuple(olds) if kind == "merged" else ()
        found.append(Community(kind, code, one.name, was, olds, *zip(then, now, strict=True)))
    for code in reckoning.ended:
        then = figures(reckoning.was == rows[code])
        found.append(Community("ends", code, "", before.names[rows[code]], (), (then[0], 0), (then[1], 0)))
    return sorted(found, key=lambda one: one.code)


def _kind(reckoning: Held, number: int, goes_on: bool, olds: int) -> str:
    if not goes_on:
        return "merged" if olds > 1 else "new"
    if number in reckoning.redrawn:
        return "redrawn"
    return "renamed" if number in reckoning.renamed else "stays"


def _recoded(cells: Impact) -> list[Recoded]:
    before, codes = cells.reckoning.before, cells.reckoning.codes
    heirs: dict[int, list[tuple[str, float]]] = {}
    for one in cells.lineage:
        heirs.setdefault(one.before, []).append((str(codes[one.after]), one.share_households))
    found = []
    for row, mine in sorted(heirs.items()):
        mine = sorted(mine, key=lambda one: (-one[1], one[0]))
        if [code for code, _share in mine] != [before.codes[row]]:
            found.append(Recoded(str(before.codes[row]), str(before.names[row]), tuple(mine), len(mine) > 1))
    return found


def _passing(reckoning: BorderReckoning, cells: Impact) -> list[Passing]:
    """Everything that changes its community, by pair of communities."""
    counts: dict[tuple[str, str], Counter] = {}
    houses = cells.reckoning.houses
    people = np.asarray(cells.reckoning.residents)
    people = np.where((people > 0) & (people < _FEW), _SAY, people)
    homes = np.asarray(cells.reckoning.households)
    for place, (old, new) in enumerate(zip(houses.areas, cells.reckoning.new_codes, strict=True)):
        if old[:12] != new[:12]:
            pair = counts.setdefault((old[:12], new[:12]), Counter())
            pair.update(buildings=1, households=int(homes[place]), residents=int(people[place]))
    for name, rows in _points(reckoning).items():
        for pair in rows:
            counts.setdefault(pair, Counter())[name] += 1
    found = [Passing(before, after, dict(one)) for (before, after), one in counts.items()]
    return sorted(found, key=lambda one: (-one.counts.get("households", 0), one.before, one.after))


def _points(reckoning: BorderReckoning) -> dict[str, list[tuple[str, str]]]:
    """Community of now and to be of each point that changes it."""
    scope, outlines = Scope.of(reckoning.communities), reckoning.outlines
    sources = (("cases", Incident.objects.open()), ("points", ServicePoint.objects), ("components", Component.objects))
    found = {}
    for name, rows in sources:
        places = list(rows.filter(scope.q("area")).values_list("area", "position"))
        at = np.array([(point.x, point.y) for _area, point in places], dtype=float).reshape(-1, 2)
        place = place_points(at, outlines.shapes)
        now = [str(outlines.codes[one]) if one != NOWHERE else "" for one in place]
        found[name] = [(a[:12], b) for (a, _p), b in zip(places, now, strict=True) if b and a[:12] != b]
    return found


def _drafts(reckoning: BorderReckoning) -> list[Plan]:
    """Other plans of this ground that are not published yet: they were drawn on borders that will be no more."""
    state = Plan.State
    open_ = Plan.objects.filter(state__in=[state.DRAFT, state.SUBMITTED, state.APPROVED, state.REJECTED])
    areas = {*reckoning.communities, *(code[:9] for code in reckoning.communities)}
    mine = open_.filter(area__in={reckoning.plan.area, *areas}).exclude(pk=reckoning.plan.pk)
    return list(mine.select_related("owner").order_by("area", "name"))


def _beyond(reckoning: BorderReckoning) -> list[tuple[str, int]]:
    """Communities of elsewhere that claim ground of this plan."""
    near = to_geos(shapely.box(*shapely.bounds(reckoning.whole)))
    others = Area.objects.standing(reckoning.day).filter(level="community", geometry__bboverlaps=near)
    rows = list(others.exclude(code__startswith=reckoning.plan.area).values_list("name", "geometry"))
    street = plane(np.array([reckoning.whole], dtype=object), reckoning.plan.crs)[0]
    return [(name, round(m2)) for name, shape in rows if (m2 := _common(street, shape, reckoning.plan.crs)) > _NOISE_M2]


def _common(street: shapely.Geometry, shape, crs: int) -> float:
    other = plane(np.array([shapely.from_wkb(bytes(shape.wkb))], dtype=object), crs)[0]
    return float(shapely.area(shapely.intersection(street, other)))
