"""A proposal for a plan: what is locked stays, cells keep to their community, numbers go on where cells do."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.alternatives import Asked, proposed
from gis.areas.plans.blocks import pieces
from gis.areas.plans.compounds import bundled
from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.ground import Between
from gis.areas.plans.matching import continued
from gis.areas.plans.packing import pack_change
from gis.areas.plans.parts import parts
from gis.areas.plans.weak_points import card_of, weak_points
from gis.areas.plans.wish import Wish
from tests.gis.areas.plans.drawn import houses, wild
from tests.gis.areas.plans.planned import assert_sound, celled, outline_of, plan, rows_of_houses

WISH = Wish(target=100, effort=60)
ASKED = Asked(WISH)
WEIGHTS = ASKED.weights


def locked(drawing: Drawing, *numbers: int) -> Drawing:
    cells = {n: replace(one, locked=n in numbers or one.locked) for n, one in drawing.cells.items()}
    return replace(drawing, cells=cells)


def loads(drawing: Drawing) -> dict[int, float]:
    return {n: float(drawing.load(WEIGHTS)[drawing.cell == n].sum()) for n in drawing.cells}


def test_empty_ground_gets_cells_numbered_and_named_from_the_first_free_number():
    drawing = rows_of_houses(8, 5)
    change = proposed(drawing, ASKED, 7, name=lambda number: f"网格{number}")
    after = apply(drawing, change)
    assert sorted(after.cells) == [7, 8, 9, 10]
    assert {one.name for one in after.cells.values()} == {"网格7", "网格8", "网格9", "网格10"}
    assert set(loads(after).values()) == {100.0}
    assert_sound(after, outline_of(drawing))


def test_what_is_locked_stays_and_the_rest_is_divided():
    drawing = locked(rows_of_houses(8, 5, cell=lambda x, y: 1 if x < 40 else 2 if x < 100 else 0), 1)
    after = apply(drawing, proposed(drawing, ASKED, 3))
    assert (after.cell[drawing.cell == 1] == 1).all()
    assert (after.cell[drawing.cell != 1] != 1).all()
    assert after.cells[1] == drawing.cells[1]
    assert pytest.approx([loads(after)[n] for n in sorted(after.cells) if n != 1], abs=10) == [100.0] * 3


def test_ground_that_locked_cells_cut_off_makes_no_cell_in_two_parts():
    drawing = locked(rows_of_houses(9, 4, cell=lambda x, y: 1 if 40 < x < 80 else 0), 1)
    after = apply(drawing, proposed(drawing, ASKED, 2))
    assert parts(after, after.load(WEIGHTS)).main.all()
    west = set(after.cell[after.ground.middle[:, 0] < 40].tolist())
    assert west.isdisjoint(after.cell[after.ground.middle[:, 0] > 80].tolist())


def test_chosen_cells_alone_are_divided_anew():
    drawing = rows_of_houses(8, 5, cell=lambda x, y: 1 if x < 80 else 2)
    after = apply(drawing, proposed(drawing, replace(ASKED, cells=(2,)), 3))
    assert (after.cell[drawing.cell == 1] == 1).all()
    assert sorted(after.cells) == [1, 2, 3]  # the second goes on under its number, with half of it a new one


def test_one_community_alone_is_divided_anew():
    codes = {"110101001001": shapely.box(0, 0, 80, 100), "110101001002": shapely.box(80, 0, 160, 100)}
    drawing = plan(shapely.box(0, 0, 160, 100), [], [], houses(8, 5), np.full(40, 10.0), codes)
    after = apply(drawing, proposed(drawing, replace(ASKED, community="110101001002"), 1))
    assert set(after.cell[drawing.community == "110101001001"]) == {0}
    assert {one.community for one in after.cells.values()} == {"110101001002"}


def test_cells_that_are_right_already_keep_their_numbers_and_codes():
    drawing = rows_of_houses(4, 10, cell=lambda x, y: 1 + int(y // 50) if 50 < y < 100 or y > 150 or y < 50 else 3)
    drawing = replace(drawing, cells={n: replace(one, code=f"11010100100100{n}") for n, one in drawing.cells.items()})
    after = apply(drawing, proposed(drawing, ASKED, 9))
    kept = {n: one.code for n, one in after.cells.items() if one.code}
    assert len(kept) >= 3
    for number in kept:
        assert after.cells[number] == drawing.cells[number]
        assert loads(after)[number] > 0


def test_new_cells_continue_old_ones_one_to_one_by_what_they_share():
    old, new = np.array([0, 0, 0, 1, 1, -1]), np.array([1, 1, 0, 0, 0, 2])
    assert continued(old, new, np.full(6, 10.0)).tolist() == [1, 0, -1]


def test_a_new_cell_with_little_of_an_old_one_is_a_new_cell():
    old, new = np.zeros(10, int), np.array([0] * 4 + [1] * 6)
    assert continued(old, new, np.full(10, 10.0)).tolist() == [-1, 0]


def test_a_compound_stays_together_unless_it_is_more_than_a_cell_may_hold():
    drawing = rows_of_houses(6, 4)
    x, y = drawing.ground.middle.T
    small = (x > 40) & (x < 100) & (y < 60)  # nine houses, 90 homes
    drawing = replace(drawing, compound=np.where(small, 5, 0))
    after = apply(drawing, proposed(drawing, ASKED, 1))
    assert len(set(after.cell[small].tolist())) == 1
    assert weak_points(after, WEIGHTS, WISH).torn == []
    big = replace(drawing, compound=np.full(24, 5))
    assert len(apply(big, proposed(big, ASKED, 1)).cells) == 2


def test_a_compound_on_both_sides_of_a_river_is_two():
    drawing = rows_of_houses(4, 2, river_after=2)
    bundles = bundled(drawing.ground, np.full(8, 5), np.full(8, 10.0), 110.0)
    assert len(bundles.ground) == 2
    assert bundles.ground.between.tolist() == [Between.MAJOR]
    assert bundles.ground.area == pytest.approx([1600.0, 1600.0])
    assert bundles.ground.outer == pytest.approx([120.0, 120.0])


def test_the_workload_is_what_is_divided():
    drawing = rows_of_houses(8, 5)
    visits = np.where(drawing.things.xy[:, 0] < 80, 30.0, 0.0)
    things = replace(drawing.things, loads=drawing.things.loads | {"visits": visits})
    drawing = replace(drawing, things=things)
    after = apply(drawing, proposed(drawing, replace(ASKED, weights={"households": 0.0, "visits": 0.5}), 1))
    assert len(after.cells) == 3  # 300 of workload, all in the west


def test_strict_barriers_are_never_crossed():
    drawing = rows_of_houses(9, 4, river_after=8)  # 40 homes beyond
    asked = replace(ASKED, wish=replace(WISH, strict=True))
    assert weak_points(apply(drawing, proposed(drawing, asked, 1)), WEIGHTS, WISH).crossings == []
    soft = apply(drawing, proposed(drawing, ASKED, 1))
    points = weak_points(soft, WEIGHTS, WISH)
    assert points.crossings
    assert points.pockets
    assert {n for n, _ in points.pockets} <= {n for n, _ in points.crossings}


def test_a_building_larger_than_a_cell_is_named():
    drawing = rows_of_houses(5, 5)
    homes = np.full(25, 10.0)
    homes[12] = 400
    drawing = replace(drawing, things=replace(drawing.things, loads={"households": homes}))
    after = apply(drawing, proposed(drawing, ASKED, 1))
    points = weak_points(after, WEIGHTS, WISH)
    assert [amount for _, amount in points.towers] == [400.0]
    assert points.towers[0][0] not in {n for n, _ in points.off}


def test_a_community_that_makes_no_whole_cells_is_named():
    drawing = rows_of_houses(7, 2, cell=lambda x, y: 1)  # 140 homes: one cell is too much, two are too little
    assert weak_points(drawing, WEIGHTS, WISH).awkward == [("110101001001", 140.0)]
    assert weak_points(drawing, WEIGHTS, Wish(target=70)).awkward == []


def test_whoever_listens_hears_the_share_grow_and_can_stop_it():
    drawing, heard = rows_of_houses(20, 20), []
    proposed(drawing, ASKED, 1, tell=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 2

    def stop(share: float) -> None:
        if share > 0:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        proposed(drawing, ASKED, 1, tell=stop)


@pytest.mark.parametrize("columns", [0, 1])
def test_ground_with_no_building_or_one_is_one_cell(columns):
    drawing = plan(shapely.box(0, 0, 80, 60), [], [], houses(columns, 1), np.full(columns, 10.0))
    after = apply(drawing, proposed(drawing, ASKED, 1))
    assert after.cell.tolist() == [1] * len(drawing)
    assert card_of(after, WEIGHTS, WISH).cells == 1


def test_a_plan_without_cells_has_no_card():
    assert card_of(rows_of_houses(2, 2), WEIGHTS, WISH) is None


def test_nothing_to_divide_changes_nothing():
    drawing = locked(rows_of_houses(4, 4, cell=lambda x, y: 1), 1)
    assert not proposed(drawing, ASKED, 2)


@given(seed=st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_on_any_ground_a_proposal_is_whole_and_can_be_taken_back(seed):
    outline, lines, footprints = wild(seed)
    draw = np.random.default_rng(seed)
    west = shapely.intersection(outline, shapely.box(0, 0, 150, 400))
    east = shapely.difference(outline, west)
    codes = {"110101001001": west, "110101001002": east} if draw.random() < 0.5 else None
    homes = draw.integers(0, 60, len(footprints)) * (draw.random() < 0.9)
    drawing = plan(outline, lines, draw.integers(0, 3, len(lines)), footprints, homes, codes)
    drawing = celled_by_community(drawing, draw)
    drawing = replace(drawing, compound=draw.integers(0, 4, len(drawing)))
    drawing = locked(drawing, *[n for n in drawing.cells if draw.random() < 0.3])
    change = proposed(drawing, ASKED, max(drawing.cells, default=0) + 1)
    after = apply(drawing, change)
    stays = np.isin(drawing.cell, [n for n, one in drawing.cells.items() if one.locked]) | (drawing.community == "")
    assert (after.cell[stays] == drawing.cell[stays]).all()
    assert (after.cell[~stays] > 0).all()
    new = [n for n, one in after.cells.items() if not one.locked]
    mine = np.isin(after.cell, new)
    for number in new:
        assert set(after.community[after.cell == number]) == {after.cells[number].community}
    assert_whole(after, mine)
    assert_kept_together(after, mine)
    back = apply(after, change.inverse())
    assert back.cell.tolist() == drawing.cell.tolist()
    assert back.cells == drawing.cells
    assert pack_change(proposed(drawing, ASKED, max(drawing.cells, default=0) + 1)) == pack_change(change)


def celled_by_community(drawing: Drawing, draw) -> Drawing:
    """Two cells of before in each community, and ground of no cell."""
    names = {code: 1 + 2 * row for row, code in enumerate(np.unique(drawing.community)) if code}
    at = {tuple(xy): code for xy, code in zip(drawing.ground.middle, drawing.community, strict=True)}

    def cell(x, y):
        code = at[x, y]
        return names[code] + int(y > 150) if code and draw.random() < 0.9 else 0

    return celled(drawing, cell)


def assert_whole(after: Drawing, mine: np.ndarray) -> None:
    """A new cell is in one piece in every part of its community's ground that nothing locked cuts through."""
    ground = after.ground
    inner = mine[ground.first] & mine[ground.second] & (after.community[ground.first] == after.community[ground.second])
    free = pieces(ground, inner)
    own = pieces(ground, inner & (after.cell[ground.first] == after.cell[ground.second]))
    for piece in np.unique(free[mine]):
        for number in np.unique(after.cell[free == piece]):
            assert len(set(own[(free == piece) & (after.cell == number)])) == 1


def assert_kept_together(after: Drawing, mine: np.ndarray) -> None:
    ground, load = after.ground, after.load(WEIGHTS)
    same = mine[ground.first] & mine[ground.second] & (ground.between != Between.MAJOR)
    same &= after.compound[ground.first] == after.compound[ground.second]
    same &= (after.compound[ground.first] != 0) & (after.community[ground.first] == after.community[ground.second])
    piece = pieces(ground, same)
    for one in np.unique(piece):
        if load[piece == one].sum() <= 110:
            assert len(set(after.cell[piece == one])) == 1
