"""What a workspace is told of a drawing: all of it packed once, and after that only what a step has changed."""

from dataclasses import asdict

import numpy as np
import shapely

from gis import crs
from gis.areas.plans.drawing import Change, Drawing, edges_of
from gis.areas.plans.measuring import measures, rows_of_cells
from gis.models import Plan
from gis.planning.ground_of import LOADS
from layers.packing import packed

#: How far an outline drawn on the screen may lie from the true one, metres.
_FINE_M = 0.3


def packed_tiles(plan: Plan, drawing: Drawing) -> bytes:
    """Every tile: outlines as rings of x, y in metres of the drawing CRS from `origin`, and what it carries.

    Rings belong to tiles by `ring_tile` (row); ring k has the points from `ring_start[k]` to `ring_start[k + 1]`.
    Borders between tiles are rows `first`, `second` with metres `length` and what lies `between`.
    """
    rings, tile, origin = _rings(drawing.shapes, plan.crs)
    sizes = np.array([len(ring) for ring in rings], dtype=np.uint32)
    xy = np.concatenate(rings) - origin if rings else np.empty((0, 2))
    arrays = {
        "ids": drawing.ids.astype(np.uint32),
        "cell": drawing.cell.astype(np.uint32),
        "compound": drawing.compound.astype(np.uint32),
        "community": np.unique(drawing.community.astype(str), return_inverse=True)[1].astype(np.uint32),
        "households": drawing.load({"households": 1.0}).astype(np.float32),
        "ring_tile": tile.astype(np.uint32),
        "ring_start": np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32),
        "xy": np.round(xy.ravel(), 2).astype(np.float32),
        "first": drawing.ground.first.astype(np.uint32),
        "second": drawing.ground.second.astype(np.uint32),
        "length": drawing.ground.length.astype(np.float32),
        "between": drawing.ground.between.astype(np.uint8),
    }
    head = {
        "revision": plan.revision,
        "origin": origin.tolist(),
        "communities": np.unique(drawing.community.astype(str)).tolist(),
    }
    return packed(head, arrays)


def state(plan: Plan, drawing: Drawing) -> dict:
    """The cells and their figures, and where the plan stands."""
    return standing(plan) | {
        "loads": list(LOADS),
        "cells": {number: asdict(cell) for number, cell in drawing.cells.items()},
        "figures": measures(drawing, plan.measure, plan.target).rows(),
    }


def standing(plan: Plan) -> dict:
    return {
        "revision": plan.revision,
        "state": plan.state,
        "target": plan.target,
        "tolerance": plan.tolerance,
        "weights": plan.measure,
        "undo": len(plan.done),
        "redo": len(plan.undone),
    }


def delta(plan: Plan, before: Drawing, after: Drawing, changes: list[Change], *, every: bool = False) -> dict:
    """What is other in `after`: tiles and cells that changed, and the figures of every cell these touch, or of all."""
    gone, come = _gone_and_come(before, after, changes)
    named = _named(changes)
    kept = named[_there(before, named) & _there(after, named)]
    here, there = before.cell[before.rows(kept)], after.cell[after.rows(kept)]
    moved = here != there
    touched = set(here[moved].tolist()) | set(there[moved].tolist())
    touched |= set(before.cell[before.rows(gone)].tolist()) | set(after.cell[after.rows(come)].tolist())
    left, joined = _rehomed(before, after)
    touched |= set(before.cell[before.rows(left)].tolist()) | set(after.cell[after.rows(joined)].tolist())
    renamed = {number for one in changes for number in (*one.cells_before, *one.cells_after)}
    aim = plan.measure, plan.target
    return {
        "tiles": kept[moved].tolist(),
        "cell": there[moved].tolist(),
        "cells": {number: asdict(after.cells[number]) if number in after.cells else None for number in renamed},
        "figures": measures(after, *aim).rows() if every else rows_of_cells(after, *aim, touched | renamed),
        "gone": gone.tolist(),
        "come": _told(plan, after, come),
        "between": _parting(after, come),
        "households": _households(after, np.append(left, joined), come),
    }


def _rehomed(before: Drawing, after: Drawing) -> tuple[np.ndarray, np.ndarray]:
    """Ids of the tiles that buildings counted on and no longer do, and of those they count on now.

    A building cut in three may go from cell to cell by the paint on a tile that is not its own.
    """
    other = (before.home != after.home) & (before.home >= 0) & (after.home >= 0)
    return np.unique(before.home[other]), np.unique(after.home[other])


def _households(drawing: Drawing, ids: np.ndarray, told: np.ndarray) -> list[list]:
    """Of those of these tiles that are there and not told anyway: id and households."""
    ids = np.setdiff1d(ids, told)
    ids = ids[_there(drawing, ids)]
    if not len(ids):
        return []
    found = drawing.load({"households": 1.0})[drawing.rows(ids)]
    return [[one, count] for one, count in zip(ids.tolist(), found.tolist(), strict=True)]


def _named(changes: list[Change]) -> np.ndarray:
    """Ids of all tiles that changes speak of, in order: nothing else can be other than before."""
    pieces = [part.ids for one in changes for part in (one.gone, one.come) if part is not None]
    some = [*(one.tiles for one in changes), *pieces]
    return np.unique(np.concatenate(some)) if some else np.empty(0, dtype=np.int64)


def _there(drawing: Drawing, ids: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(drawing.ids, ids), len(drawing) - 1)
    return drawing.ids[place] == ids if len(drawing) else np.zeros(len(ids), dtype=bool)


def _gone_and_come(before: Drawing, after: Drawing, changes: list[Change]) -> tuple[np.ndarray, np.ndarray]:
    """Ids of tiles that are no longer what they were. A tile with another outline keeps its id: it is in both."""
    pieces = [part.ids for one in changes for part in (one.gone, one.come) if part is not None]
    touched = np.unique(np.concatenate(pieces)) if pieces else np.empty(0, dtype=np.int64)
    return touched[_there(before, touched)], touched[_there(after, touched)]


def _told(plan: Plan, drawing: Drawing, ids: np.ndarray) -> list[dict]:
    """New tiles, each with its rings in metres of the drawing CRS."""
    if not len(ids):
        return []
    rows = drawing.rows(ids)
    rings, tile = _rings_among(drawing, rows, plan.crs)
    households = drawing.load({"households": 1.0})[rows]
    told = [
        {
            "id": int(drawing.ids[row]),
            "cell": int(drawing.cell[row]),
            "community": drawing.community[row],
            "compound": int(drawing.compound[row]),
            "households": float(households[place]),
            "rings": [],
        }
        for place, row in enumerate(rows)
    ]
    for ring, place in zip(rings, tile.tolist(), strict=True):
        told[place]["rings"].append(np.round(ring, 2).tolist())
    return told


def _rings_among(drawing: Drawing, rows: np.ndarray, system: int) -> tuple[list[np.ndarray], np.ndarray]:
    """The rings of some tiles as they are among all, and the place of each one's tile in `rows`.

    A border is made simpler between the points where three tiles meet: the tiles around have to be there for that.
    """
    _, near = shapely.STRtree(drawing.shapes).query(drawing.shapes[rows], predicate="intersects")
    near = np.unique(near)
    rings, tile, _origin = _rings(drawing.shapes[near], system)
    place = np.full(len(drawing), -1)
    place[rows] = np.arange(len(rows))
    kept = place[near[tile]]
    return [ring for ring, at in zip(rings, kept, strict=True) if at >= 0], kept[kept >= 0]


def _parting(drawing: Drawing, ids: np.ndarray) -> list[list[int]]:
    """Borders of tiles on which something lies: pairs of ids and what it is."""
    if not len(ids):
        return []
    edges = edges_of(drawing, drawing.rows(ids))
    at = edges.between > 0
    return np.column_stack([edges.first[at], edges.second[at], edges.between[at]]).tolist()


def _rings(shapes: np.ndarray, system: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Rings in the drawing CRS, the row of the shape each belongs to, and a place near them."""
    thin = shapely.coverage_simplify(shapes, _FINE_M, simplify_boundary=False) if len(shapes) > 1 else shapes
    polygons, row = shapely.get_parts(thin, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy = crs.move(xy, system, crs.DRAW)
    cuts = np.flatnonzero(np.diff(ring)) + 1
    origin = np.round(xy.mean(axis=0)) if len(xy) else np.zeros(2)
    return (np.split(xy, cuts) if len(xy) else []), row[polygon], origin
