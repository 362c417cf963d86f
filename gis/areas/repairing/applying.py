"""Doing what was chosen, and nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.repairing.edging import combined
from gis.areas.repairing.fault import Fault, Hair, Kind, Limits
from gis.areas.repairing.finding import TOUCH_M, beyond, edges
from gis.areas.repairing.knitting import knit, polygonal
from gis.areas.repairing.proposing import Act, Proposal, best_takers
from gis.geometry import repair

_ROUNDS = 4


@dataclass(frozen=True)
class Applied:
    shapes: np.ndarray  # row by row; None where a shape went; the same object where it was not touched
    undone: list[Proposal]  # chosen, but not possible as things stand: an outline that crosses itself was left so


def apply(
    shapes: np.ndarray,
    chosen: Sequence[Proposal],
    outline: shapely.Geometry | None = None,
    limits: Limits | None = None,
) -> Applied:
    """The shapes (metres) after the chosen proposals. Those to leave things as they are do nothing."""
    limits = limits or Limits()
    out = np.asarray(shapes, dtype=object).copy()
    chosen = [one for one in chosen if one.act != Act.LEAVE]
    for one in chosen:
        if one.act == Act.MEND:
            (row,) = one.fault.shapes
            mended = repair(out[[row]]).shapes[0]
            out[row] = out[row] if mended is None else polygonal(mended)
    acts = [one for one in chosen if one.act in (Act.GIVE, Act.CLIP, Act.MATCH)]
    undone = [one for one in acts if not _sound(out, one)]
    acts = [one for one in acts if _sound(out, one)]
    gone = [one.fault.shapes[-1] for one in chosen if one.act == Act.DROP]
    out[gone] = None
    if acts:
        _reshape(out, acts, outline, limits)
    return Applied(_same_where_equal(np.asarray(shapes, dtype=object), out), undone)


def _sound(shapes: np.ndarray, one: Proposal) -> bool:
    rows = {*one.fault.shapes, *([] if one.to is None else [one.to])}
    return bool(shapely.is_valid(shapes[sorted(rows)]).all())


@dataclass(frozen=True)
class _Move:
    """Ground that some shapes lose and one gets, or none."""

    region: shapely.Geometry
    losers: tuple[int, ...]
    to: int | None


def _reshape(shapes: np.ndarray, acts: Sequence[Proposal], outline: shapely.Geometry | None, limits: Limits) -> None:
    """Move the ground of faults, then match what does not fit yet around them, in place."""
    places = np.array([one.fault.region for one in acts], dtype=object)
    rows = _concerned(shapes, places, limits)
    fixed = [] if outline is None else [beyond(outline, shapes[rows])]
    _move(shapes, rows, [move for one in acts for move in _moves(shapes, one)], fixed)
    _match(shapes, rows, fixed, places, limits, first=True)
    for _ in range(_ROUNDS):
        left = _left(shapes, rows, outline, places, limits)
        if not left:
            break
        _move(shapes, rows, [_of_hair(shapes, fault, hair) for fault in left for hair in fault.hairs], fixed)
        _match(shapes, rows, fixed, places, limits)


def _left(
    shapes: np.ndarray, rows: np.ndarray, outline: shapely.Geometry | None, places: np.ndarray, limits: Limits
) -> list[Fault]:
    """What does not fit yet in the places chosen."""
    near = np.full(len(shapes), None, dtype=object)
    near[rows] = shapes[rows]
    found = edges(near, outline, limits)
    regions = np.array([fault.region for fault in found], dtype=object)
    at = shapely.STRtree(places).query(regions, predicate="dwithin", distance=2 * limits.match)[0]
    return [found[number] for number in np.unique(at)]


def _moves(shapes: np.ndarray, one: Proposal) -> list[_Move]:
    fault = one.fault
    if one.act == Act.MATCH:
        return [_of_hair(shapes, fault, hair) for hair in fault.hairs]
    losing = fault.kind in (Kind.OVERLAP, Kind.OUTSIDE, Kind.SLIVER)
    losers = tuple(row for row in fault.shapes if losing and row != one.to)
    return [_Move(fault.region, losers, None if one.to in fault.shapes and losing else one.to)]


def _of_hair(shapes: np.ndarray, fault: Fault, hair: Hair) -> _Move:
    """Ground of a hair's breadth goes to whoever has the longest border with it; what lies outside, to nobody."""
    if hair.outside:
        return _Move(hair.region, hair.claims, None)
    rows = np.array(hair.claims or fault.shapes)
    kind = Kind.OVERLAP if hair.claims else Kind.GAP
    takers = best_takers(shapes, rows, Fault(kind, float(shapely.area(hair.region)), 0.0, hair.claims, hair.region))
    to = takers[0].row
    return _Move(hair.region, tuple(row for row in hair.claims if row != to), None if hair.claims else to)


def _concerned(shapes: np.ndarray, regions: np.ndarray, limits: Limits) -> np.ndarray:
    """The rows of the shapes that come near a fault: they may get a vertex of it."""
    usable = np.where(shapely.is_valid(shapes) & ~shapely.is_missing(shapes), shapes, None)
    found = shapely.STRtree(usable).query(regions, predicate="dwithin", distance=2 * limits.match)
    return np.unique(found[1])


def _move(shapes: np.ndarray, rows: np.ndarray, moves: Sequence[_Move], fixed: list) -> None:
    """Give and take the ground, over borders that were given all vertices of it before."""
    if not moves:
        return
    regions = [move.region for move in moves]
    every = np.array([*shapes[rows], *regions, *fixed], dtype=object)
    held = np.arange(len(every)) >= len(rows) + len(regions)
    places = shapely.boundary(np.array(regions, dtype=object))
    knitted = knit(every, held, places, TOUCH_M)
    shapes[rows] = knitted[: len(rows)]
    won, lost = defaultdict(list), defaultdict(list)
    for move, region in zip(moves, knitted[len(rows) :], strict=False):
        for row in move.losers:
            lost[row].append(region)
        if move.to is not None:
            won[move.to].append(region)
    for row in won.keys() | lost.keys():
        shapes[row] = _or_none(combined(shapes[row], won[row], lost[row]))


def _or_none(shape: shapely.Geometry) -> shapely.Geometry | None:
    shape = polygonal(shape)
    return None if shapely.is_empty(shape) else shape


def _match(
    shapes: np.ndarray, rows: np.ndarray, fixed: list, places: np.ndarray, limits: Limits, first: bool = False
) -> None:
    """Give borders the same vertices in the places chosen, where they do not fit yet; at first near misses too."""
    rows = rows[~shapely.is_missing(shapes[rows])]
    every = np.array([*shapes[rows], *fixed], dtype=object)
    held = np.arange(len(every)) >= len(rows)
    lines = shapely.get_parts(
        shapely.coverage_invalid_edges(every if first else shapes[rows], gap_width=limits.match * first)
    )
    around = shapely.buffer(places, 2 * limits.match)
    line, place = shapely.STRtree(around).query(lines, predicate="intersects")
    near = shapely.intersection(lines[line], around[place])
    shapes[rows] = knit(every, held, near[shapely.length(near) > 0], limits.match)[: len(rows)]


def _same_where_equal(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The shapes as they came wherever nothing but the order of vertices changed."""
    out = after.copy()
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        if new is not old and shapely.equals_identical(shapely.normalize(new), shapely.normalize(old)):
            out[row] = old
    return out
