"""Cutting tiles along lines: the pieces inherit everything, what stands on a tile goes to the piece it stands on."""

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis.areas.holding import most_held
from gis.areas.plans.borders import Borders, borders, sums
from gis.areas.plans.drawing import Change, Drawing, Edges, Pieces, pieces_of
from gis.areas.plans.ground import Between
from gis.areas.plans.noding import Noded, neighbours, node
from gis.areas.plans.standing import Parts, parts_on
from gis.areas.plans.tiles import dissolve, settled, which
from gis.errors import BadGeometry

#: A piece of less ground joins the piece beside it, m², unless something stands on it; so does a narrower one, metres.
SLIVER_M2 = 1.0
SLIVER_M = 0.2
#: More corners than a hand draws.
_MOST_CORNERS = 20_000
#: More than any plan has tiles.
_MOST_IDS = 1 << 40
#: Lines are cut off so far outside the drawing, metres.
_MARGIN_M = 10.0


def recut(
    drawing: Drawing,
    lines: np.ndarray,
    first_id: int,
    between: Between = Between.NOTHING,
    may: np.ndarray | None = None,
) -> Change:
    """Cut tiles exactly along lines (LineStrings, metres); an end that parts nothing has no effect.

    The pieces get ids from `first_id` on, which must be above every id the plan has ever used; a tile that only got a
    corner on its border keeps its id and is among those gone and come all the same. Pieces have their tile's community,
    compound and cell, and its borders what lay between it and its neighbours. What lies between two pieces of one tile
    is `between`. Slivers join the piece of their tile they border on longest. `may`: a mask of the tiles that may be
    cut; others get no more than a corner on their border.
    """
    lines = clean(drawing, lines)
    if not len(lines):
        return Change()
    noded = node(drawing, lines)
    if not len(noded.faces):
        return Change()
    name = _names(drawing, noded, may)
    parent, shapes = _grouped(noded, name)
    changed = _changed(drawing, parent, shapes)
    parent, shapes = parent[changed], shapes[changed]
    if not len(parent):
        return Change()
    ids = _ids(drawing, parent, first_id)
    gone = np.unique(parent)
    edges = _edges(drawing, parent, shapes, ids, gone, between)
    inherited = (drawing.community[parent], drawing.compound[parent], drawing.cell[parent])
    held = _held(drawing, gone, ids, shapes, parent)
    come = Pieces(ids, shapes, *inherited, edges, _parted(drawing, gone, held))
    return Change(gone=pieces_of(drawing, gone), come=come, **_homes(drawing, gone, come, parent, held))


def clean(drawing: Drawing, lines: np.ndarray) -> np.ndarray:
    """The parts of lines near the drawing, as LineStrings. Raises BadGeometry for what is no line."""
    lines = np.atleast_1d(np.asarray(lines, dtype=object)).ravel()
    xy = shapely.get_coordinates(lines)
    if not np.isfinite(xy).all():
        raise BadGeometry(_("线的坐标有误。"), fix=_("请重新画线。"))
    if len(xy) > _MOST_CORNERS:
        raise BadGeometry(_("线的折点太多。"), fix=_("请分几次画。"))
    if not len(drawing) or not len(xy):
        return np.empty(0, dtype=object)
    near = shapely.buffer(shapely.box(*shapely.total_bounds(drawing.shapes)), _MARGIN_M, join_style="mitre")
    parts = shapely.get_parts(shapely.get_parts(shapely.intersection(lines, near)))
    return parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0)]


def _names(drawing: Drawing, noded: Noded, may: np.ndarray | None) -> np.ndarray:
    """A name for every face; the faces of a piece have the same one."""
    name = np.arange(len(noded.faces))
    parents, place, faces = np.unique(noded.parent, return_inverse=True, return_counts=True)
    whole = faces == shapely.get_num_geometries(drawing.shapes[parents])
    whole |= False if may is None else ~may[parents]
    first = np.full(len(parents), len(name))
    np.minimum.at(first, place, name)
    name = np.where(whole[place], first[place], name)
    sliver = ~whole[place] & _slivers(drawing, noded, place)
    if not sliver.any():
        return name
    found = borders(noded.faces)
    own = noded.parent[found.first] == noded.parent[found.second]
    one, other, shared = sums(found.first[own], found.second[own], found.length[own])
    return settled(np.where(sliver, -1, name), one, other, shared)


def _slivers(drawing: Drawing, noded: Noded, place: np.ndarray) -> np.ndarray:
    """A mask of faces too small or narrow to be pieces: never the largest of a tile, nor one on which things stand."""
    area = shapely.area(noded.faces)
    sliver = (area < SLIVER_M2) | shapely.is_empty(shapely.buffer(noded.faces, -SLIVER_M / 2, quad_segs=1))
    best = np.lexsort([area, place])
    sliver[best[np.append(place[best][1:] != place[best][:-1], True)]] = False
    rows = np.flatnonzero(sliver)
    if len(rows):
        things = shapely.points(drawing.things.xy[_on(drawing, noded.rows)])
        sliver[rows[np.unique(shapely.STRtree(noded.faces[rows]).query(things, predicate="intersects")[1])]] = False
    return sliver


def _grouped(noded: Noded, name: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tile of each piece, and its shape."""
    _, first, group = np.unique(name, return_index=True, return_inverse=True)
    return noded.parent[first], dissolve(noded.faces, group)


def _changed(drawing: Drawing, parent: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """A mask of the pieces that are not simply a tile as it was."""
    old = shapely.normalize(drawing.shapes[parent])
    return ~shapely.equals_exact(old, shapely.normalize(shapes), tolerance=0.0)


def _ids(drawing: Drawing, parent: np.ndarray, first_id: int) -> np.ndarray:
    _, place, pieces = np.unique(parent, return_inverse=True, return_counts=True)
    cut = pieces[place] > 1
    ids = drawing.ids[parent]
    ids[cut] = first_id + np.arange(cut.sum())
    return ids


def _edges(drawing, parent, shapes, ids, gone, between: Between) -> Edges:
    """All borders of pieces."""
    beyond = neighbours(drawing, gone)
    found = borders(np.concatenate([shapes, drawing.shapes[beyond]]))
    found = _touching(found, len(shapes))
    one, other, length = sums(found.first, found.second, found.length)
    tile = np.append(parent, beyond)
    kind = _inherited(drawing, tile[one], tile[other], between)
    name = np.append(ids, drawing.ids[beyond])
    return Edges(name[one], name[other], length, kind)


def _touching(found: Borders, pieces: int) -> Borders:
    kept = found.first < pieces
    return Borders(found.first[kept], found.second[kept], found.start[kept], found.end[kept])


def _inherited(drawing: Drawing, one: np.ndarray, other: np.ndarray, between: Between) -> np.ndarray:
    """What lies between tiles (rows); `between` where both are the same."""
    ground, size = drawing.ground, len(drawing)
    known = ground.first * size + ground.second
    order = np.argsort(known, kind="stable")
    asked = np.minimum(one, other) * size + np.maximum(one, other)
    place = np.minimum(np.searchsorted(known, asked, sorter=order), len(known) - 1)
    if not len(known):
        return np.full(len(one), int(between))
    place = order[place]
    kind = np.where(known[place] == asked, ground.between[place], Between.NOTHING)
    return np.where(one == other, int(between), kind).astype(int)


def _on(drawing: Drawing, rows: np.ndarray) -> np.ndarray:
    """The things on tiles."""
    return np.flatnonzero(np.isin(drawing.home, drawing.ids[rows]))


def _held(drawing: Drawing, gone: np.ndarray, ids: np.ndarray, shapes: np.ndarray, parent: np.ndarray) -> Parts:
    """What the pieces hold of the buildings on the tiles that go, each on the pieces of tiles it stood on."""
    if drawing.things.footprints is None:
        return Parts()
    known = drawing.parts.on(drawing.ids[gone])
    whole = np.setdiff1d(_on(drawing, gone), known.thing)
    things = np.unique(np.append(whole, known.thing))
    found = parts_on(things, drawing.things.footprints[things], ids, shapes)
    piece = np.argsort(ids, kind="stable")
    tile = drawing.ids[parent[piece[np.searchsorted(ids, found.tile, sorter=piece)]]]
    stood = np.append(known.thing * _MOST_IDS + known.tile, whole * _MOST_IDS + drawing.home[whole])
    return found.where(np.isin(found.thing * _MOST_IDS + tile, stood))


def _parted(drawing: Drawing, gone: np.ndarray, held: Parts) -> Parts:
    """Those of the parts whose things stand on more than one tile, the tiles that stay included."""
    elsewhere = drawing.parts.where(~np.isin(drawing.parts.tile, drawing.ids[gone])).thing
    several = np.append(held.several().thing, elsewhere)
    return held.where(np.isin(held.thing, several))


def _homes(drawing: Drawing, gone: np.ndarray, come: Pieces, parent: np.ndarray, held: Parts) -> dict[str, np.ndarray]:
    """The things that stand on other tiles now: on the piece of their tile that holds most of them.

    What has no outline is on the piece that holds its point, or is nearest. `drawing.apply` looks at the cells too.
    """
    things = _on(drawing, gone)
    points = shapely.points(drawing.things.xy[things])
    before = drawing.home[things]
    after = before.copy()
    for row in gone[np.isin(drawing.ids[gone], before)]:
        pieces = np.flatnonzero(parent == row)
        here = np.flatnonzero(before == drawing.ids[row])
        inside = which(come.shapes[pieces], points[here])
        near = shapely.STRtree(come.shapes[pieces]).nearest(points[here])
        after[here] = come.ids[pieces[np.where(inside >= 0, inside, near)]]
    most = held.where(most_held(held.thing, held.tile, held.area))
    mine = np.isin(most.thing, things)
    after[np.searchsorted(things, most.thing[mine])] = most.tile[mine]
    other = before != after
    return {"things": things[other], "homes_before": before[other], "homes_after": after[other]}
