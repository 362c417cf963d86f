"""Every kind of problem is found where it is, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gis.areas.plans.coverage import faults_of
from gis.areas.plans.drawing import Drawing, PlanCell
from gis.areas.plans.ground import Between
from gis.areas.plans.problems import KINDS, Problem, problems
from tests.gis.areas.plans.drawn import houses
from tests.gis.areas.plans.planned import WEIGHTS, plan, rows_of_houses


def of(drawing: Drawing, target: float = 40, tolerance: float = 0.5, **more) -> list[Problem]:
    return problems(drawing, WEIGHTS, target, tolerance, **more)


def kinds(found: list[Problem]) -> list[str]:
    return [one.kind for one in found]


def quarters(x: float, y: float) -> int:
    """Cells of 2 × 2 houses, two a row."""
    return 1 + int(x // 40) + 2 * int(y // 40)


def test_even_cells_have_no_problem():
    assert of(rows_of_houses(4, 4, cell=quarters), tolerance=0.0) == []


def test_unassigned_ground_is_found_in_one_piece():
    found = of(rows_of_houses(4, 4, cell=lambda x, y: 0 if y > 40 and x < 40 else quarters(x, y)))
    assert kinds(found) == ["unassigned"]
    assert (found[0].size, len(found[0].tiles), found[0].cells, found[0].box) == (40, 4, (0,), (0, 40, 40, 80))
    assert shapely.intersects(shapely.box(*found[0].box), shapely.Point(found[0].place))


def test_a_stray_part_is_the_lighter_one():
    found = of(rows_of_houses(4, 4, cell=lambda x, y: 1 if x > 60 and y > 60 else quarters(x, y)))
    assert [(one.kind, one.cells, one.size) for one in found] == [("stray", (1,), 10.0)]


def test_parts_on_an_island_are_no_strays():
    outline = shapely.union_all([shapely.box(0, 0, 40, 20), shapely.box(60, 0, 80, 20)])
    drawing = plan(outline, [], np.empty(0, int), houses(4, 1), np.full(4, 10.0), cell=[1, 1, 1])
    assert of(drawing, target=30) == []


def test_too_big_and_too_small_are_sorted_by_how_far():
    drawing = rows_of_houses(6, 1, cell=lambda x, y: 1 if x < 60 else 2 if x < 80 else 3)
    found = of(drawing, target=20, tolerance=0.1)
    assert [(one.kind, one.cells, one.size) for one in found] == [("big", (1,), 0.5), ("small", (2,), -0.5)]


def test_a_river_through_a_cell_is_crossed_and_with_a_bridge_bridged():
    drawing = rows_of_houses(4, 2, river_after=1, cell=lambda x, y: 1 if x < 40 else 2)
    found = of(drawing)
    assert [(one.kind, one.cells, one.size) for one in found] == [("crossed", (1,), 40.0)]
    ground = drawing.ground
    bridge = np.flatnonzero(ground.between == Between.MAJOR)[0]
    between = ground.between.copy()
    between[bridge] = Between.NOTHING
    found = of(replace(drawing, ground=replace(ground, between=between)))
    assert [(one.kind, one.size) for one in found] == [("bridged", 20.0)]


def test_an_enclosed_cell_names_the_one_around_it():
    found = of(rows_of_houses(3, 3, cell=lambda x, y: 2 if 20 < x < 40 and 20 < y < 40 else 1), tolerance=5)
    assert [(one.kind, one.cells) for one in found] == [("enclave", (2, 1))]


def test_a_narrow_neck_is_found():
    outline = shapely.union_all([shapely.box(0, 0, 20, 20), shapely.box(20, 9, 22, 11), shapely.box(22, 0, 42, 20)])
    line = np.array([shapely.LineString([(21, 0), (21, 20)])])
    given = np.array([shapely.box(5, 5, 10, 15), shapely.box(30, 5, 35, 15)])
    drawing = plan(outline, line, np.array([Between.MINOR]), given, [30.0, 10.0], cell=[1, 1])
    found = of(drawing)
    assert [(one.kind, round(one.size, 6)) for one in found] == [("neck", 2.0)]


def test_a_drawn_out_cell_is_found():
    found = of(rows_of_houses(40, 1, cell=lambda x, y: 1), target=400)
    assert kinds(found) == ["thin"]
    assert found[0].size == pytest.approx(4 * np.pi * 800 * 20 / 1640**2)


def test_a_divided_compound_is_found():
    drawing = rows_of_houses(4, 4, cell=quarters)
    drawing = replace(drawing, compound=np.where(drawing.ground.middle[:, 1] < 20, 7, 0))
    found = of(drawing)
    assert [(one.kind, one.cells, one.size, len(one.tiles)) for one in found] == [("compound", (1, 2), 2.0, 4)]


def test_ground_outside_and_cells_across_communities_are_found_first():
    drawing = rows_of_houses(4, 4, cell=quarters)
    code = drawing.community.copy()
    code[drawing.cell == 4] = ""
    code[np.flatnonzero(drawing.cell == 1)[0]] = "110101001009"
    found = of(replace(drawing, community=code))
    assert [(one.kind, one.cells) for one in found] == [("outside", (4,)), ("mixed", (1,))]


def test_a_cell_without_ground_and_one_too_far_to_walk():
    drawing = rows_of_houses(4, 4, cell=quarters)
    drawing = replace(drawing, cells=drawing.cells | {9: PlanCell(9)})
    assert [(one.kind, one.cells) for one in of(drawing)] == [("empty", (9,))]
    assert kinds(of(drawing, most_walk=5.0)) == ["far"] * 4 + ["empty"]


def test_a_building_across_a_border_of_cells_is_found_and_one_within_a_cell_is_not():
    drawing = rows_of_houses(4, 4, cell=quarters)
    footprints = houses(4, 4)
    footprints[1] = shapely.box(25, 5, 45, 15)
    footprints[4] = shapely.box(5, 25, 25, 35)
    footprints[8] = None
    found = of(drawing, footprints=footprints)
    assert [(one.kind, one.cells, one.size) for one in found] == [("cut", (1, 2), 50.0)]


def test_every_kind_is_told():
    assert all(KINDS.values())


def test_gap_overlap_and_loss_are_told_apart_and_exactly():
    outline = shapely.box(0, 0, 30, 30)
    whole = rows_of_houses(3, 3).shapes
    outline = shapely.box(0, 0, 60, 60)
    assert faults_of(whole, outline).total_m2 == 0
    middle = int(np.flatnonzero(shapely.intersects(whole, shapely.Point(30, 30)))[0])
    rest = np.delete(whole, middle)
    faults = faults_of(rest, outline)
    assert (faults.gap_m2, faults.overlap_m2, faults.lost_m2) == (400, 0, 0)
    faults = faults_of(np.append(whole, shapely.box(10, 10, 12, 12)), outline)
    assert (faults.gap_m2, faults.overlap_m2, faults.lost_m2) == (0, 4, 0)
    corner = int(np.flatnonzero(shapely.intersects(whole, shapely.Point(1, 1)))[0])
    faults = faults_of(np.delete(whole, corner), outline)
    assert (faults.gap_m2, faults.overlap_m2, faults.lost_m2) == (0, 0, 400)


def test_a_gap_of_a_millimetre_is_a_gap():
    left = shapely.Polygon([(0, 0), (10, 0), (10, 4), (9.999, 5), (10, 6), (10, 10), (0, 10)])
    right = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 6), (10, 4)])
    assert faults_of(np.array([left, right]), shapely.box(0, 0, 20, 10)).gap_m2 == pytest.approx(0.001)
