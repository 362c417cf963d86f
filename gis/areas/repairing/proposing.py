"""What could be done about each fault. A proposal is never an act: `applying.apply` does what a person chose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely

from gis.areas.repairing.fault import Fault, Kind, Limits
from gis.areas.repairing.finding import TOUCH_M

#: Lengths of border that differ by less than this share are as good as equal: then the shares of area decide. Of a gap
#: the two sides are seldom that alike; of an overlap they always nearly are. (Hand repair of Denver's precincts.)
_CLOSE = 0.1
#: The sides of an overlap no wider than this differ by how they wiggle, and by the digits they were saved with.
_THIN, _THIN_M = 0.35, 0.1
_AS_GOOD = 1e-4
#: Nor does what is shorter than this decide, metres: nobody drew a border to the centimetre, and a file that was saved
#: with another number of digits must get the same proposals.
_NOISE_M = 0.005
#: Shares of area that differ by less than this are equal: then the order in the file decides.
_SAME_SHARE = 0.01
#: A border this near lies on the other one, metres: more than saving coordinates to the millimetre moves them, less
#: than the narrowest fault is wide.
_NEAR_M = 2e-3
#: Nobody is proposed to lose more than this share of its ground.
_MOST_LOST = 0.5


class Act(StrEnum):
    LEAVE = "leave"  # nothing is done
    MEND = "mend"  # the ring is put right
    DROP = "drop"  # the later one of two goes
    GIVE = "give"  # the ground goes to one shape, and to no other
    CLIP = "clip"  # the ground is taken from all
    MATCH = "match"  # both borders get the same vertices


@dataclass(frozen=True)
class Taker:
    """A shape that could have the ground of a fault."""

    row: int
    border: float  # metres of border with the rest of it
    share: float  # what the ground would be of its area, 0 to 1


@dataclass(frozen=True)
class Proposal:
    fault: Fault
    act: Act
    to: int | None = None
    takers: tuple[Taker, ...] = ()  # whom else it could be given, the best first

    def given(self, row: int) -> "Proposal":
        """The same ground for another shape."""
        return replace(self, act=Act.GIVE, to=row)

    def left(self) -> "Proposal":
        return replace(self, act=Act.LEAVE, to=None)


def proposals(shapes: np.ndarray, found: Sequence[Fault], limits: Limits | None = None) -> list[Proposal]:
    """One proposal for every fault, in their order."""
    limits = limits or Limits()
    shapes = np.asarray(shapes, dtype=object)
    valid = shapely.is_valid(shapes)
    tree = shapely.STRtree(np.where(valid, shapes, None))
    return [_proposal(shapes, valid, tree, fault, limits) for fault in found]


def _proposal(shapes: np.ndarray, valid: np.ndarray, tree: shapely.STRtree, fault: Fault, limits: Limits) -> Proposal:
    match fault.kind:
        case Kind.RING:
            sure = fault.area <= 0.01 * max(float(shapely.area(fault.region)), 1e-9)
            return Proposal(fault, Act.MEND if sure else Act.LEAVE)
        case Kind.DUPLICATE:
            return Proposal(fault, Act.DROP)
        case Kind.OUTSIDE:
            return Proposal(fault, Act.CLIP)
        case Kind.EDGE:
            return Proposal(fault, Act.MATCH)
    rows = np.array(fault.shapes, dtype=int)
    if fault.kind == Kind.SLIVER:
        near = tree.query(fault.region, predicate="dwithin", distance=TOUCH_M)
        rows = np.setdiff1d(near, rows)
    takers = best_takers(shapes, rows[valid[rows]], fault)
    unsure = not takers or (fault.kind in (Kind.GAP, Kind.HOLE) and fault.width > limits.wide)
    return Proposal(fault, Act.LEAVE if unsure else Act.GIVE, None if unsure else takers[0].row, takers)


def best_takers(shapes: np.ndarray, rows: np.ndarray, fault: Fault) -> tuple[Taker, ...]:
    """Who could have the ground, the best first: the longest border; where two are alike, whom it changes least."""
    if not len(rows):
        return ()
    overlap = fault.kind == Kind.OVERLAP
    mine = shapely.difference(shapes[rows], fault.region) if overlap else shapes[rows]
    size = shapely.area(shapes[rows])
    border = _common(mine, fault.region)
    share = np.divide(fault.area, size, out=np.zeros(len(rows)), where=size > 0)
    takers = [Taker(int(r), float(b), float(s)) for r, b, s in zip(rows, border, share, strict=True)]
    return tuple(_ranked(takers, overlap, _close(fault)))


def _close(fault: Fault) -> float:
    if fault.kind != Kind.OVERLAP:
        return _AS_GOOD
    return _THIN if fault.width < _THIN_M else _CLOSE


def _ranked(takers: list[Taker], overlap: bool, close: float) -> list[Taker]:
    """The best first. No comparison hangs on the last digits: what is alike is taken for equal, and the rows decide."""
    best = max(taker.border for taker in takers)
    enough = best - max(close * best, _NOISE_M)
    # who would all but vanish without its overlap keeps it; elsewhere the longest border draws the plainest line
    sides = [taker for taker in takers if overlap and taker.share > _MOST_LOST]
    alike = [taker for taker in takers if taker not in sides and taker.border >= enough]
    rest = [taker for taker in takers if taker not in sides and taker.border < enough]
    rest.sort(key=lambda taker: (-round(taker.border, 1), taker.row))
    # of an overlap the others give up: the large rather
    return [*_by_share(sides, largest=overlap), *_by_share(alike, largest=overlap), *rest]


def _by_share(takers: list[Taker], *, largest: bool) -> list[Taker]:
    """One after the other: of those whose share is all but the best, the first row."""
    left, found = list(takers), []
    while left:
        best = max(left, key=lambda one: one.share) if largest else min(left, key=lambda one: one.share)
        equal = [one for one in left if abs(one.share - best.share) <= _SAME_SHARE * max(one.share, best.share)]
        found.append(min(equal, key=lambda one: one.row))
        left.remove(found[-1])
    return found


def _common(shapes: np.ndarray, region: shapely.Geometry) -> np.ndarray:
    """Metres of the region's border that lie on each shape, near misses of a hair included."""
    edge = shapely.boundary(region)
    near = shapely.buffer(shapes, _NEAR_M, quad_segs=1) if len(shapes) < 2 else _nearby(shapes, region)
    return shapely.length(shapely.intersection(edge, near))


def _nearby(shapes: np.ndarray, region: shapely.Geometry) -> np.ndarray:
    """What of each shape is around a region, a hair wider: a whole shape would be slow to widen."""
    west, south, east, north = shapely.bounds(region)
    west, south, east, north = west - 1, south - 1, east + 1, north + 1
    return shapely.buffer(shapely.clip_by_rect(shapes, west, south, east, north), _NEAR_M, quad_segs=1)
