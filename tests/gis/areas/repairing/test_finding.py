"""Finding finds every kind of fault, and none where there is none."""

import numpy as np
import pytest
import shapely

from gis.areas.repairing.fault import Kind, Limits
from gis.areas.repairing.finding import faults
from tests.gis.areas.repairing.towns import BOX, array, square, town


def kinds(shapes, outline=None, **limits):
    return [fault.kind for fault in faults(shapes, outline, Limits(**limits))]


def test_a_coverage_has_no_fault():
    assert faults(town(np.random.default_rng(1)), BOX) == []


def test_no_shape_has_no_fault():
    assert faults(np.empty(0, dtype=object)) == []


def test_it_finds_an_overlap_with_its_ground():
    (fault,) = faults(array(square(0, 0, 11), square(10, 0)))
    assert (fault.kind, fault.shapes) == (Kind.OVERLAP, (0, 1))
    assert fault.area == pytest.approx(10)
    assert fault.place == pytest.approx((10.5, 5))
    assert fault.width == pytest.approx(2 * 10 / 22)


def test_ground_of_three_is_one_fault_and_ground_of_two_another():
    found = faults(array(square(0, 0), square(6, 0), square(4, 0)))
    assert {(fault.shapes, round(fault.area)) for fault in found} == {((0, 1, 2), 40), ((0, 2), 20), ((1, 2), 40)}


def test_it_finds_a_gap_between_shapes_and_a_hole_in_one():
    holed = shapely.difference(square(20, 0), square(24, 4, 1, 1))
    found = faults(array(square(0, 0), square(11, 0, 9), square(0, 10, 30, 5), square(0, -5, 30, 5), holed))
    found = [fault for fault in found if fault.kind != Kind.EDGE]
    assert [(fault.kind, fault.shapes, round(fault.area, 6)) for fault in found] == [
        (Kind.GAP, (0, 1, 2, 3), 10),
        (Kind.HOLE, (4,), 1),
    ]


def test_an_island_in_a_hole_is_no_fault():
    holed = shapely.difference(square(0, 0, 30, 30), square(10, 10))
    assert faults(array(holed, square(10, 10))) == []


def test_it_finds_a_narrow_gap_open_to_the_outside():
    (fault,) = faults(array(square(0, 0), square(10.3, 0)))
    assert (fault.kind, fault.shapes) == (Kind.GAP, (0, 1))
    assert fault.area == pytest.approx(3, rel=0.01)


def test_a_wide_street_between_two_is_no_fault_unless_an_outline_says_so():
    apart = array(square(0, 0), square(14, 0))
    assert faults(apart) == []
    (fault,) = faults(apart, square(0, 0, 24))
    assert (fault.kind, fault.area) == (Kind.GAP, pytest.approx(40))


def test_it_finds_what_lies_beyond_the_outline():
    (fault,) = faults(array(square(0, 0), square(10, 0, 12)), square(0, 0, 20))
    assert (fault.kind, fault.shapes, fault.area) == (Kind.OUTSIDE, (1,), pytest.approx(20))


def test_ground_of_the_outline_that_touches_no_shape_is_a_gap_of_nobody():
    outline = shapely.MultiPolygon([square(0, 0), square(50, 0)])
    (fault,) = faults(array(square(0, 0)), outline)
    assert (fault.kind, fault.shapes) == (Kind.GAP, ())


def test_it_finds_a_ring_that_crosses_itself():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert [fault.kind for fault in faults(array(bow, square(20, 0)))] == [Kind.RING]


def test_it_finds_the_second_of_two_of_the_same():
    (fault,) = faults(array(square(0, 0), square(10, 0), square(0, 0)))
    assert (fault.kind, fault.shapes) == (Kind.DUPLICATE, (0, 2))


def test_it_finds_a_thin_part_apart_from_its_shape():
    whole = shapely.MultiPolygon([square(0, 0), square(20, 0, 0.2, 10)])
    found = faults(array(whole, square(10, 0), shapely.box(20.2, 0, 30, 10)))
    assert [(fault.kind, fault.shapes) for fault in found] == [(Kind.SLIVER, (0,))]


def test_it_finds_a_vertex_that_the_neighbour_does_not_have():
    with_vertex = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 5)])
    (fault,) = faults(array(square(0, 0), with_vertex))
    assert (fault.kind, fault.shapes, fault.area) == (Kind.EDGE, (0, 1), 0)


def test_borders_that_miss_each_other_by_millimetres_are_a_fault_of_vertices():
    assert kinds(array(square(0, 0), square(10.004, 0))) == [Kind.EDGE]
    assert kinds(array(square(0, 0), square(9.996, 0))) == [Kind.EDGE]
    assert kinds(array(square(0, 0), square(9.996, 0)), match=0.001) == [Kind.OVERLAP]


def test_a_wide_place_with_a_long_thin_tail_is_ground_and_no_hair():
    """A hole of 0.4 m, from which a crack of 0.1 mm runs on for 300 m: a hair on the mean."""
    crack = shapely.Polygon([(50, 5), (50, 5.4), (50.4, 5.2001), (350, 5.2), (50.4, 5.2)])
    (fault,) = faults(array(shapely.difference(square(0, 0, 400), crack)))
    assert (fault.kind, fault.shapes) == (Kind.HOLE, (0,))
    assert fault.width < Limits().match
    assert fault.area == pytest.approx(shapely.area(crack))


def test_what_is_no_polygon_is_left_alone():
    assert faults(array(square(0, 0), None, shapely.Point(1, 1), shapely.Polygon())) == []


def test_it_tells_how_far_it_is():
    told = []
    faults(town(np.random.default_rng(2)), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
