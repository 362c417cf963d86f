"""What of each community lies in which street: worked out on squared paper, tile by tile."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.areas.plans.ground import survey
from gis.areas.plans.tiles import Tiles
from gis.planning.streets.pieces import pieces

SIDE = 5
NOTHING = np.empty(0, dtype=object)


def paper(side=SIDE):
    """Square tiles of 10 m, row by row from the south."""
    shapes = np.array([shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for y in range(side) for x in range(side)])
    return survey(Tiles(shapes, np.zeros(len(shapes), int), np.empty(0, int)), NOTHING, np.empty(0, int))


def of(street, community, load):
    return pieces(paper(len(street)), *(np.array(one).ravel() for one in (street, community, load)))


ONES = [[1, 1, 1, 1]] * 4


def test_communities_that_are_not_cut_are_pieces():
    found = of(ONES, [[0, 0, 1, 1]] * 4, ONES)
    assert (found.community.tolist(), found.street.tolist(), found.joined) == ([0, 1], [1, 1], [])


def test_a_part_where_nobody_lives_joins_the_longest_border_in_its_street():
    """Community 1 reaches into street 2 by a strip of four tiles beside three of community 2 and one of community 3."""
    street = [[1, 1, 2, 2]] * 4
    community = [[1, 1, 1, 2], [1, 1, 1, 2], [1, 1, 1, 2], [1, 1, 1, 3]]
    load = [[5, 5, 0, 5]] * 4
    found = of(street, community, load)
    assert found.joined == [(1, int(np.flatnonzero(found.community == 2)[0]), 400.0)]
    assert len(found) == 3


def test_where_people_live_on_both_sides_both_are_communities():
    found = of([[1, 1, 2, 2]] * 4, [[0, 0, 0, 0]] * 4, ONES)
    assert (found.community.tolist(), found.street.tolist()) == ([0, 0], [1, 2])


def test_of_a_community_without_people_the_larger_part_goes_on():
    community = [[0, 0, 0, 1]] * 4
    found = of([[1, 1, 2, 2]] * 4, community, [[0, 0, 0, 3]] * 4)
    assert list(zip(found.community.tolist(), found.street.tolist(), strict=True)) == [(0, 1), (1, 2)]
    assert [one[2] for one in found.joined] == [400.0]


def test_a_part_without_a_neighbour_in_its_street_stays_for_itself():
    found = of([[1, 1, 1, 2]] * 4, [[0, 0, 0, 0]] * 4, [[3, 0, 0, 0]] * 4)
    assert (len(found), found.joined) == (2, [])


def test_ground_of_no_street_or_no_community_is_in_no_piece():
    found = of([[0, 1, 1, 1]] * 4, [[0, 0, 0, -1]] * 4, ONES)
    assert found.of.reshape(4, 4).tolist() == [[-1, 0, 0, -1]] * 4


grids = st.lists(st.integers(0, 2), min_size=SIDE * SIDE, max_size=SIDE * SIDE)


@given(street=grids, community=grids, load=st.lists(st.integers(0, 1), min_size=25, max_size=25))
def test_whatever_is_drawn_no_piece_leaves_its_street_and_no_home_its_community(street, community, load):
    street, community, load = np.array(street), np.array(community) - 1, np.array(load, dtype=float)
    found = pieces(paper(), street, community, load)
    inside = (street > 0) & (community >= 0)
    assert ((found.of >= 0) == inside).all()
    assert (found.street[found.of[inside]] == street[inside]).all()
    lived_in = inside & (load > 0)
    assert (found.community[found.of[lived_in]] == community[lived_in]).all()
    assert set(found.of[inside].tolist()) == set(range(len(found)))
    assert set(community[inside].tolist()) == set(found.community.tolist())
