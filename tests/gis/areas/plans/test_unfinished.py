"""What keeps a drawing from being handed in."""

from dataclasses import replace

import numpy as np
import shapely

from gis.areas.plans.drawing import Drawing, PlanCell
from gis.areas.plans.unfinished import Unfinished, unfinished
from tests.gis.areas.plans.drawn import houses
from tests.gis.areas.plans.planned import celled, plan, rows_of_houses


def test_a_whole_drawing_is_finished():
    assert unfinished(rows_of_houses(4, 2, cell=lambda x, _y: 1 if x < 40 else 2)) == []


def test_ground_of_nobody_hinders():
    drawing = rows_of_houses(4, 2, cell=lambda x, _y: 1 if x < 40 else 0)
    assert unfinished(drawing) == [Unfinished("unassigned", 4)]


def test_ground_of_no_community_does_not():
    drawing = rows_of_houses(4, 2, cell=lambda x, _y: 1 if x < 40 else 0)
    outside = np.where(drawing.cell == 0, "", drawing.community).astype(object)
    assert unfinished(replace(drawing, community=outside)) == []


def test_a_cell_without_ground_hinders():
    drawing = rows_of_houses(2, 1, cell=lambda _x, _y: 1)
    assert unfinished(replace(drawing, cells=drawing.cells | {5: PlanCell(5)})) == [Unfinished("empty", 1, (5,))]


def test_no_cell_at_all_hinders():
    assert [one.kind for one in unfinished(rows_of_houses(2, 1))] == ["nothing", "unassigned"]


def test_stray_parts_are_counted_beyond_the_first():
    striped = rows_of_houses(6, 1, cell=lambda x, _y: 1 if int(x // 20) % 2 else 2)
    assert unfinished(striped) == [Unfinished("stray", 4, (1, 2))]


def test_an_island_is_no_stray_part():
    assert unfinished(_with_island(lambda _x, _y: 1)) == []
    found = unfinished(_with_island(lambda x, _y: 1 if x < 20 or 40 <= x < 60 or x > 100 else 2))
    assert found == [Unfinished("stray", 2, (1, 2))]


def _with_island(of) -> Drawing:
    given = np.append(houses(4, 1), [shapely.box(105, 5, 115, 15)])
    outline = shapely.union_all([shapely.box(0, 0, 80, 20), shapely.box(100, 0, 120, 20)])
    return celled(plan(outline, [], np.empty(0, int), given, np.full(5, 10.0)), of)
