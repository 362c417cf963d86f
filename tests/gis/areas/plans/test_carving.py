"""What a planner's acts change, and what they refuse."""

import numpy as np
import pytest
import shapely

from gis.areas.plans.barriers import cut_ground, open_passage, set_barrier
from gis.areas.plans.carving import carve, draw_cell, within
from gis.areas.plans.cells import delete, merge
from gis.areas.plans.drawing import Drawing, PlanCell, apply
from gis.areas.plans.editing import Edit, lock
from gis.areas.plans.ground import Between
from gis.areas.plans.splitting import split_by_line, split_evenly
from gis.areas.plans.wish import Wish
from gis.errors import BadGeometry, Refused
from tests.gis.areas.plans.drawn import houses
from tests.gis.areas.plans.planned import WEIGHTS, assert_same, assert_sound, celled, outline_of, plan, rows_of_houses

EAST, WEST = "110101001001", "110101001002"


def done(drawing: Drawing, edit: Edit) -> Drawing:
    """The drawing after an act: sound, and the act can be undone."""
    after = apply(drawing, edit.change)
    assert_sound(after, outline_of(drawing))
    assert_same(apply(after, edit.change.inverse()), drawing)
    return after


def halves(columns: int = 4, rows: int = 1) -> Drawing:
    """Cell 1 in the west, cell 2 in the east."""
    return rows_of_houses(columns, rows, cell=lambda x, y: 1 if x < columns * 10 else 2)


@pytest.mark.parametrize(("middle", "is_in"), [((0.00005, 10.0), True), ((20.00005, 10.0), False)])
def test_a_tile_whose_middle_is_all_but_on_the_border_is_judged_by_its_ground(middle, is_in):
    """A file that came down in degrees and goes up again is off by a tenth of a millimetre: 31 m² were nobody's."""
    drawing = rows_of_houses(2, 1)  # tiles from 0 to 20 and from 20 to 40
    tile = 0 if is_in else 1
    drawing.ground.middle[tile] = middle
    inside = within(drawing, shapely.box(0.0001, 0.0001, 20.0001, 19.9999))
    assert (tile in inside.tolist()) is is_in


def two_communities() -> Drawing:
    outline, given = shapely.box(0, 0, 80, 20), houses(4, 1)
    parts = {EAST: shapely.box(0, 0, 40, 20), WEST: shapely.box(40, 0, 80, 20)}
    drawing = plan(outline, [], np.empty(0, int), given, np.full(4, 10.0), parts)
    return celled(drawing, lambda x, y: 1 if x < 40 else 2)


def at(drawing: Drawing, x: float, y: float) -> int:
    """The row of the tile at a place."""
    return int(np.flatnonzero(shapely.intersects(drawing.shapes, shapely.Point(x, y)))[0])


def cell_at(drawing: Drawing, x: float, y: float) -> int:
    return int(drawing.cell[at(drawing, x, y)])


def test_the_tiles_of_a_deleted_cell_are_in_none():
    drawing = halves()
    after = done(drawing, delete(drawing, 2))
    assert after.cell.tolist().count(0) == 2
    assert list(after.cells) == [1]


def test_merged_cells_keep_the_number_of_the_one_with_most_load():
    drawing = rows_of_houses(4, 1, cell=lambda x, y: 1 if x < 20 else 2)
    edit = merge(drawing, [1, 2], WEIGHTS)
    assert set(done(drawing, edit).cell) == {2}
    assert edit.said == {"tiles": 1, "kept": 2}


def test_cells_of_two_communities_or_locked_ones_are_not_merged():
    drawing = two_communities()
    with pytest.raises(Refused):
        merge(drawing, [1, 2], WEIGHTS)
    with pytest.raises(Refused):
        merge(drawing, [1, 1], WEIGHTS)
    locked = apply(halves(), lock(halves(), [2], True).change)
    with pytest.raises(Refused):
        merge(locked, [1, 2], WEIGHTS)


def test_a_cell_drawn_over_its_neighbour_wins():
    drawing = halves()
    after = done(drawing, carve(drawing, shapely.box(30, 5, 55, 15), 1, 100))
    assert cell_at(after, 45, 6) == 1
    assert cell_at(after, 45, 3) == 2
    assert shapely.area(after.shapes[after.cell == 1]).sum() == pytest.approx(800 + 150)


def test_a_drawn_cell_stops_at_its_community_and_at_locked_cells():
    drawing = two_communities()
    after = done(drawing, draw_cell(drawing, shapely.box(10, -5, 45, 10), PlanCell(3, "新"), 100))
    assert shapely.area(after.shapes[after.cell == 3]).sum() == pytest.approx(300)
    assert after.cells[3].community == EAST
    locked = apply(halves(), lock(halves(), [2], True).change)
    after = done(locked, draw_cell(locked, shapely.box(30, 5, 55, 15), PlanCell(3), 100))
    assert shapely.area(after.shapes[after.cell == 3]).sum() == pytest.approx(100)
    with pytest.raises(Refused):
        carve(locked, shapely.box(50, 5, 55, 15), 1, 100)
    with pytest.raises(Refused):
        draw_cell(locked, shapely.box(50, 5, 55, 15), PlanCell(3), 100)


def test_a_drawing_that_crosses_itself_is_taken_for_the_ground_it_goes_round():
    drawing = halves()
    bow = shapely.Polygon([(42, 2), (58, 18), (58, 2), (42, 18)])
    after = done(drawing, carve(drawing, bow, 1, 100))
    assert shapely.area(after.shapes[after.cell == 1]).sum() == pytest.approx(800 + 128)


@pytest.mark.parametrize(
    "polygon", [shapely.Polygon(), shapely.box(1, 1, 1.5, 1.5), shapely.box(0, 0, np.inf, 1), None]
)
def test_a_drawing_without_ground_is_refused(polygon):
    with pytest.raises(BadGeometry):
        carve(halves(), polygon, 1, 100)


def test_a_line_splits_a_cell_and_leaves_the_neighbours_alone():
    drawing = halves(4, 2)
    edit = split_by_line(drawing, 1, shapely.LineString([(-9, 24), (90, 24)]), WEIGHTS, 100, 5)
    after = done(drawing, edit)
    assert edit.said["cells"] == 2
    assert set(after.cell) == {1, 2, 5}
    assert after.load(WEIGHTS)[after.cell == 1].sum() == 40 - after.load(WEIGHTS)[after.cell == 5].sum()
    assert (after.cell == 2).sum() == 4
    assert after.cells[5].community == after.cells[1].community
    assert after.cells[5].name == "第1网格-5"


def test_a_line_along_a_border_of_tiles_splits_there():
    drawing = halves(4, 2)
    after = done(drawing, split_by_line(drawing, 1, shapely.LineString([(-5, 20.1), (45, 20.1)]), WEIGHTS, 100, 3))
    assert len(after) == len(drawing)
    assert sorted(after.cell.tolist()) == [1, 1, 2, 2, 2, 2, 3, 3]


@pytest.mark.parametrize("xy", [((5, 5), (15, 15)), ((-5, -9), (90, -9)), ((50, -5), (50, 50))])
def test_a_line_that_does_not_divide_the_cell_is_refused(xy):
    with pytest.raises(Refused):
        split_by_line(halves(), 1, shapely.LineString(xy), WEIGHTS, 100, 3)


def test_a_drawn_barrier_cuts_the_ground_and_what_lies_on_it():
    drawing = halves(4, 1)
    edit = cut_ground(drawing, shapely.LineString([(40, -5), (40, 10), (90, 10)]), Between.MAJOR, 100)
    after = done(drawing, edit)
    assert len(after) == 6
    assert (after.ground.between == Between.MAJOR).sum() == 3
    with pytest.raises(Refused):
        cut_ground(drawing, shapely.LineString([(5, 5), (9, 9)]), Between.MAJOR, 100)


def test_a_road_is_raised_to_a_barrier_and_a_bridge_opens_it():
    drawing = halves(4, 2)
    road = shapely.LineString([(40.2, -5), (39.8, 45)])
    raised = done(drawing, set_barrier(drawing, road, Between.MAJOR))
    assert (raised.ground.between == Between.MAJOR).sum() == 2
    opened = open_passage(raised, 40, 2)
    assert opened.said == {"borders": 2}  # both borders lie within 20 m
    assert (done(raised, opened).ground.between == Between.MAJOR).sum() == 0


def test_what_is_no_barrier_is_refused():
    drawing = halves(4, 2)
    with pytest.raises(Refused):
        set_barrier(drawing, shapely.LineString([(5, 5), (9, 9)]), Between.MAJOR)
    with pytest.raises(Refused):
        set_barrier(drawing, shapely.LineString([(40, -5), (40, 45)]), 7)
    with pytest.raises(Refused):
        open_passage(drawing, 40, 20)
    with pytest.raises(BadGeometry):
        open_passage(drawing, np.nan, 20)


@pytest.mark.parametrize("count", [2, 3, 5, 12])
def test_a_cell_is_divided_evenly(count):
    drawing = rows_of_houses(8, 4, cell=lambda x, y: 1 if x < 120 else 2)
    edit = split_evenly(drawing, 1, count, Wish(), WEIGHTS, 7)
    after = done(drawing, edit)
    assert edit.said["cells"] == count
    assert set(after.cell) == {1, 2, *range(7, 6 + count)}
    load = np.bincount(after.cell, after.load(WEIGHTS))[[1, *range(7, 6 + count)]]
    assert np.abs(load - 240 / count).max() <= 10
    assert load[0] == load.max()


def test_a_cell_on_both_banks_is_divided_in_as_many_as_asked():
    drawing = rows_of_houses(4, 4, river_after=2, cell=lambda x, y: 1)
    assert split_evenly(drawing, 1, 3, Wish(), WEIGHTS, 2).said["cells"] == 3


def test_a_cell_without_homes_is_divided_by_ground():
    drawing = rows_of_houses(4, 4, cell=lambda x, y: 1)
    after = done(drawing, split_evenly(drawing, 1, 2, Wish(), {"households": 0.0}, 2))
    assert sorted(np.bincount(after.cell)[1:]) == [8, 8]


@pytest.mark.parametrize("count", [-1, 0, 1, 17])
def test_a_cell_cannot_be_divided_in_more_parts_than_it_has_tiles(count):
    with pytest.raises(Refused):
        split_evenly(rows_of_houses(4, 4, cell=lambda x, y: 1), 1, count, Wish(), WEIGHTS, 2)
