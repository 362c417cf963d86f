"""Cells within communities that are drawn anew: which part stands by itself, which joins a neighbour."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.inheriting import main_heir, parts_of
from tests.gis.areas.plans.drawn import estate


def _parts(columns, rows, community_of, cell_of, load=None):
    """Parts of an estate of houses; `community_of` and `cell_of` a column and row."""
    tiles, ground = estate(columns, rows)
    at = (ground.middle // 20).astype(int)
    community = np.array([community_of(x, y) for x, y in at])
    cell = np.array([cell_of(x, y) for x, y in at])
    load = np.ones(len(tiles)) if load is None else np.array([load(x, y) for x, y in at], dtype=float)
    return parts_of(ground, community, cell, load), community, cell, at, ground


def test_a_whole_cell_goes_over_as_it_is():
    parts, *_ = _parts(6, 2, lambda x, y: 1 if x < 2 else 2, lambda x, y: x // 2)
    assert parts.community.tolist() == [1, 2, 2]
    assert parts.cell.tolist() == [0, 1, 2]


def test_half_a_cell_stands_on_both_sides_of_the_border():
    parts, *_ = _parts(4, 2, lambda x, y: 1 if x < 2 else 2, lambda x, y: 0)
    assert sorted(zip(parts.community.tolist(), parts.cell.tolist(), strict=True)) == [(1, 0), (2, 0)]


def test_a_small_part_joins_the_cell_it_borders_on_longest():
    # cell 0: x 0…3, cells 1 and 2 to the east of it, one above the other; the border takes the column x = 3
    def cell(x, y):
        return 0 if x < 4 else 1 if y < 3 else 2

    parts, _community, _cell, at, _ground = _parts(8, 4, lambda x, y: 1 if x < 3 else 2, cell)
    assert parts.cell.tolist() == [0, 1, 2]
    strip = parts.part[at[:, 0] == 3]
    assert set(strip.tolist()) == {1}  # three squares of border with cell 1, one with cell 2


def test_households_count_before_ground():
    # nine tenths of the ground stay, all households go: what is left joins nobody, for it is alone in its community
    parts, *_ = _parts(10, 1, lambda x, y: 1 if x < 9 else 2, lambda x, y: 0, lambda x, y: 5 if x == 9 else 0)
    assert sorted(zip(parts.community.tolist(), parts.cell.tolist(), strict=True)) == [(1, 0), (2, 0)]


def test_ground_of_no_cell_joins_one_and_ground_of_no_community_none():
    parts, _community, _cell, at, _ground = _parts(
        6, 1, lambda x, y: 0 if x == 5 else 1, lambda x, y: 0 if x < 2 else 1 if x < 4 else -1
    )
    assert parts.part[np.argsort(at[:, 0])].tolist() == [0, 0, 1, 1, 1, -1]


def test_where_an_old_area_went():
    of, to = np.array([0, 0, 0, 1, -1]), np.array([7, 7, 8, 0, 8])
    assert main_heir(of, to, np.array([3.0, 3, 2, 0, 9]), np.ones(5), 2) == [{7: 0.75, 8: 0.25}, {0: 1.0}]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4), st.integers(0, 6))
def test_every_tile_of_a_community_is_in_one_cell_of_it(seed, communities, cells):
    draw = np.random.default_rng(seed)
    parts, community, cell, _at, ground = _parts(
        6, 5, lambda x, y: draw.integers(0, communities + 1), lambda x, y: draw.integers(-1, cells),
        lambda x, y: draw.choice([0, 0, 1, 5]),
    )  # fmt: skip
    inside = community > 0
    assert (parts.part[~inside] == -1).all()
    assert (parts.part[inside] >= 0).all()
    assert (parts.community[parts.part[inside]] == community[inside]).all()
    assert sorted(set(parts.part[inside].tolist())) == list(range(len(parts)))
    for row in range(len(parts)):  # a cell has some ground of the cell that it continues
        assert ((parts.part == row) & (cell == parts.cell[row])).any()
    named = list(zip(parts.community.tolist(), parts.cell.tolist(), strict=True))
    assert len(set(named)) == len(named)
    assert len(ground) == len(parts.part)
