"""Plans drawn on paper and at random, and what must be true of every drawing."""

from dataclasses import replace

import numpy as np
import shapely

from gis.areas.plans.coverage import faults_of
from gis.areas.plans.drawing import Drawing, PlanCell, Things, with_footprints
from gis.areas.plans.ground import Between, survey
from gis.areas.plans.tiles import Tiles, cut, dissolve, which
from gis.exchange.placing import place_outlines
from tests.gis.areas.plans.drawn import houses

WEIGHTS = {"households": 1.0}


def plan(outline, lines, kinds, footprints, homes, communities=None, cell=None, passages=None) -> Drawing:
    """A drawing of buildings with so many households. `communities`: code → polygon; `cell`: a number a tile."""
    parts = [shapely.boundary(one) for one in (communities or {}).values()]
    lines = np.append(np.asarray(lines, dtype=object), np.array(parts, dtype=object))
    kinds = np.append(kinds, np.full(len(parts), Between.MINOR)).astype(int)
    tiles = cut(outline, lines, np.asarray(footprints, dtype=object))
    ground = survey(tiles, lines, kinds, passages)
    code = _codes(ground.middle, communities or {"110101001001": outline})
    xy = shapely.get_coordinates(shapely.point_on_surface(footprints)) if len(footprints) else np.empty((0, 2))
    things = Things(np.arange(1, len(xy) + 1), xy, {"households": np.asarray(homes, dtype=float)})
    home = which(tiles.shapes, shapely.points(xy)) + 1 if len(xy) else np.empty(0, dtype=np.int64)
    home = np.where(home > 0, home, -1)
    cell = np.zeros(len(tiles), dtype=np.int64) if cell is None else np.asarray(cell, dtype=np.int64)
    cells = {
        int(number): PlanCell(int(number), f"第{number}网格", str(code[np.argmax(cell == number)]))
        for number in np.unique(cell[cell > 0])
    }
    ids, compound = np.arange(1, len(tiles) + 1), np.zeros(len(tiles), dtype=np.int64)
    drawing = Drawing(ids, tiles.shapes, code, compound, cell, ground, cells, things, home)
    own = np.append(code, "")[np.where(home > 0, home - 1, -1)]
    return with_footprints(drawing, np.asarray(footprints, dtype=object), own)


def rows_of_houses(columns: int, rows: int, river_after: int | None = None, cell=None) -> Drawing:
    """Houses of ten homes on squares of 20 m; a river from south to north after so many columns."""
    outline = shapely.box(0, 0, columns * 20, rows * 20)
    lines, kinds = np.array([], dtype=object), np.array([], dtype=int)
    if river_after is not None:
        lines = np.array([shapely.LineString([(river_after * 20, -5), (river_after * 20, rows * 20 + 5)])])
        kinds = np.array([Between.MAJOR])
    given = houses(columns, rows)
    drawing = plan(outline, lines, kinds, given, np.full(len(given), 10.0))
    return drawing if cell is None else celled(drawing, cell)


def celled(drawing: Drawing, of) -> Drawing:
    """The drawing with the cell number `of(x, y)` for the middle of every tile."""
    cell = np.array([of(x, y) for x, y in drawing.ground.middle], dtype=np.int64)
    community = {int(n): str(drawing.community[np.argmax(cell == n)]) for n in np.unique(cell[cell > 0])}
    cells = {n: PlanCell(n, f"第{n}网格", community[n]) for n in community}
    return replace(drawing, cell=cell, cells=cells)


def outline_of(drawing: Drawing) -> shapely.Geometry:
    return shapely.coverage_union_all(drawing.shapes)


def assert_sound(drawing: Drawing, outline: shapely.Geometry) -> None:
    """What holds of every drawing of an outline."""
    faults = faults_of(drawing.shapes, outline)
    assert (faults.gap_m2, faults.overlap_m2, faults.lost_m2) == (0, 0, 0)
    assert (np.diff(drawing.ids) > 0).all()
    _assert_surveyed(drawing)
    _assert_at_home(drawing)
    _assert_counted_as_published(drawing)
    assert set(np.unique(drawing.cell)) - {0} <= set(drawing.cells)
    for number, cell in drawing.cells.items():
        assert cell.number == number
        assert set(drawing.community[drawing.cell == number]) <= {cell.community}


def _assert_surveyed(drawing: Drawing) -> None:
    """The ground is what a survey of the shapes finds."""
    fresh = survey(Tiles(drawing.shapes, np.zeros(len(drawing)), np.empty(0)), np.array([], object), np.array([], int))
    ground = drawing.ground
    assert ground.first.tolist() == fresh.first.tolist()
    assert ground.second.tolist() == fresh.second.tolist()
    np.testing.assert_allclose(ground.length, fresh.length, atol=1e-6)
    np.testing.assert_allclose(ground.area, fresh.area, atol=1e-6)
    np.testing.assert_allclose(ground.outer, fresh.outer, atol=1e-5)
    assert shapely.intersects(drawing.shapes, shapely.points(ground.middle)).all()


def _assert_at_home(drawing: Drawing) -> None:
    """Everything that has a tile stands on it, or within the grid's rounding of it."""
    inside = drawing.home >= 0
    rows = drawing.rows(drawing.home[inside])
    assert (shapely.distance(drawing.shapes[rows], drawing.things.footprints[inside]) < 0.005).all()


def _assert_counted_as_published(drawing: Drawing) -> None:
    """Each building counts in the cell that a publication would put it in: the same rule, on the cells' outlines."""
    inside = np.flatnonzero(drawing.home >= 0)
    home = drawing.rows(drawing.home[inside])
    for community in np.unique(drawing.community[home].astype(str)):
        mine, ground = inside[drawing.community[home] == community], drawing.community == community
        numbers, group = np.unique(drawing.cell[ground], return_inverse=True)
        footprints, shapes = drawing.things.footprints[mine], dissolve(drawing.shapes[ground], group)
        found, _share = place_outlines(footprints, shapes)
        counted = np.searchsorted(numbers, drawing.cell[drawing.rows(drawing.home[mine])])
        other = np.flatnonzero((found != counted) & (found >= 0))
        held = [shapely.area(shapely.intersection(footprints[other], shapes[of[other]])) for of in (found, counted)]
        np.testing.assert_allclose(*held, atol=0.05)  # halves alike: rounding decides


def assert_same(one: Drawing, other: Drawing) -> None:
    """Equal in everything."""
    for name in ("ids", "cell", "community", "compound", "home"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name
    assert shapely.equals_identical(one.shapes, other.shapes).all()
    assert one.cells == other.cells
    for name in ("thing", "tile"):
        np.testing.assert_array_equal(getattr(one.parts, name), getattr(other.parts, name), err_msg=name)
    np.testing.assert_allclose(one.parts.area, other.parts.area, atol=1e-6)
    for name in ("first", "second", "between", "length", "area", "middle", "outer"):
        np.testing.assert_array_equal(getattr(one.ground, name), getattr(other.ground, name), err_msg=name)


def _codes(middle: np.ndarray, communities: dict) -> np.ndarray:
    code = np.full(len(middle), "", dtype=object)
    for name, polygon in communities.items():
        code[shapely.intersects(polygon, shapely.points(middle))] = name
    return code
