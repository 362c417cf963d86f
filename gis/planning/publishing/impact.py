"""What a publication would do, before anything is done: the report an approver decides on.

Figures of people follow the planners' rule: households exactly, a building with one to four people counts as three, so
that no difference tells of few. Nobody's name but workers' stands in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from gis.accounts.postings import Posting
from gis.accounts.scope import applied
from gis.accounts.token import Token
from gis.areas.covering import scope_over
from gis.exchange.placing import Ground
from gis.exchange.relinking import cells_of_points, codes_of, communities_at, points_of
from gis.incidents.incident import Incident
from gis.incidents.routing.rule import RoutingRule
from gis.incidents.webhooks.webhook import Webhook
from gis.planning.publishing.cases import Transfer, transfers
from gis.planning.publishing.drafts import Draft
from gis.planning.publishing.faults import Fault, faults
from gis.planning.publishing.heirs import Heir, heirs, main_heirs
from gis.planning.publishing.lineage import Link
from gis.planning.publishing.reckoning import Reckoning, reckon
from gis.planning.publishing.workers import Handover, handovers, postings_at

#: What one to four people count as.
_FEW = 3


@dataclass(frozen=True)
class Moved:
    """What goes from one cell to another: codes as they would be, "" for ground without a cell."""

    before: str
    after: str
    buildings: int = 0
    households: int = 0
    residents: int = 0
    cases: int = 0


@dataclass(frozen=True)
class Change:
    """One cell, before and after. `kind`: stays, goes_on, appears, returns (under its code of earlier) or vanishes."""

    kind: str
    code: str
    name: str
    number: int = 0  # of the draft, 0 for one that vanishes
    was: str = ""  # its name before
    households: int = 0  # after; before, for one that vanishes


@dataclass(frozen=True)
class Impact:
    """`reckoning` holds the drafts and what they would become."""

    reckoning: Reckoning
    faults: list[Fault]
    changes: list[Change] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    lineage: list[Link] = field(default_factory=list)
    heirs: dict[str, list[Heir]] = field(default_factory=dict)
    handovers: list[Handover] = field(default_factory=list)
    redrawn: list[Posting] = field(default_factory=list)  # whose cell goes on with another outline
    workers: list[Posting] = field(default_factory=list)  # everybody who may be given a cell
    transfers: list[Transfer] = field(default_factory=list)  # open cases that would have another team
    rules: int = 0
    tokens: int = 0
    webhooks: int = 0

    def total(self, name: str) -> int:
        return sum(getattr(one, name) for one in self.moved)

    def of_kind(self, kind: str) -> list[Change]:
        return [one for one in self.changes if one.kind == kind]


def impact(drafts: Sequence[Draft], communities: Sequence[str], day: date, *, outlines: Ground | None = None) -> Impact:
    """Work out what publishing these drafts today would do. Changes nothing. `outlines`: as for a publication."""
    with applied(scope_over(communities)):
        reckoning = reckon(drafts, communities, day, outlines)
        found = faults(reckoning)
        if any(fault.kind in ("empty", "crossed", "community") for fault in found):
            return Impact(reckoning, found)
        return _worked_out(reckoning, found)


def _worked_out(reckoning: Reckoning, found: list[Fault]) -> Impact:
    after, day = heirs(reckoning), reckoning.day
    changed = {str(reckoning.before.codes[place]) for place in reckoning.ends} - after.keys()
    gone = list(after)
    return Impact(
        reckoning,
        found,
        changes=_changes(reckoning),
        moved=_moved(reckoning),
        lineage=reckoning.lineage,
        heirs=after,
        handovers=handovers(after, day),
        redrawn=list(postings_at(sorted(changed), day)),
        workers=_workers(reckoning),
        transfers=transfers(reckoning.communities, main_heirs(after), changed, keep=False),
        rules=RoutingRule.objects.filter(area__in=gone).values("key").distinct().count(),
        tokens=Token.objects.filter(area__in=gone, revoked_at=None).count(),
        webhooks=Webhook.objects.filter(area__in=gone, is_active=True).count(),
    )


def _workers(reckoning: Reckoning) -> list[Posting]:
    held = Posting.objects.on(reckoning.day).filter(
        scope_over(reckoning.communities).q("area"), area__regex=r"^\d{15}$"
    )
    return list(held.select_related("user").order_by("area", "user__name"))


def _changes(reckoning: Reckoning) -> list[Change]:
    homes = reckoning.households
    after = _sums(reckoning.new_codes, homes)
    before = _sums(reckoning.houses.areas, homes)
    rows = []
    for place, (draft, code) in enumerate(zip(reckoning.drafts, reckoning.codes, strict=True)):
        at = int(reckoning.continues[place])
        kind = _kind(reckoning, place)
        was = str(reckoning.before.names[at]) if at >= 0 else ""
        rows.append(Change(kind, str(code), str(reckoning.names[place]), draft.number, was, after.get(code, 0)))
    for place in reckoning.vanished:
        code = str(reckoning.before.codes[place])
        rows.append(Change("vanishes", code, "", 0, str(reckoning.before.names[place]), before.get(code, 0)))
    return sorted(rows, key=lambda one: one.code)


def _kind(reckoning: Reckoning, place: int) -> str:
    if reckoning.unchanged[place]:
        return "stays"
    if reckoning.continues[place] >= 0:
        return "goes_on"
    return "returns" if reckoning.cells[place] else "appears"


def _sums(codes: np.ndarray, numbers: np.ndarray) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, number in zip(codes, numbers, strict=True):
        found[code] = found.get(code, 0) + int(number)
    return found


def _moved(reckoning: Reckoning) -> list[Moved]:
    """What changes its cell, by pair of cells, most households first."""
    sums: dict[tuple[str, str], np.ndarray] = {}
    people = reckoning.residents
    people = np.where((people > 0) & (people < 5), _FEW, people)
    rows = np.column_stack([np.ones(len(people), dtype=int), reckoning.households, people])
    for before, after, row in zip(reckoning.houses.areas, reckoning.new_codes, rows, strict=True):
        if before != after:
            sums.setdefault((before, after), np.zeros(4, dtype=int))[:3] += row
    for before, after in _moving_cases(reckoning):
        sums.setdefault((before, after), np.zeros(4, dtype=int))[3] += 1
    moved = [Moved(_cell(before), _cell(after), *map(int, row)) for (before, after), row in sums.items()]
    return sorted(moved, key=lambda one: (-one.households, -one.buildings, one.before, one.after))


def _cell(code: str) -> str:
    return code if len(code) == 15 else ""


def _moving_cases(reckoning: Reckoning) -> list[tuple[str, str]]:
    """Cell of now and cell to be of the open cases that change theirs."""
    _ids, areas, xy = points_of(Incident, scope_over(reckoning.communities), open_only=True)
    if not len(areas):
        return []
    own = communities_at(xy, areas, reckoning.outlines)
    after = codes_of(cells_of_points(xy, own, reckoning.ground), own, reckoning.ground)
    moves = areas != after
    return list(zip(areas[moves], after[moves], strict=True))
