"""Dividing anew what is far off: the window about a cell stays small enough to be searched."""

from random import Random

import numpy as np

from gis.areas.plans.proposal import _piece
from gis.areas.plans.rearranging import _WIDEST, _evened, _window
from gis.areas.plans.search import Search
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.drawn import estate


def test_a_window_beside_a_cell_of_many_tiles_takes_the_others():
    """A tower between a village and two rows: the village is too much, the rows are not."""
    _, ground = estate(26, 26)
    x = np.round((ground.middle[:, 0] - 10) / 20).astype(int)
    cell = np.select([x == 0, x == 1, x == 2], [0, 1, 2], 3)  # 26 tiles each, and 598
    piece = _piece(ground, np.full(len(ground.first), True), np.ones(len(ground)), 4)
    search = Search(piece, cell.tolist(), 4, Wish())
    assert _window(search, 1, 1) == [0, 1, 2]
    assert _window(search, 1, 3) == [0, 1, 2]
    assert sum(len(search.members[one]) for one in _window(search, 1, 3)) <= _WIDEST


def test_a_cell_just_out_of_tolerance_is_brought_into_it():
    """Four strips of a field of equal houses, the first two columns too wide: its neighbour can take some."""
    _, ground = estate(40, 10)
    x = np.round((ground.middle[:, 0] - 10) / 20).astype(int)
    cell = np.digitize(x, [12, 21, 30])  # 120, 90, 90 and 100 tiles
    piece = _piece(ground, np.full(len(ground.first), True), np.ones(len(ground)), 4)
    wish = Wish(target=100, tolerance=0.1)
    search = Search(piece, cell.tolist(), 4, wish)
    assert sorted(search.loads) == [90, 90, 100, 120]
    evened = _evened(search, 0, 1, wish, Random(1))
    assert not any(evened.is_off(load) for load in evened.loads)
    assert sum(evened.loads) == len(ground)
