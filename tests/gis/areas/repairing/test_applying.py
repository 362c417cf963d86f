"""Applying does what was chosen, exactly, and leaves everything else as it came."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis.areas.repairing.applying import apply
from gis.areas.repairing.finding import faults
from gis.areas.repairing.proposing import Act, proposals
from tests.gis.areas.repairing.towns import BOX, array, spoilt, square, town


def decided(shapes, outline=None):
    """The proposals, with the ground of every fault given to somebody."""
    found = proposals(shapes, faults(shapes, outline))
    return [one.given(one.takers[0].row) if one.act == Act.LEAVE and one.takers else one for one in found]


def mended(shapes, outline=None):
    """What is there after all faults were accepted, and those that came of it."""
    for _ in range(3):
        shapes = apply(shapes, decided(shapes, outline), outline).shapes
        shapes = shapes[~shapely.is_missing(shapes)]
    return shapes


def test_the_loser_of_an_overlap_is_cut_and_the_keeper_keeps_its_ground():
    shapes = array(square(0, 0, 101), square(100, 0))
    done = apply(shapes, proposals(shapes, faults(shapes))).shapes
    assert shapely.equals(done[0], square(0, 0, 100))
    assert shapely.coverage_is_valid(done)
    assert shapely.equals(done[1], shapes[1])


def test_a_gap_is_filled_by_the_one_that_was_chosen():
    shapes = array(square(0, 0, 30, 10), square(0, 10, 10), square(18, 10, 12), square(0, 20, 30, 5))
    proposal, *rest = proposals(shapes, faults(shapes))
    done = apply(shapes, [proposal.given(2), *rest]).shapes
    assert shapely.area(done[2]) == pytest.approx(200)
    assert shapely.coverage_is_valid(done)
    assert faults(done) == []


def test_nothing_chosen_changes_nothing():
    shapes = spoilt(np.random.default_rng(5), town(np.random.default_rng(5)))
    for chosen in ([], [one.left() for one in decided(shapes)]):
        done = apply(shapes, chosen)
        assert all(now is before for now, before in zip(done.shapes, shapes, strict=True))


def test_the_second_of_two_goes():
    shapes = array(square(0, 0), square(0, 0))
    done = apply(shapes, decided(shapes)).shapes
    assert done[0] is shapes[0]
    assert done[1] is None


def test_borders_get_the_same_vertices():
    shapes = array(square(0, 0), shapely.segmentize(square(10.004, 0), 3))
    done = apply(shapes, decided(shapes)).shapes
    assert shapely.coverage_is_valid(done)
    assert faults(done) == []
    assert np.abs(shapely.area(done) - shapely.area(shapes)).max() < 0.05


def test_a_chosen_fault_beside_a_ring_that_stays_crossed_is_not_done():
    kink = shapely.Polygon(
        [(0, 0), (100, 0), (100, 100), (50, 100), (50.1, 100.1), (50.1, 99.9), (49.9, 100.1), (0, 100)]
    )
    shapes = array(kink, square(99, 0, 10, 100))
    found = proposals(shapes, faults(shapes))
    overlap = [one for one in found if one.fault.kind == "overlap"]
    done = apply(shapes, overlap)
    assert done.undone == overlap
    assert done.shapes[1] is shapes[1]
    assert apply(shapes, found).undone == []
    assert shapely.is_valid(apply(shapes, found).shapes).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_everything_accepted_gives_a_coverage(seed, with_outline):
    rng = np.random.default_rng(seed)
    outline = BOX if with_outline else None
    done = mended(spoilt(rng, town(rng)), outline)
    assert shapely.is_valid(done).all()
    assert shapely.coverage_is_valid(done)
    if with_outline:
        assert shapely.area(shapely.symmetric_difference(BOX, shapely.union_all(done))) < 0.01


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
@example(921102930)  # the mouth of a gap that was not chosen, wide and with a long thin tail, lies at the ground
def test_only_what_was_chosen_changes(seed):
    """Beyond the ground of the chosen faults borders move by centimetres, and those of far shapes not at all."""
    rng = np.random.default_rng(seed)
    shapes = spoilt(rng, town(rng))
    chosen = [one for one in decided(shapes) if rng.random() < 0.4]
    done = apply(shapes, chosen).shapes
    ground = shapely.union_all([one.fault.region for one in chosen])
    takers = {one.to for one in chosen}
    for row, (before, now) in enumerate(zip(shapes, done, strict=True)):
        if row not in takers and shapely.distance(before, ground) > 0.05:
            assert now is before
        elif now is not None and shapely.is_valid(before):
            changed = shapely.difference(shapely.symmetric_difference(before, now), shapely.buffer(ground, 0.1))
            assert shapely.is_empty(shapely.buffer(changed, -0.1))
