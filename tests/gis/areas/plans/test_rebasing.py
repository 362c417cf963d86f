"""A proposal of an older drawing: takeable while what it divided is as it was."""

from dataclasses import replace

import numpy as np

from gis.areas.plans.alternatives import Asked, proposed
from gis.areas.plans.drawing import Drawing, apply, moved
from gis.areas.plans.editing import add_cell, lock, paint, rename
from gis.areas.plans.rebasing import Basis, rebased
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.planned import rows_of_houses

ASKED = Asked(Wish(target=100, effort=60), cells=(2,))


def street() -> Drawing:
    """Cells 1, 2 and 3 from west to east, the second of 200 homes."""
    return rows_of_houses(8, 5, cell=lambda x, y: 1 if x < 40 else 2 if x < 120 else 3)


def made(drawing: Drawing):
    return proposed(drawing, ASKED, 4), Basis.of(drawing, ASKED, 4)


def test_on_the_drawing_it_was_made_of_it_is_the_same_change():
    drawing = street()
    change, basis = made(drawing)
    again = rebased(drawing, change, Basis.unpack(basis.pack()), 4)
    assert apply(drawing, again).cell.tolist() == apply(drawing, change).cell.tolist()
    assert sorted(apply(drawing, again).cells) == [1, 2, 3, 4]


def test_what_was_done_elsewhere_and_numbers_used_meanwhile_do_not_matter():
    drawing = street()
    change, basis = made(drawing)
    later = apply(drawing, add_cell(drawing, 4, "另一个").change)
    later = apply(later, paint(later, later.ids[later.cell == 3][:2], 4).change)
    later = apply(later, rename(later, 2, "改了名").change)
    after = apply(later, rebased(later, change, basis, 5))
    assert sorted(after.cells) == [1, 2, 3, 4, 5]
    assert after.cells[2].name == "改了名"
    assert after.cells[5].number == 5
    assert (after.cell[later.cell == 4] == 4).all()
    assert set(after.cell[drawing.cell == 2].tolist()) == {2, 5}


def test_ground_that_left_or_joined_what_it_divided_ends_it():
    drawing = street()
    change, basis = made(drawing)
    left = apply(drawing, moved(drawing, np.flatnonzero(drawing.cell == 2)[:1], 1))
    joined = apply(drawing, moved(drawing, np.flatnonzero(drawing.cell == 1)[:1], 2))
    assert rebased(left, change, basis, 4) is None
    assert rebased(joined, change, basis, 4) is None


def test_a_cell_that_was_locked_since_ends_it():
    drawing = street()
    change, basis = made(drawing)
    assert rebased(apply(drawing, lock(drawing, [2], True).change), change, basis, 4) is None
    assert rebased(apply(drawing, lock(drawing, [1], True).change), change, basis, 4) is not None


def test_a_tile_that_is_gone_ends_it():
    drawing = street()
    change, basis = made(drawing)
    gone = replace(drawing, ids=np.where(drawing.cell == 2, drawing.ids + 1000, drawing.ids))
    assert rebased(gone, change, basis, 4) is None
