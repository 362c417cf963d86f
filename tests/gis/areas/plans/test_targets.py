"""Which target fits: reckoned by the rule of the proposal, never more than could be, and kept by what is then drawn."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.alternatives import Asked, proposed
from gis.areas.plans.drawing import apply
from gis.areas.plans.targets import NEAR, SPREAD, advice, around, fitting, reaches
from gis.areas.plans.weak_points import card_of
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.drawn import houses, wild
from tests.gis.areas.plans.planned import plan, rows_of_houses

ASKED = Asked(Wish(target=100, effort=60))
HOMES = st.lists(st.integers(0, 40), min_size=1, max_size=60)


def two_communities(*columns: int, homes: float = 10.0):
    """Two of so many columns of five houses each."""
    middle, east = columns[0] * 20, sum(columns) * 20
    codes = {"110101001001": shapely.box(0, 0, middle, 100), "110101001002": shapely.box(middle, 0, east, 100)}
    return plan(shapely.box(0, 0, east, 100), [], [], houses(sum(columns), 5), np.full(sum(columns) * 5, homes), codes)


def test_a_total_that_is_no_whole_number_of_cells_fits_nothing_and_another_target_is_named():
    found = advice(rows_of_houses(7, 2), ASKED)  # 140 homes: one cell is too much, two are too little
    assert (found.asked.cells, found.asked.within) == (2, 0)
    assert (found.best.cells, found.best.within) == (2, 2)
    assert found.best.target == pytest.approx(73, abs=2)  # 70 a cell, with room for houses that cannot be cut
    assert found.near is None


def test_a_target_that_fits_is_left_alone():
    found = advice(rows_of_houses(8, 5), ASKED)
    assert (found.asked.cells, found.asked.within, found.best, found.near) == (4, 4, None, None)


def test_every_community_counts_by_itself():
    drawing = two_communities(3, 3)  # 150 and 150: together three cells of 100, apart 75 each
    assert [(one.cells, one.within) for one in reaches(drawing, ASKED, [100, 75])] == [(4, 0), (4, 4)]
    assert [one.cells for one in reaches(drawing, replace(ASKED, community="110101001002"), [75])] == [2]


def test_a_river_parts_where_both_sides_make_whole_cells_and_not_where_one_does_not():
    both, one = rows_of_houses(10, 4, river_after=5), rows_of_houses(9, 4, river_after=8)
    strict = replace(ASKED, wish=replace(ASKED.wish, strict=True))
    assert [(r.cells, r.within) for r in reaches(both, ASKED, [100])] == [(4, 4)]
    assert [(r.cells, r.within) for r in reaches(one, ASKED, [90, 100])] == [(4, 4), (4, 4)]  # 320 and 40, joined
    assert [(r.cells, r.within) for r in reaches(one, strict, [100])] == [(4, 3)]


def test_a_building_larger_than_a_cell_is_a_cell_out_of_tolerance():
    assert fitting(np.array([400.0, *[10.0] * 20]), ASKED.wish).tolist() == [3, 2, 2]
    assert fitting(np.array([400.0, 10.0]), ASKED.wish).tolist() == [1, 0, 0]


def test_where_there_are_as_many_cells_as_tiles_each_is_looked_at():
    assert fitting(np.array([95.0, 140.0]), ASKED.wish).tolist() == [2, 1, 1]


def test_ground_without_homes_is_a_cell_that_does_not_fit():
    drawing = plan(shapely.box(0, 0, 80, 60), [], [], houses(0, 1), np.zeros(0))
    assert [(one.cells, one.within) for one in reaches(drawing, ASKED, [100])] == [(1, 0)]


@given(st.floats(1, 900_000))
def test_targets_lie_around_the_one_asked_and_it_is_one_of_them(target):
    found = around(target)
    assert found == sorted(set(found))
    assert target in found
    assert found[0] >= max(1, target * (1 - SPREAD) - 0.5)
    assert found[-1] <= target * (1 + SPREAD) + 0.5


@given(HOMES, st.integers(20, 200), st.floats(0.01, 0.4))
def test_no_more_is_claimed_than_homes_could_make_if_every_one_could_be_moved(homes, target, tolerance):
    """As many cells as there are, each of at least the lower limit; and all of them only where the total allows it."""
    load, wish = np.array(homes, dtype=float), Wish(target, tolerance)
    cells, within, firm = fitting(load, wish)
    low, high = target * (1 - tolerance), target * (1 + tolerance)
    assert 0 <= firm <= within <= cells <= len(load)
    assert within * low <= load.sum() + 1e-6
    assert within < cells or cells * low - 1e-6 <= load.sum() <= cells * high + 1e-6


@given(HOMES, st.integers(20, 200), st.floats(0.01, 0.4), st.floats(0.01, 0.4))
def test_more_tolerance_never_fits_a_smaller_share(homes, target, one, other):
    load = np.minimum(np.array(homes, dtype=float), target)  # none is a cell by itself
    less, more = (fitting(load, Wish(target, tolerance)) for tolerance in sorted((one, other)))
    assert less[0] == more[0]
    assert less[1] <= more[1]


@given(seed=st.integers(0, 100_000), target=st.sampled_from([80.0, 100.0, 240.0]), compounds=st.booleans())
@settings(max_examples=8, deadline=None)
def test_on_any_ground_what_was_kept_for_one_target_is_right_for_another(seed, target, compounds):
    outline, lines, footprints = wild(seed)
    draw = np.random.default_rng(seed)
    homes = draw.integers(0, 60, len(footprints))
    drawing = plan(outline, lines, draw.integers(0, 3, len(lines)), footprints, homes)
    drawing = replace(drawing, compound=draw.integers(0, 4, len(drawing)))
    asked = replace(ASKED, compounds=compounds, wish=replace(ASKED.wish, target=target))
    together = reaches(drawing, asked, around(target)[::6])
    assert together == [reaches(drawing, asked, [one.target])[0] for one in together]


@pytest.mark.parametrize("columns", [(3, 3), (4, 6), (7, 5)])
def test_what_is_promised_is_what_is_drawn(columns):
    drawing = two_communities(*columns, homes=7.0)
    found = advice(drawing, ASKED)
    best = found.best or found.asked
    wish = replace(ASKED.wish, target=best.target)
    card = card_of(apply(drawing, proposed(drawing, replace(ASKED, wish=wish), 1)), ASKED.weights, wish)
    assert card.cells == best.cells
    assert card.within * card.cells >= best.within - 1


@given(columns=st.tuples(st.integers(1, 9), st.integers(1, 9)), target=st.integers(40, 300))
@settings(max_examples=8, deadline=None)
def test_whoever_follows_the_advice_comes_to_an_end_near_by(columns, target):
    """A target that was taken is not at once followed by a smaller one that is a little better still."""
    drawing = two_communities(*columns)

    def better(wanted: float) -> float | None:
        best = advice(drawing, replace(ASKED, wish=replace(ASKED.wish, target=wanted))).best
        return best and best.target

    seen = [float(target)]
    while (following := better(seen[-1])) is not None:
        assert following not in seen
        seen.append(following)
    assert len(seen) <= 4


def test_near_is_named_where_it_is_another_than_the_best():
    found = advice(two_communities(3, 9), ASKED)  # 150 and 450
    near = [one for one in found.all if abs(one.target - 100) <= NEAR * 100]
    assert found.near is None or found.near in near
    assert found.best not in near or found.near is None
