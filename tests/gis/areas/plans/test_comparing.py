"""Two divisions of the same ground, drawn on paper and at random."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.areas.plans.carding import card_of
from gis.areas.plans.comparing import NOBODY, Layout, compare, laid, layout_of
from gis.areas.plans.drawing import Drawing
from tests.gis.areas.plans.planned import WEIGHTS, celled, rows_of_houses

#: Twelve houses of ten homes, the ground 120 × 40 m.
GROUND = rows_of_houses(6, 2)


def drawn(of, codes=None) -> Layout:
    """Cells by the column of a house; `codes`: number → the code of a cell in force."""
    drawing = celled(GROUND, lambda x, y: of(int(x // 20), int(y // 20)))
    cells = {n: replace(one, code=(codes or {}).get(n, "")) for n, one in drawing.cells.items()}
    return layout_of(replace(drawing, cells=cells))


def told(before: Layout, after: Layout) -> list[tuple]:
    return [(pair.before, pair.after, pair.kind, pair.out, pair.come) for pair in compare(before, after).pairs]


HALVES = drawn(lambda x, _y: 1 if x < 3 else 2)


def test_the_same_is_kept():
    found = compare(HALVES, HALVES)
    assert [(pair.kind, pair.households_before, pair.households_after) for pair in found.pairs] == [
        ("kept", 60, 60)
    ] * 2
    assert (found.moved, len(found.buildings), found.changed, found.total) == (0, 0, 0, 120)


def test_a_house_that_goes_over_changes_two_cells():
    other = drawn(lambda x, y: 1 if x < 3 and (x, y) != (2, 0) else 2)
    found = compare(HALVES, other)
    assert told(HALVES, other) == [(0, 0, "changed", 10, 0), (1, 1, "changed", 0, 10)]
    assert found.origin.tolist() == [0]
    assert found.target.tolist() == [1]
    assert (found.moved, found.changed) == (10, 2)


def test_a_cell_is_split_and_merged_again():
    parts = drawn(lambda x, _y: 1 if x < 2 else 3 if x < 3 else 2)
    assert told(HALVES, parts) == [(0, 0, "split", 20, 0), (1, 1, "kept", 0, 0), (NOBODY, 2, "split", 0, 20)]
    assert told(parts, HALVES) == [(0, 0, "merged", 0, 20), (1, 1, "kept", 0, 0), (2, NOBODY, "merged", 20, 0)]


def test_a_new_cell_of_the_ground_of_two():
    thirds = drawn(lambda x, _y: 1 if x < 2 else 2 if x < 4 else 3)
    middle = compare(HALVES, thirds)
    assert [pair.kind for pair in middle.pairs] == ["changed", "changed", "new"]
    assert [pair.kind for pair in compare(thirds, HALVES).pairs] == ["changed", "gone", "changed"]
    assert middle.moved == 40


def test_the_code_says_which_cell_goes_on():
    """West and east keep their codes though nearly all of their ground has changed hands."""
    before = drawn(lambda x, _y: 1 if x < 3 else 2, {1: "001", 2: "002"})
    after = drawn(lambda x, _y: 2 if x < 2 else 1, {1: "001", 2: "002"})
    assert [(pair.kind, pair.before, pair.after) for pair in compare(before, after).pairs] == [
        ("redistributed", 0, 0),
        ("redistributed", 1, 1),
    ]
    assert compare(before, after).moved == 100


def test_ground_of_nobody():
    half = drawn(lambda x, _y: 1 if x < 3 else 0)
    assert told(HALVES, half) == [(0, 0, "kept", 0, 0), (1, NOBODY, "gone", 60, 0)]
    assert told(half, HALVES) == [(0, 0, "kept", 0, 0), (NOBODY, 1, "new", 0, 60)]
    nothing = drawn(lambda _x, _y: 0)
    assert compare(nothing, nothing).pairs == []
    assert compare(nothing, HALVES).moved == 120


def test_a_building_only_one_of_them_knows():
    things = HALVES.things
    known = replace(things, building=np.where(things.building == 1, 99, things.building))
    found = compare(HALVES, replace(HALVES, things=known))
    assert (found.only_before, found.only_after, found.total) == (1, 1, 110)


def test_other_tiles_of_the_same_cells_are_the_same_cells():
    """The same cells laid from outlines rounded to the millimetre."""
    rounded = shapely.set_precision(HALVES.shapes, 0.001)
    again = laid(HALVES.codes, HALVES.names, HALVES.communities, rounded, HALVES.things)
    assert [pair.kind for pair in compare(HALVES, again).pairs] == ["kept", "kept"]


def test_only_the_communities_both_have_are_compared():
    other = replace(HALVES, communities=np.array(["110101001001", "110101001002"], dtype=object))
    part = other.within({"110101001002"})
    assert (len(part), sorted(set(part.cell.tolist()))) == (1, [NOBODY, 0])
    assert compare(part, part).total == 60


def test_a_card_says_each_figure_by_itself():
    card = card_of(HALVES, WEIGHTS, 50, 0.1)
    assert (card.cells, card.within, card.mean, card.worst, card.parts) == (2, 0, *[pytest.approx(0.2)] * 2, 0)
    assert card.compact_mean == pytest.approx(4 * np.pi * 2400 / 200**2)
    assert card_of(drawn(lambda _x, _y: 0), WEIGHTS, 50, 0.1) is None


@st.composite
def _cells(draw, most: int = 5) -> Drawing:
    numbers = draw(st.lists(st.integers(0, most), min_size=len(GROUND), max_size=len(GROUND)))
    place = {tuple(middle): number for middle, number in zip(GROUND.ground.middle.tolist(), numbers, strict=True)}
    return celled(GROUND, lambda x, y: place[x, y])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cells(), _cells())
def test_nothing_is_lost_between_two_drawings(first: Drawing, second: Drawing):
    before, after = layout_of(first), layout_of(second)
    found = compare(before, after)
    assert sorted(pair.before for pair in found.pairs if pair.before != NOBODY) == list(range(len(before)))
    assert sorted(pair.after for pair in found.pairs if pair.after != NOBODY) == list(range(len(after)))
    for pair in found.pairs:
        if NOBODY not in (pair.before, pair.after):
            assert pair.households_after == pair.households_before - pair.out + pair.come
        if pair.kind == "kept":
            assert pair.out == pair.come == 0
            assert shapely.equals(before.shapes[pair.before], after.shapes[pair.after])
    back = compare(after, before)
    assert back.total == found.total
    assert sum(pair.kind == "kept" for pair in back.pairs) == sum(pair.kind == "kept" for pair in found.pairs)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_cells(), st.permutations(range(1, 6)))
def test_other_numbers_for_the_same_cells_change_nothing(drawing: Drawing, numbers: list[int]):
    other = np.where(drawing.cell > 0, np.array([0, *numbers])[drawing.cell], 0)
    cells = {numbers[n - 1]: replace(one, number=numbers[n - 1]) for n, one in drawing.cells.items()}
    found = compare(layout_of(drawing), layout_of(replace(drawing, cell=other, cells=dict(sorted(cells.items())))))
    assert {pair.kind for pair in found.pairs} <= {"kept"}
    assert found.moved == 0
