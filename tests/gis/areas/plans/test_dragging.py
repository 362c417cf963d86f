"""A dragged border moves for every cell that meets there, and nothing else does."""

import numpy as np
import pytest
import shapely

from gis.areas.plans.dragging import drag
from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.editing import lock
from gis.areas.plans.handles import handles
from gis.errors import BadGeometry, Refused
from tests.gis.areas.plans.drawn import houses
from tests.gis.areas.plans.planned import assert_same, assert_sound, celled, outline_of, plan, rows_of_houses


def quarters(size: int = 4) -> Drawing:
    middle = size * 10
    return rows_of_houses(size, size, cell=lambda x, y: 1 + (x > middle) + 2 * (y > middle))


def dragged(drawing: Drawing, at, to) -> Drawing:
    edit = drag(drawing, at, to, 1000)
    after = apply(drawing, edit.change)
    assert_sound(after, outline_of(drawing))
    assert_same(apply(after, edit.change.inverse()), drawing)
    return after


def area(drawing: Drawing, number: int) -> float:
    return float(drawing.ground.area[drawing.cell == number].sum())


def places(found) -> set[tuple[float, float]]:
    return {(round(x, 3), round(y, 3)) for x, y in found.xy}


def test_handles_are_joints_ends_and_corners_and_arcs_join_them():
    found = handles(quarters())
    assert places(found) == {(40, 0), (0, 40), (40, 40), (80, 40), (40, 80)}
    by_place = {
        tuple(xy): (bool(fixed), cells)
        for xy, fixed, cells in zip(found.xy.tolist(), found.fixed, found.cells, strict=True)
    }
    assert by_place[(40.0, 40.0)] == (False, (1, 2, 3, 4))
    assert by_place[(40.0, 0.0)] == (True, (1, 2))
    assert len(found.arcs) == 4
    assert all((arc.xy[0] == found.xy[arc.ends[0]]).all() for arc in found.arcs)
    assert all((arc.xy[-1] == found.xy[arc.ends[1]]).all() for arc in found.arcs)


def test_handles_of_one_cell_are_those_on_its_border():
    assert places(handles(quarters(), [1])) == {(40, 0), (0, 40), (40, 40)}
    assert places(handles(rows_of_houses(2, 2))) == set()


def test_an_enclosed_cell_has_handles_all_round():
    drawing = rows_of_houses(5, 5, cell=lambda x, y: 2 if 20 < x < 80 and 20 < y < 80 else 1)
    assert places(handles(drawing)) >= {(20, 20), (80, 20), (80, 80), (20, 80)}


def test_where_four_cells_meet_all_four_follow():
    after = dragged(quarters(), (40, 40), (50, 46))
    total = {number: area(after, number) for number in (1, 2, 3, 4)}
    assert total == {
        1: pytest.approx(1600 + 40 * 10 / 2 + 40 * 6 / 2, abs=0.1),
        2: pytest.approx(1600 - 40 * 10 / 2 + 40 * 6 / 2, abs=0.1),
        3: pytest.approx(1600 + 40 * 10 / 2 - 40 * 6 / 2, abs=0.1),
        4: pytest.approx(1600 - 40 * 10 / 2 - 40 * 6 / 2, abs=0.1),
    }


def test_a_corner_between_two_cells_moves():
    drawing = rows_of_houses(4, 4, cell=lambda x, y: 2 if x > 40 and y > 40 else 1)
    after = dragged(drawing, (40, 40), (30, 30))
    assert area(after, 2) == pytest.approx(1600 + 400)
    back = dragged(after, (30, 30), (40, 40))
    assert area(back, 2) == pytest.approx(1600)


def test_a_border_taken_in_its_middle_gets_a_new_corner():
    drawing = rows_of_houses(4, 2, cell=lambda x, y: 1 if x < 40 else 2)
    after = dragged(drawing, (40.5, 20), (52, 20))
    assert area(after, 1) == pytest.approx(1600 + 40 * 12 / 2)
    assert (52, 20) in places(handles(after))


def test_an_end_on_the_outline_slides_along_it():
    drawing = rows_of_houses(4, 2, cell=lambda x, y: 1 if x < 40 else 2)
    after = dragged(drawing, (40, 0), (65, -30))
    assert area(after, 1) == pytest.approx(1600 + 40 * 25 / 2)
    assert (65, 0) in places(handles(after))


def test_an_end_slides_round_a_corner_of_the_outline():
    drawing = rows_of_houses(4, 4, cell=lambda x, y: 1 if x < 40 else 2)
    after = dragged(drawing, (40, 0), (90, 10))
    assert (80, 10) in places(handles(after))
    assert area(after, 1) == pytest.approx(3200 + 40 * 80 / 2 + 40 * 10 / 2, abs=0.1)


def test_a_border_of_communities_stays():
    outline, given = shapely.box(0, 0, 80, 80), houses(4, 4)
    parts = {"110101001001": shapely.box(0, 0, 40, 80), "110101001002": shapely.box(40, 0, 80, 80)}
    drawing = plan(outline, [], np.empty(0, int), given, np.ones(16), parts)
    drawing = celled(drawing, lambda x, y: 1 + (x > 40) + 2 * (y > 40))
    found = handles(drawing)
    assert found.fixed[np.flatnonzero((found.xy == (40, 40)).all(axis=1))].all()
    after = dragged(drawing, (40, 40), (47, 30))
    assert area(after, 1) == pytest.approx(1600 - 40 * 10 / 2)
    assert area(after, 2) == pytest.approx(1600 - 40 * 10 / 2)
    with pytest.raises(Refused):
        drag(drawing, (40, 60), (50, 60), 1000)


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ((10, 10), (20, 20)),  # nothing to hold
        ((40, 40), (90, 40)),  # beyond the outline
        ((40, 40), (400, 4000)),
        ((500, 500), (40, 40)),
    ],
)
def test_a_drag_to_nowhere_is_refused(at, to):
    with pytest.raises(Refused):
        drag(quarters(), at, to, 1000)


def test_a_drag_across_a_third_cell_is_refused():
    drawing = rows_of_houses(6, 2, cell=lambda x, y: 1 + int(x // 40))
    with pytest.raises(Refused):
        drag(drawing, (40, 20), (90, 20), 1000)


def test_a_locked_neighbour_does_not_follow():
    drawing = quarters()
    with pytest.raises(Refused):
        drag(apply(drawing, lock(drawing, [4], True).change), (40, 40), (45, 45), 1000)


def test_a_cell_is_not_lost():
    drawing = rows_of_houses(3, 1, cell=lambda x, y: 1 if x < 20 else 2)
    with pytest.raises(Refused):
        drag(drawing, (20, 0), (0, 20), 1000)


def test_what_is_no_place_is_refused():
    with pytest.raises(BadGeometry):
        drag(quarters(), (40, 40), (np.nan, 4), 1000)


@pytest.mark.parametrize(
    ("at", "to", "areas"),
    [
        ((40, 40), (40, 40), [1600, 1600, 1600, 1600]),  # nowhere
        ((40, 0), (40, -50), [1600, 1600, 1600, 1600]),  # away from the outline it lies on
        ((40, 40), (40, 0), [800, 800, 2400, 2400]),  # onto the next handle
        ((40, 0), (0, 0), [800, 2400, 1600, 1600]),  # into a corner
    ],
)
def test_a_handle_may_be_put_on_any_edge_of_what_is_possible(at, to, areas):
    after = dragged(quarters(), at, to)
    assert [area(after, number) for number in (1, 2, 3, 4)] == pytest.approx(areas)


@pytest.mark.parametrize(("at", "to"), [((40, 40), (0, 0)), ((40, 0), (0, 40))])
def test_a_drag_that_leaves_a_cell_without_ground_is_refused(at, to):
    with pytest.raises(Refused, match="没有地方"):
        drag(quarters(), at, to, 1000)
