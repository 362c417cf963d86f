"""Automatic cells: in one piece, even, round, on one side of a river, and the same again for the same seed."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.blocks import blocks, cells_for, ferried, misfit, number_of_cells, pieces
from gis.areas.plans.ground import Between, survey
from gis.areas.plans.proposal import _links, _piece, propose
from gis.areas.plans.scorecard import crossings, deviations, score, strays
from gis.areas.plans.search import Search
from gis.areas.plans.tiles import cut
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.drawn import estate, houses, wild

QUICK = Wish(target=100, effort=60, runs=1)


def test_an_estate_of_equal_houses_is_divided_evenly():
    tiles, ground = estate(8, 6)
    load = np.full(48, 25.0)
    card = score(ground, tiles.shapes, propose(ground, load, Wish(target=100)).cell, load, Wish(target=100))
    assert (card.cells, card.worst, card.stray) == (12, 0.0, 0)
    assert card.compact_mean > 0.6  # a square of four is π/4


def test_no_cell_crosses_a_river_where_both_sides_can_be_divided():
    _, ground = estate(8, 5, barrier_at=4)
    cell = propose(ground, np.full(40, 25.0), QUICK).cell
    assert len(crossings(ground, cell)) == 0


def test_a_strip_too_small_for_a_cell_joins_across_the_river_and_the_cell_is_named():
    _, ground = estate(9, 4, barrier_at=8)
    load = np.full(36, 12.5)  # 50 homes on the strip, 400 beside it
    proposal = propose(ground, load, QUICK)
    assert len(np.unique(proposal.blocks.natural)) == 2
    assert len(np.unique(proposal.blocks.joined)) == 1
    assert 1 <= len(crossings(ground, proposal.cell)) <= 2


def test_a_tower_bigger_than_a_cell_does_not_cost_its_neighbours_theirs():
    _, ground = estate(5, 5)
    load = np.full(25, 25.0)
    load[12] = 400
    assert cells_for(load, QUICK) == 7
    off = deviations(propose(ground, load, replace(QUICK, effort=400)).cell, load, 100)
    assert (np.abs(np.sort(off)[:-1]) <= 0.25 + 1e-9).all()


def test_an_island_with_few_homes_belongs_to_a_cell_of_the_mainland():
    outline = shapely.union_all([shapely.box(0, 0, 80, 40), shapely.box(200, 0, 220, 20)])
    footprints = np.append(houses(4, 2), shapely.box(205, 5, 215, 15))
    tiles = cut(outline, np.array([], object), footprints)
    ground = survey(tiles, np.array([], object), np.array([], int))
    load = tiles.sums(np.full(9, 22.0))
    cell = propose(ground, load, QUICK).cell
    assert np.bincount(cell, load).tolist() == [110, 88] or np.bincount(cell, load).tolist() == [88, 110]
    assert strays(ground, cell) == 0


def test_no_homes_at_all_make_one_cell():
    _, ground = estate(3, 3)
    assert propose(ground, np.zeros(9), QUICK).cell.tolist() == [0] * 9


def test_one_building_makes_one_cell():
    _, ground = estate(1, 1)
    assert propose(ground, np.array([7.0]), QUICK).cell.tolist() == [0]


@pytest.mark.parametrize(("load", "cells"), [(0, 1), (40, 1), (129, 1), (134, 2), (250, 3), (240, 2), (1000, 10)])
def test_the_number_of_cells_is_that_whose_mean_is_nearest(load, cells):
    assert number_of_cells(load, 100) == cells


def test_a_block_fits_when_a_number_of_cells_comes_near():
    assert misfit(300, 100) == 0
    assert misfit(140, 100) == pytest.approx(0.3)  # two of 70


@given(seed=st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_on_any_ground_every_tile_has_a_cell_in_one_piece_inside_its_block(seed):
    outline, lines, footprints = wild(seed)
    tiles = cut(outline, lines, footprints)
    draw = np.random.default_rng(seed)
    ground = survey(tiles, lines, draw.integers(0, 3, len(lines)))
    load = tiles.sums(draw.integers(0, 60, len(footprints)))
    proposal = propose(ground, load, QUICK)
    names = np.unique(proposal.cell)
    assert (names == np.arange(len(names))).all()
    assert strays(ground, proposal.cell) == 0
    for name in names:
        assert len(set(proposal.blocks.joined[proposal.cell == name])) == 1
    # In one piece without crossing anything but what parts two joined pieces of ground.
    ground = ferried(ground)
    inside = (proposal.cell[ground.first] == proposal.cell[ground.second]) & proposal.blocks.gates(ground)
    assert pieces(ground, inside).max() + 1 == len(names)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_sums_kept_while_tiles_move_are_those_of_a_fresh_count(seed):
    outline, lines, footprints = wild(seed)
    tiles = cut(outline, lines, footprints)
    draw = np.random.default_rng(seed)
    ground = survey(tiles, lines, draw.integers(0, 3, len(lines)))
    every = np.full(len(ground.first), True)
    piece = _piece(ground, every, tiles.sums(draw.integers(0, 60, len(footprints))), 4)
    search = Search(piece, draw.integers(0, 4, len(tiles)).tolist(), 4, QUICK)
    for node, to in zip(draw.integers(0, len(tiles), 30).tolist(), draw.integers(0, 4, 30).tolist(), strict=True):
        if search.cell[node] == to or len(search.members[search.cell[node]]) < 2:
            continue
        before, gain = search.cost(), search.gain(node, to)
        search.move(node, to)
        assert search.cost() == pytest.approx(before - gain, rel=1e-6, abs=1e-6)
    fresh = Search(piece, search.cell.copy(), 4, QUICK)
    assert search.off_costs == pytest.approx(fresh.off_costs, rel=1e-6, abs=1e-6)
    assert search.shape_costs == pytest.approx(fresh.shape_costs, rel=1e-6, abs=1e-6)


def test_the_same_seed_gives_the_same_cells_and_another_seed_others():
    _, ground = estate(12, 10)
    load = np.random.default_rng(3).integers(5, 40, 120).astype(float)
    once, again = propose(ground, load, QUICK).cell, propose(ground, load, QUICK).cell
    assert (once == again).all()
    assert (once != propose(ground, load, replace(QUICK, seed=2)).cell).any()


def test_blocks_are_parted_by_barriers_alone():
    _, ground = estate(4, 2, barrier_at=2)
    assert len(np.unique(blocks(ground, np.full(8, 25.0), QUICK).natural)) == 2
    every = np.full(len(ground.first), True)
    assert _links(ground, every).nnz == 2 * len(ground.first)  # a barrier parts at no cost, and is there all the same
    assert (ground.between == Between.MAJOR).sum() == 2


def test_cells_published_from_a_proposal_are_a_coverage():
    tiles, ground = estate(6, 6)
    cell = propose(ground, np.full(36, 25.0), QUICK).cell
    shapes = np.array([shapely.union_all(tiles.shapes[cell == name]) for name in np.unique(cell)])
    assert shapely.coverage_is_valid(shapes)
