"""Ground that is not a quarter of even houses: each gets cells that make sense, and is said what does not fit."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gis.areas.plans.alternatives import Asked, proposed
from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.ground import Between
from gis.areas.plans.parts import parts
from gis.areas.plans.weak_points import WeakPoints, weak_points
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.drawn import houses
from tests.gis.areas.plans.planned import WEIGHTS, assert_sound, outline_of, plan, rows_of_houses

WISH = Wish(target=100, effort=60)


def divided(drawing: Drawing, wish: Wish = WISH) -> tuple[Drawing, WeakPoints]:
    after = apply(drawing, proposed(drawing, Asked(wish), 1))
    assert_sound(after, outline_of(drawing))
    assert (after.cell > 0).all()
    assert parts(after, after.load(WEIGHTS)).main.all()
    return after, weak_points(after, WEIGHTS, wish)


def loads(drawing: Drawing) -> list[float]:
    return sorted(np.bincount(drawing.cell, drawing.load(WEIGHTS))[1:].tolist())


def broken(bridge: bool, east: float = 10.0) -> Drawing:
    """A river in the middle, with or without a bridge, a hole in the west, an island in the north with three houses."""
    hole, island = shapely.box(60, 60, 100, 100), shapely.box(60, 220, 120, 240)
    outline = shapely.union_all([shapely.box(0, 0, 240, 160).difference(hole), island])
    inside = [one for one in houses(12, 8) if outline.contains(one)]
    inside += [shapely.box(x, 225, x + 10, 235) for x in (65, 85, 105)]
    homes = [10.0 if shapely.centroid(one).x < 160 else east for one in inside]
    river = np.array([shapely.LineString([(160, -5), (160, 165)])])
    passages = np.array([[160.0, 80.0]]) if bridge else None
    return plan(outline, river, [Between.MAJOR], np.array(inside, dtype=object), homes, passages=passages)


def test_an_island_a_hole_and_a_river_make_whole_cells_on_either_bank():
    after, points = divided(broken(bridge=False))
    assert sum(loads(after)) == pytest.approx(10 * (8 * 8 - 4 + 3) + 10 * 4 * 8)
    west = after.ground.middle[:, 0] < 160
    assert set(after.cell[west]).isdisjoint(after.cell[~west])
    assert all(80 <= load <= 120 for load in loads(after))
    # The island is too small for a cell, and water is all there is around it: that is said.
    assert [load for _, load in points.pockets] == [30.0]
    assert len(set(after.cell[after.ground.middle[:, 1] > 200])) == 1


def test_a_bank_too_small_for_a_cell_joins_the_other_over_its_bridge():
    after, _ = divided(broken(bridge=True, east=1.0))
    east = after.ground.middle[:, 0] > 160
    assert set(after.cell[east]) & set(after.cell[~east])
    assert all(80 <= load <= 125 for load in loads(after))


def test_all_homes_in_one_tower_are_one_cell_that_is_named():
    drawing = rows_of_houses(6, 6)
    homes = np.zeros(36)
    homes[14] = 900
    drawing = replace(drawing, things=replace(drawing.things, loads={"households": homes}))
    after, points = divided(drawing)
    assert loads(after) == [900.0]
    assert [load for _, load in points.towers] == [900.0]
    assert points.off == []


def test_a_target_above_all_there_is_makes_one_cell_and_says_that_it_does_not_fit():
    after, points = divided(rows_of_houses(5, 4), replace(WISH, target=5000))
    assert loads(after) == [200.0]
    assert points.awkward == [("110101001001", 200.0)]


def test_a_target_of_one_makes_a_cell_of_every_building_and_names_each():
    after, points = divided(rows_of_houses(5, 4), replace(WISH, target=1))
    assert loads(after) == [10.0] * 20
    assert len(points.towers) == 20


def test_ground_without_a_home_is_one_cell():
    drawing = rows_of_houses(4, 3)
    drawing = replace(drawing, things=replace(drawing.things, loads={"households": np.zeros(12)}))
    assert loads(divided(drawing)[0]) == [0.0]
