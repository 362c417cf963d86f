"""Proposing says what a careful person would do."""

import numpy as np
import pytest
import shapely

from gis.areas.repairing.finding import faults
from gis.areas.repairing.proposing import Act, proposals
from tests.gis.areas.repairing.towns import array, square


def one(shapes, outline=None):
    """The proposal for the fault of ground, or the only one."""
    return proposals(shapes, faults(shapes, outline))[0]


def test_a_gap_goes_to_the_longest_common_border():
    proposal = one(array(square(0, 0, 30), square(0, 10.5, 15), square(15, 10.5, 15)), square(0, 0, 30, 20.5))
    assert proposal.fault.area == pytest.approx(15)
    assert (proposal.act, proposal.to) == (Act.GIVE, 0)
    assert [round(taker.border, 1) for taker in proposal.takers] == [30, 15, 15]


def test_of_borders_alike_the_larger_shape_takes_the_gap():
    assert one(array(square(0, 0, 30, 10), square(0, 10), square(18, 10, 12), square(0, 20, 30, 5))).to == 2


def test_an_overlap_is_kept_by_the_smaller_where_the_borders_are_alike():
    assert one(array(square(0, 0, 101), square(100, 0))).to == 1
    assert one(array(square(100, 0), square(0, 0, 101))).to == 0


def test_a_shape_inside_another_keeps_its_ground():
    assert one(array(square(0, 0, 30, 30), square(10, 10))).to == 1


def test_wide_ground_of_nobody_is_left_as_it_is():
    ring = shapely.difference(square(0, 0, 300, 300), square(100, 100, 100, 100))
    proposal = one(array(ring))
    assert proposal.act == Act.LEAVE
    assert [taker.row for taker in proposal.takers] == [0]


def test_a_bow_tie_is_left_to_a_person_and_a_kink_is_mended():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    kink = shapely.Polygon(
        [(0, 0), (100, 0), (100, 100), (50, 100), (50.1, 100.1), (50.1, 99.9), (49.9, 100.1), (0, 100)]
    )
    assert one(array(bow)).act == Act.LEAVE
    assert one(array(kink)).act == Act.MEND


def test_what_lies_outside_is_clipped_and_a_double_dropped_and_a_border_matched():
    assert one(array(square(0, 0, 12)), square(0, 0)).act == Act.CLIP
    assert one(array(square(0, 0), square(0, 0))).act == Act.DROP
    assert one(array(square(0, 0), square(10.003, 0))).act == Act.MATCH


def test_a_sliver_goes_to_its_neighbour():
    whole = shapely.MultiPolygon([square(0, 0), square(20, 0, 0.2, 10)])
    assert one(array(whole, square(10, 0, 10, 3), shapely.box(20.2, 0, 30, 10))).to == 2


@pytest.mark.parametrize("digits", [3, 4, 6])
@pytest.mark.parametrize("away", [0.0, 0.0007, 0.37, 4_000_000.1234])
def test_the_last_digits_of_a_file_decide_nothing(digits, away):
    """Two neighbours whose borders with a gap, and whose sizes, are equal but for rounding: always the first row."""
    around = shapely.Polygon([(-20, -20), (60, -20), (60, 40), (-20, 40)], [[(0, 0), (40.0, 0), (40, 20), (0, 20)]])
    shapes = array(square(0, 0, 19.99, 20), square(20.01, 0, 19.99, 20), around)
    moved = shapely.transform(shapes, lambda xy: np.round(xy * (1 + 1e-9) + [away, -away / 3], digits))
    assert one(moved).to == 0
