"""What is left over goes to neighbours, and no rule of a cell is broken for it."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.editing import Edit, lock
from gis.areas.plans.mending import fix_strays, fix_unassigned
from gis.areas.plans.parts import parts
from tests.gis.areas.plans.planned import WEIGHTS, celled, rows_of_houses


def at(drawing: Drawing, x: float, y: float) -> int:
    return int(np.argmin(np.hypot(*(drawing.ground.middle - (x, y)).T)))


def done(drawing: Drawing, edit: Edit) -> Drawing:
    return apply(drawing, edit.change)


def test_ground_between_two_cells_is_shared_by_load():
    drawing = rows_of_houses(6, 1, cell=lambda x, y: 1 if x < 60 else 0 if x < 100 else 2)
    edit = fix_unassigned(drawing, WEIGHTS)
    assert edit.said == {"tiles": 2, "left": 0}
    assert np.bincount(done(drawing, edit).cell).tolist() == [0, 3, 3]


def test_ground_that_one_cell_encloses_goes_to_it():
    drawing = rows_of_houses(3, 3, cell=lambda x, y: 0 if 20 < x < 40 and 20 < y < 40 else 1)
    assert set(done(drawing, fix_unassigned(drawing, WEIGHTS)).cell) == {1}


def test_a_barrier_is_crossed_only_where_there_is_no_other_way():
    drawing = rows_of_houses(4, 1, river_after=3, cell=lambda x, y: 1 if x < 40 else 0 if x < 60 else 2)
    assert done(drawing, fix_unassigned(drawing, WEIGHTS)).cell[at(drawing, 50, 10)] == 1
    drawing = rows_of_houses(4, 1, river_after=3, cell=lambda x, y: 1 if x < 60 else 0)
    assert done(drawing, fix_unassigned(drawing, WEIGHTS)).cell[at(drawing, 70, 10)] == 1


def test_neither_a_locked_cell_nor_another_community_takes_anything():
    drawing = rows_of_houses(4, 1, cell=lambda x, y: 1 if x < 40 else 0)
    locked = apply(drawing, lock(drawing, [1], True).change)
    assert fix_unassigned(locked, WEIGHTS).said == {"tiles": 0, "left": 2}
    other = replace(drawing, community=np.where(drawing.cell == 1, "110101001001", "110101001002").astype(object))
    assert fix_unassigned(other, WEIGHTS).said == {"tiles": 0, "left": 2}
    assert fix_unassigned(rows_of_houses(2, 1), WEIGHTS).said == {"tiles": 0, "left": 2}


def test_a_stray_part_joins_the_neighbour_with_the_longest_border():
    drawing = rows_of_houses(4, 4, cell=lambda x, y: 1 if (x < 40 and y < 40) or (x > 60 and y > 60) else 2)
    edit = fix_strays(drawing, WEIGHTS)
    assert edit.said == {"tiles": 1, "left": 0}
    assert done(drawing, edit).cell[at(drawing, 70, 70)] == 2
    locked = apply(drawing, lock(drawing, [2], True).change)
    assert fix_strays(locked, WEIGHTS).said == {"tiles": 0, "left": 1}
    locked = apply(drawing, lock(drawing, [1], True).change)
    assert fix_strays(locked, WEIGHTS).said == {"tiles": 0, "left": 0}


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_whatever_is_left_over_ends_in_cells_of_one_part(seed):
    draw = np.random.default_rng(seed)
    drawing = rows_of_houses(6, 5, river_after=int(draw.integers(1, 6)))
    start = draw.choice(30, 4, replace=False)
    drawing = celled(drawing, lambda x, y: 0)
    cell = np.zeros(30, dtype=int)
    cell[start] = 1 + np.arange(4)
    drawing = celled(drawing, lambda x, y: int(cell[at(drawing, x, y)]))
    after = done(drawing, fix_unassigned(drawing, WEIGHTS))
    assert (after.cell > 0).all()
    assert parts(after, after.load(WEIGHTS)).main.all()
    noise = replace(after, cell=np.where(draw.random(30) < 0.2, draw.integers(1, 5, 30), after.cell))
    mended = done(noise, fix_strays(noise, WEIGHTS))
    assert parts(mended, mended.load(WEIGHTS)).main.sum() >= parts(noise, noise.load(WEIGHTS)).main.sum()
