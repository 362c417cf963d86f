"""What would become of the cells in force: worked out without changing anything, for the report and for the deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely
from django.db import connection

from gis.areas.cell import CellVersion
from gis.areas.covering import scope_over
from gis.exchange.coverage import stretch
from gis.exchange.placing import Ground
from gis.exchange.relinking import Housed, buildings_of, codes_of, house
from gis.exchange.relinking import Standing as Houses
from gis.planning.publishing.drafts import Draft, is_service, name_of, shapes_of
from gis.planning.publishing.lineage import Link, link
from gis.planning.publishing.numbering import codes_ever, number_new
from gis.planning.publishing.standing import Standing, kinds_of, standing

#: Two outlines between which nothing is wider are one, in metres: a corner on a straight edge makes no other cell. What
#: is straight in degrees and what is straight in the plane of a plan lie so far apart on an edge of two kilometres.
SAME_M = 0.1


@dataclass(frozen=True)
class Reckoning:
    """Drafts held against the cells in force. Arrays over drafts unless said otherwise."""

    drafts: tuple[Draft, ...]
    communities: tuple[str, ...]
    day: date
    before: Standing
    shapes: np.ndarray
    codes: np.ndarray  # object: as they would be given out now
    names: np.ndarray  # object
    cells: np.ndarray  # int64: identity of the cell, 0 for a new one
    continues: np.ndarray  # int64: index in `before`, -1 where none in force is continued
    unchanged: np.ndarray  # bool
    outlines: Ground | None = None  # of the communities as they will be, where these change too

    @cached_property
    def begins(self) -> np.ndarray:
        """Indices of the drafts that begin a version."""
        return np.flatnonzero(~self.unchanged)

    @cached_property
    def ends(self) -> np.ndarray:
        """Indices, in `before`, of the versions that end."""
        return np.setdiff1d(np.arange(len(self.before)), self.continues[self.unchanged])

    @cached_property
    def vanished(self) -> np.ndarray:
        """Indices, in `before`, of the cells that no draft continues."""
        return np.setdiff1d(np.arange(len(self.before)), self.continues)

    @cached_property
    def appeared(self) -> np.ndarray:
        """Indices of the drafts that continue no cell in force."""
        return np.flatnonzero(self.continues == -1)

    @cached_property
    def ground(self) -> Ground:
        """The service cells as they would be, to place things in."""
        mine = np.flatnonzero([is_service(draft) for draft in self.drafts])
        mine = mine[np.argsort(self.codes[mine].astype("U15"), kind="stable")] if len(mine) else mine
        open_ended = np.full(len(mine), np.datetime64("NaT", "D"))
        return Ground(self.codes[mine], self.shapes[mine], mine, open_ended, open_ended, self.cells[mine])

    @cached_property
    def houses(self) -> Houses:
        return buildings_of(self.communities)

    @cached_property
    def housed(self) -> Housed:
        """The buildings, each with its cell among `ground`."""
        return house(self.houses, self.ground, self.outlines)

    @cached_property
    def new_codes(self) -> np.ndarray:
        """The code of each building's cell as it would be, the community's where it stands in none."""
        return codes_of(self.housed.found, self.housed.communities, self.ground)

    @cached_property
    def households(self) -> np.ndarray:
        """How many live in each building of `houses`."""
        return self._of_houses(_HOUSEHOLDS)

    @cached_property
    def residents(self) -> np.ndarray:
        return self._of_houses(_RESIDENTS)

    def _of_houses(self, sql: str) -> np.ndarray:
        """A number for each building. Personal rows: in their scope."""
        condition, bounds = scope_over(self.communities).sql("d.area")
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{d}", condition), bounds)
            found = dict(cursor.fetchall())
        return np.array([found.get(key, 0) for key in self.houses.ids.tolist()], dtype=np.int64)

    @cached_property
    def lineage(self) -> list[Link]:
        """`before` is an index in the standing cells, `after` one of a draft."""
        links = []
        for kind in sorted({draft.kind for draft in self.drafts}):
            ends = self.ends[self.before.kinds[self.ends] == kind] if len(self.ends) else self.ends
            begins = np.array([place for place in self.begins if self.drafts[place].kind == kind], dtype=int)
            links += self._links(ends, begins)
        return links

    def _links(self, ends: np.ndarray, begins: np.ndarray) -> list[Link]:
        if not len(ends) or not len(begins):
            return []
        place_before = {code: place for place, code in enumerate(self.before.codes[ends])}
        place_after = {code: place for place, code in enumerate(self.codes[begins])}
        moves = np.zeros((len(ends), len(begins)))
        first = np.array([place_before.get(code, -1) for code in self.houses.areas], dtype=int)
        second = np.array([place_after.get(code, -1) for code in self.new_codes], dtype=int)
        both = (first >= 0) & (second >= 0)
        np.add.at(moves, (first[both], second[both]), self.households[both])
        plane = stretch(np.concatenate([self.before.shapes[ends], self.shapes[begins]]))
        found = link(plane[: len(ends)], plane[len(ends) :], moves)
        return [
            Link(int(ends[one.before]), int(begins[one.after]), one.kind, one.share_area, one.share_households)
            for one in found
        ]


def reckon(drafts: Sequence[Draft], communities: Sequence[str], day: date, outlines: Ground | None = None) -> Reckoning:
    """Hold drafts against the cells in force on a day. What is wrong with them is for `faults` to say."""
    before, shapes = standing(communities, day, kinds_of(drafts)), shapes_of(drafts)
    taken = codes_ever(communities)
    place = {code: index for index, code in enumerate(before.codes)}
    continues = np.array([place.get(draft.code, -1) for draft in drafts], dtype=np.int64)
    codes = np.array([draft.code for draft in drafts], dtype=object)
    new = np.flatnonzero([not draft.code and not shape.is_empty for draft, shape in zip(drafts, shapes, strict=True)])
    for index, code in number_new(drafts, shapes, new, taken).items():
        codes[index] = code
    names = np.array([name_of(draft, code) for draft, code in zip(drafts, codes, strict=True)], dtype=object)
    cells = np.where(continues >= 0, before.cells[np.maximum(continues, 0)] if len(before) else 0, 0)
    cells = np.where((continues < 0) & (codes != ""), _earlier_cells(codes, taken), cells).astype(np.int64)
    return Reckoning(
        tuple(drafts), tuple(sorted(communities)), day, before, shapes, codes, names, cells, continues,
        _unchanged(before, shapes, names, continues), outlines,
    )  # fmt: skip


def _earlier_cells(codes: np.ndarray, taken: set[str]) -> np.ndarray:
    """The cell that held each code before and comes back now, 0 for a code that is new."""
    wanted = [code for code in codes if code in taken]
    held = CellVersion.objects.filter(code__in=wanted).order_by("pk").values_list("code", "cell_id")
    known = dict(held)  # the latest holder
    return np.array([known.get(code, 0) for code in codes], dtype=np.int64)


def _unchanged(before: Standing, shapes: np.ndarray, names: np.ndarray, continues: np.ndarray) -> np.ndarray:
    """Whether a draft is the cell it continues, outline and name."""
    same = np.zeros(len(shapes), dtype=bool)
    mine = np.flatnonzero(continues >= 0)
    if not len(mine):
        return same
    plane = stretch(np.concatenate([shapes[mine], before.shapes[continues[mine]]]))
    same[mine] = _alike(plane[: len(mine)], plane[len(mine) :]) & (names[mine] == before.names[continues[mine]])
    return same


def _alike(now: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Whether no ground wider than `SAME_M` lies in one of two outlines (metres) only.

    Two communities that do not quite meet leave a needle between them, metres long and a millimetre wide: it counts for
    either of two cells, so the distance of the outlines alone would call an untouched cell another.
    """
    alike = ~shapely.is_empty(now)
    alike[alike] = shapely.hausdorff_distance(now[alike], then[alike]) <= SAME_M
    most = SAME_M * (shapely.length(now) + shapely.length(then))
    near = ~shapely.is_empty(now) & ~alike & (np.abs(shapely.area(now) - shapely.area(then)) <= most)
    other = shapely.symmetric_difference(now[near], then[near])
    alike[near] = shapely.is_empty(shapely.buffer(other, -SAME_M / 2, quad_segs=1))
    return alike


_HOUSEHOLDS = """
SELECT d.building_id, count(*) FROM grid_dwelling d JOIN grid_household h ON h.dwelling_id = d.id WHERE {d} GROUP BY 1
"""
_RESIDENTS = """
SELECT d.building_id, count(*) FROM grid_dwelling d
JOIN grid_residence s ON s.dwelling_id = d.id AND s.kind = 'living' AND s.ends IS NULL WHERE {d} GROUP BY 1
"""
