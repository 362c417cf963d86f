"""A cut parts tiles along a line and changes nothing else."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.differing import difference
from gis.areas.plans.drawing import apply, moved
from gis.areas.plans.ground import Between
from gis.areas.plans.measuring import measures
from gis.areas.plans.packing import pack_change, pack_drawing, unpack_change, unpack_drawing
from gis.areas.plans.recutting import recut
from gis.errors import BadGeometry
from tests.gis.areas.plans.drawn import wild
from tests.gis.areas.plans.planned import WEIGHTS, assert_same, assert_sound, outline_of, plan, rows_of_houses


def line(*xy) -> np.ndarray:
    return np.array([shapely.LineString(xy)])


def test_a_line_across_a_tile_makes_two_of_it_and_the_house_stays_with_one():
    drawing = rows_of_houses(3, 1)
    after = apply(drawing, recut(drawing, line((22, -5), (22, 25)), 100))
    assert after.ids.tolist() == [1, 3, 100, 101]
    assert sorted(shapely.area(after.shapes[2:])) == pytest.approx([40.0, 360.0])
    large = after.ids[2 + int(np.argmax(shapely.area(after.shapes[2:])))]
    assert after.home.tolist() == [1, large, 3]
    assert_sound(after, shapely.box(0, 0, 60, 20))


def test_a_tile_that_only_gets_a_corner_keeps_its_number():
    drawing = rows_of_houses(2, 1)
    after = apply(drawing, recut(drawing, line((10, 10), (25, 10), (25, 30)), 100))
    assert after.ids.tolist() == [1, 100, 101]
    assert shapely.get_num_coordinates(after.shapes[0]) == shapely.get_num_coordinates(drawing.shapes[0]) + 1


@pytest.mark.parametrize("ends", [((5, 5), (8, 15)), ((-50, 5), (-40, 5)), ((0, 0), (0, 20)), ((20, -3), (20, 23))])
def test_a_line_that_parts_nothing_changes_nothing(ends):
    drawing = rows_of_houses(2, 1)
    assert not recut(drawing, line(*ends), 100)


def test_pieces_inherit_cell_and_what_lies_between():
    drawing = rows_of_houses(4, 1, river_after=2, cell=lambda x, y: 1 if x < 40 else 2)
    after = apply(drawing, recut(drawing, line((-5, 12), (85, 12)), 100))
    assert len(after) == 8
    assert after.cell.tolist() == [1 if x < 40 else 2 for x, _ in after.ground.middle]
    cross = (after.ground.middle[after.ground.first, 0] < 40) != (after.ground.middle[after.ground.second, 0] < 40)
    assert (after.ground.between[cross] == Between.MAJOR).all()
    assert (after.ground.between[~cross] == Between.NOTHING).all()


def test_a_barrier_lies_between_the_pieces_when_asked():
    drawing = rows_of_houses(1, 1)
    after = apply(drawing, recut(drawing, line((-5, 12), (25, 12)), 100, Between.MAJOR))
    assert after.ground.between.tolist() == [Between.MAJOR]


def test_a_sliver_joins_the_piece_beside_it():
    drawing = rows_of_houses(2, 1)
    assert not len(np.setdiff1d(apply(drawing, recut(drawing, line((20.1, -5), (20.1, 25)), 100)).ids, drawing.ids))


def test_a_line_between_two_lines_leaves_no_sliver():
    drawing = rows_of_houses(1, 1)
    both = np.append(line((-5, 12), (25, 12)), line((-5, 12.15), (25, 12.15)))
    after = apply(drawing, recut(drawing, both, 100))
    assert len(after) == 2
    assert shapely.area(after.shapes).min() > 100


@pytest.mark.parametrize("xy", [[(0, np.nan), (5, 5)], [(np.inf, 0), (5, 5)]])
def test_what_is_no_line_is_refused(xy):
    with pytest.raises(BadGeometry):
        recut(rows_of_houses(2, 1), line(*xy), 100)


def test_a_line_far_longer_than_the_ground_is_cut_off():
    drawing = rows_of_houses(2, 1)
    assert len(apply(drawing, recut(drawing, line((-1e9, 10), (1e9, 10)), 100))) == 4


@given(seed=st.integers(0, 100_000), far=st.sampled_from([0.0, 4_443_108.542]))
@settings(max_examples=60, deadline=None)
def test_any_cuts_of_any_ground_leave_a_coverage(seed, far):
    outline, lines, footprints = (shapely.transform(part, lambda xy: xy + far) for part in wild(seed))
    drawing = plan(outline, lines, np.full(len(lines), 1), footprints, np.ones(len(footprints)))
    whole, first_id = outline_of(drawing), len(drawing) + 1
    draw = np.random.default_rng(seed)
    for _ in range(5):
        cuts = line(*(far + draw.random((draw.integers(2, 5), 2)) * [480, 300]))
        change = recut(drawing, cuts, first_id)
        after = apply(drawing, change)
        assert_sound(after, whole)
        assert_same(apply(after, change.inverse()), drawing)
        assert_same(apply(drawing, difference(drawing, after)), after)
        assert_same(apply(drawing, unpack_change(pack_change(change))), after)
        drawing, first_id = after, max(first_id, int(after.ids.max()) + 1)


def test_a_house_in_three_counts_in_the_cell_that_holds_most_of_it_however_it_is_cut():
    drawing = rows_of_houses(3, 1, cell=lambda x, y: 1)  # its second house is 10 m wide, from x = 25
    for at, first_id in ((29.5, 100), (32.5, 200)):
        drawing = apply(drawing, recut(drawing, line((at, -5), (at, 25)), first_id))
    west, middle, east = (drawing.home[1], *np.setdiff1d(drawing.parts.tile, drawing.home[1]))
    assert drawing.parts.area[drawing.parts.tile == west].tolist() == pytest.approx([45.0])
    assert_sound(drawing, shapely.box(0, 0, 60, 20))
    named = replace(drawing, cells=drawing.cells | {2: replace(drawing.cells[1], number=2)})
    change = moved(named, named.rows([middle, east]), 2)
    after = apply(named, change)
    assert after.cell[after.rows(after.home[1:2])].tolist() == [2]
    assert measures(after, WEIGHTS, 30.0).loads["households"].tolist() == [0, 20, 10]
    assert_sound(after, shapely.box(0, 0, 60, 20))
    assert_same(apply(after, change.inverse()), named)
    assert_same(unpack_drawing(pack_drawing(after)), after)
