"""Outlines from elsewhere laid into a drawing of two communities, 10 × 4 houses on squares of 20 m."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.drawing import apply
from gis.areas.plans.fitting import CHOICES, GAP, KEEPS, differences, fit
from tests.gis.areas.plans.planned import assert_sound, outline_of, rows_of_houses

WEST, EAST = 1, 2


@pytest.fixture
def drawing():
    return rows_of_houses(10, 4, cell=lambda x, y: WEST if x < 100 else EAST)


def test_an_outline_like_the_drawing_is_no_difference(drawing):
    assert differences(drawing, {WEST: shapely.box(0, 0, 100, 80)}, 1000).found == []


def test_it_says_what_reaches_over_and_what_falls_short(drawing):
    found = differences(drawing, {WEST: shapely.box(10, 0, 130, 80)}, 1000).found
    assert [(one.key, round(one.m2)) for one in found] == [("1-2-over", 2400), ("1-0-short", 800)]
    assert shapely.box(100, 0, 130, 80).contains(shapely.Point(found[0].at))


def test_the_outline_holds_where_nothing_is_said(drawing):
    after = apply(drawing, fit(drawing, {WEST: shapely.box(0, 0, 130, 80)}, {}, 1000).change)
    assert_sound(after, outline_of(drawing))
    assert shapely.equals(_ground(after, WEST), shapely.box(0, 0, 130, 80))


def test_the_neighbour_keeps_its_ground(drawing):
    edit = fit(drawing, {WEST: shapely.box(0, 0, 130, 80)}, {"1-2-over": KEEPS}, 1000)
    assert shapely.equals(_ground(apply(drawing, edit.change), WEST), shapely.box(0, 0, 100, 80))


def test_the_ground_is_left_to_nobody(drawing):
    edit = fit(drawing, {WEST: shapely.box(0, 0, 130, 80)}, {"1-2-over": GAP}, 1000)
    after = apply(drawing, edit.change)
    assert shapely.equals(_ground(after, 0), shapely.box(100, 0, 130, 80))


def test_what_it_gives_up_goes_to_the_neighbour(drawing):
    after = apply(drawing, fit(drawing, {WEST: shapely.box(0, 0, 70, 80)}, {}, 1000).change)
    assert shapely.equals(_ground(after, EAST), shapely.box(70, 0, 200, 80))


def test_what_it_gives_up_at_the_edge_is_nobodys(drawing):
    after = apply(drawing, fit(drawing, {WEST: shapely.box(20, 0, 100, 80)}, {}, 1000).change)
    assert shapely.equals(_ground(after, 0), shapely.box(0, 0, 20, 80))


def test_two_outlines_that_claim_the_same_ground(drawing):
    outlines = {WEST: shapely.box(0, 0, 120, 80), EAST: shapely.box(100, 0, 200, 80)}
    found = differences(drawing, outlines, 1000).found
    assert [one.key for one in found] == ["1-2-both"]
    after = apply(drawing, fit(drawing, outlines, {"1-2-both": KEEPS}, 1000).change)
    assert shapely.equals(_ground(after, WEST), shapely.box(0, 0, 100, 80))


def test_ground_of_another_community_stays(drawing):
    community = np.where(drawing.cell == WEST, "110101001001", "110101001002").astype(object)
    cells = {number: replace(one, community=f"11010100100{number}") for number, one in drawing.cells.items()}
    drawing = replace(drawing, community=community, cells=cells)
    after = apply(drawing, fit(drawing, {WEST: shapely.box(20, 0, 130, 80)}, {}, 1000).change)
    assert shapely.equals(_ground(after, EAST), shapely.box(100, 0, 200, 80))
    assert shapely.equals(_ground(after, 0), shapely.box(0, 0, 20, 80))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.sampled_from(CHOICES), min_size=8, max_size=8))
def test_the_ground_stays_covered_whatever_is_chosen(seed, choices):
    draw = np.random.default_rng(seed)
    drawing = rows_of_houses(6, 4, cell=lambda x, y: 1 + int(x // 40) % 3)
    outlines = {}
    for number in draw.choice([1, 2, 3], size=draw.integers(1, 4), replace=False).tolist():
        angle = np.sort(draw.random(7)) * 2 * np.pi
        radius, middle = draw.random(7) * 70 + 5, draw.random(2) * [120, 80]
        xy = middle + radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
        outlines[number] = shapely.make_valid(shapely.Polygon(xy))
    found = differences(drawing, outlines, 1000).found
    edit = fit(drawing, outlines, {one.key: choices[place % 8] for place, one in enumerate(found)}, 1000)
    after = apply(drawing, edit.change)
    assert_sound(after, outline_of(drawing))
    again = apply(after, edit.change.inverse())
    assert shapely.equals_identical(again.shapes, drawing.shapes).all()
    assert (again.cell == drawing.cell).all()


def _ground(drawing, number):
    return shapely.coverage_union_all(drawing.shapes[drawing.cell == number])
