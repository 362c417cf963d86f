"""The compiled loop of the search says of every move what the plain one says, and keeps its sums exact."""

from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.areas.plans import moves
from gis.areas.plans.annealing import anneal
from gis.areas.plans.bisecting import bisect
from gis.areas.plans.blocks import ferried, pieces
from gis.areas.plans.ground import part_of, survey
from gis.areas.plans.proposal import _links, _piece
from gis.areas.plans.scorecard import strays
from gis.areas.plans.search import Search
from gis.areas.plans.tiles import cut
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.drawn import estate, wild

WISH = Wish(target=100)


def _drawn(seed: int):
    outline, lines, footprints = wild(seed)
    tiles = cut(outline, lines, footprints)
    draw = np.random.default_rng(seed)
    ground = ferried(survey(tiles, lines, draw.integers(0, 3, len(lines))))
    return ground, tiles.sums(draw.integers(0, 60, len(footprints))), draw


def _of(ground, load: np.ndarray, cell: np.ndarray, step: float = 0.0) -> Search:
    piece = _piece(ground, np.full(len(ground.first), True), load, 4)
    return Search(piece, cell.tolist(), int(cell.max()) + 1, WISH, step=step)


@given(seed=st.integers(0, 10_000))
@example(seed=12)  # no border between two cells
@settings(max_examples=20, deadline=None)
def test_every_move_over_a_border_is_weighed_as_the_plain_search_weighs_it(seed):
    ground, load, draw = _drawn(seed)
    search = _of(ground, load, draw.integers(0, 4, len(ground)), step=1.5)
    network, prices, cells = moves.as_arrays(search)
    edges = cells.crossing[: cells.many[0]].tolist()
    assert sorted(edges) == np.flatnonzero(cells.cell[network.owner] != cells.cell[network.link]).tolist()
    for edge in edges:
        node, to = int(network.owner[edge]), int(cells.cell[network.link[edge]])
        assert moves.holds_without(network, cells, node) == search.holds_without(node)
        if len(search.members[search.cell[node]]) > 1:
            shape = moves.gain_of_shape(network, prices, cells, node, to)
            assert shape == pytest.approx(search.gain_of_shape(node, to), rel=1e-6, abs=1e-6)
            evened = moves.gain_of_load(prices, cells, load[node], search.cell[node], to)
            assert evened == pytest.approx(search.gain_of_load(node, to), rel=1e-6, abs=1e-6)


@given(seed=st.integers(0, 10_000), heat=st.sampled_from((0.01, 1.0, 20.0)))
@settings(max_examples=20, deadline=None)
def test_after_many_tries_the_sums_are_those_of_a_fresh_count_and_cells_are_in_one_piece(seed, heat):
    ground, load, draw = _drawn(seed)
    piece = pieces(ground, np.full(len(ground.first), True))
    rows = np.flatnonzero(piece == np.argmax(np.bincount(piece)))
    (ground, _), load = part_of(ground, rows), load[rows]
    start = bisect(_links(ground, np.full(len(ground.first), True)), load, ground.middle, 4)
    network, prices, cells = moves.as_arrays(_of(ground, load, start))
    moves.attempts(network, prices, cells, 500, heat, 1.0, draw)
    fresh = moves.as_arrays(_of(ground, load, cells.cell))[2]
    for kept, counted in zip(cells[1:7], fresh[1:7], strict=True):
        assert kept == pytest.approx(counted, rel=1e-6, abs=1e-6)
    crossing = cells.crossing[: cells.many[0]]
    assert sorted(crossing) == sorted(fresh.crossing[: fresh.many[0]])
    assert (cells.place[crossing] == np.arange(cells.many[0])).all()
    assert strays(ground, cells.cell) == 0
    assert cells.size.min() > 0


def test_a_search_that_cools_makes_the_sum_smaller():
    ground = estate(20, 10)[1]
    load = np.random.default_rng(1).integers(0, 20, len(ground)).astype(float)
    start = bisect(_links(ground, np.full(len(ground.first), True)), load, ground.middle, 19)
    search = _of(ground, load, start)
    before = search.cost()
    anneal(search, 200_000, Random(1))
    assert search.cost() < 0.95 * before


def test_whoever_waits_hears_of_it_and_may_stop():
    told = []

    def tell(share: float) -> None:
        told.append(share)
        if share > 0.3:
            raise InterruptedError

    ground = estate(6, 6)[1]
    search = _of(ground, np.full(36, 25.0), np.arange(36) // 9)
    with pytest.raises(InterruptedError):
        anneal(search, 1_000_000, Random(1), tell)
    assert told == [0.0, 0.2, 0.4]
