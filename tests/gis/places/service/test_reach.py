"""How far it is: streets one can draw on paper, and random ones against every pair by Floyd and Warshall."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.places.service.network import build_network, come_onto
from gis.places.service.reach import DETOUR, nearest_points, walks
from tests.gis.places.service.paper import by_floyd_warshall, dots, lines, town

CROSSROADS = lines("0 0, 1000 0", "500 -500, 500 500")
#: A river along y = 50 between two streets; only the second town has a bridge, at its eastern end.
RIVER = lines("-100 50, 900 50")
BANKS = lines("0 0, 800 0", "0 100, 800 100")
BRIDGE = lines("800 0, 800 100")


def nearest(roads, homes, points, barriers=()):
    network, settled = town(roads, homes, barriers)
    return nearest_points(network, settled, come_onto(network, points))


def test_it_walks_to_the_road_along_it_and_off_it_again():
    found = nearest(CROSSROADS, dots((100, 10)), dots((520, 400)))
    assert found.metres == pytest.approx([10 + 400 + 400 + 20], abs=0.01)
    assert not found.estimated.any()


def test_it_takes_the_nearest_of_several_and_names_it():
    found = nearest(CROSSROADS, dots((100, 0), (900, 0), (500, 300)), dots((0, 0), (500, 400)))
    assert found.metres == pytest.approx([100, 800, 100], abs=0.01)
    assert found.point.tolist() == [0, 1, 1]


def test_two_doors_on_one_road_are_as_far_as_the_road_between_them():
    assert nearest(CROSSROADS, dots((100, 5)), dots((130, 7))).metres == pytest.approx([5 + 30 + 7], abs=0.01)


def test_a_river_is_crossed_on_its_bridge_only():
    across = nearest(np.concatenate([BANKS, BRIDGE]), dots((10, 0)), dots((10, 100)), RIVER)
    assert across.metres == pytest.approx([790 + 100 + 790], abs=0.01)
    assert nearest(BANKS, dots((10, 0)), dots((10, 100)), RIVER).metres == [np.inf]


def test_a_house_comes_out_on_its_own_side_of_the_river():
    """It stands nearer to the road on the other bank."""
    found = nearest(np.concatenate([BANKS, BRIDGE]), dots((400, 52)), dots((400, 0)), lines("-100 51, 900 51"))
    assert found.metres == pytest.approx([48 + 400 + 100 + 400], abs=0.01)


def test_a_lane_that_ends_at_the_kerb_joins_the_road():
    lane = lines("200 12, 200 300")
    assert nearest(np.concatenate([CROSSROADS, lane]), dots((200, 300)), dots((0, 0))).metres == pytest.approx([500])


def test_a_lane_does_not_join_through_a_wall():
    roads = np.concatenate([CROSSROADS, lines("200 12, 200 400")])
    assert nearest(roads, dots((200, 400)), dots((0, 0)), lines("100 6, 300 6")).metres == [np.inf]


def test_nobody_is_sent_onto_a_scrap_of_road():
    roads = np.concatenate([CROSSROADS, lines("200 60, 260 60")])
    assert nearest(roads, dots((230, 59)), dots((230, 0))).metres == pytest.approx([59], abs=0.01)


def test_without_roads_it_is_the_straight_line_and_a_half_and_says_so():
    found = nearest(lines(), dots((0, 0), (300, 400)), dots((0, 0)))
    assert found.metres == pytest.approx([0, 500 * DETOUR])
    assert found.estimated.all()


def test_a_straight_line_does_not_cross_a_river():
    found = nearest(lines(), dots((0, 0)), dots((0, 100), (0, -300)), RIVER)
    assert (found.metres[0], found.point[0]) == (pytest.approx(300 * DETOUR), 1)
    assert nearest(lines(), dots((0, 0)), dots((0, 100)), RIVER).metres == [np.inf]


def test_a_point_far_from_every_road_is_reached_by_the_straight_line():
    found = nearest(CROSSROADS, dots((500, 500)), dots((500, 900)))
    assert found.metres == pytest.approx([400 * DETOUR])
    assert found.estimated.all()


def test_without_points_nobody_reaches_one():
    found = nearest(CROSSROADS, dots((0, 0)), dots())
    assert (found.metres.tolist(), found.point.tolist()) == ([np.inf], [-1])


def test_an_empty_map_has_no_walks():
    network = build_network(lines(), lines())
    assert len(network) == 0
    assert len(come_onto(network, dots())) == 0


@st.composite
def towns(draw):
    """Streets of a crooked lattice, some of them missing, a river with what bridges are left, homes and points."""
    size = draw(st.integers(2, 4))
    wobble = draw(st.lists(st.integers(-30, 30), min_size=2 * size * size, max_size=2 * size * size))
    xy = {
        (c, r): (200 * c + wobble[c * size + r], 200 * r + wobble[-1 - c * size - r])
        for c in range(size)
        for r in range(size)
    }
    steps = [((c, r), (c + 1, r)) for c in range(size - 1) for r in range(size)]
    steps += [((c, r), (c, r + 1)) for c in range(size) for r in range(size - 1)]
    kept = draw(st.lists(st.sampled_from(steps), min_size=2, max_size=len(steps), unique=True))
    roads = lines(*(f"{xy[a][0]} {xy[a][1]}, {xy[b][0]} {xy[b][1]}" for a, b in kept))
    place = st.tuples(st.integers(-50, 200 * size), st.integers(-50, 200 * size))
    homes, points = (draw(st.lists(place, min_size=1, max_size=6)) for _ in "hp")
    river = lines("-100 101, 900 99") if draw(st.booleans()) else lines()
    return roads, river, dots(*homes), dots(*points)


@settings(max_examples=60, deadline=None)
@given(towns(), st.floats(50, 2000))
def test_it_agrees_with_every_pair_of_nodes(street, limit):
    roads, river, homes, points = street
    network, settled = town(roads, homes, river)
    access = come_onto(network, points)
    expected = by_floyd_warshall(network, settled, access)
    unlimited = walks(network, settled, access, np.inf)
    on_roads = access.known[unlimited.point] & (settled.node[unlimited.home] >= 0)
    assert unlimited.metres[on_roads] == pytest.approx(expected[unlimited.point, unlimited.home][on_roads], abs=0.01)
    assert on_roads.sum() == np.isfinite(expected).sum()
    near = walks(network, settled, access, limit)
    assert set(zip(near.point, near.home, strict=True)) == {
        (p, h) for p, h, m in zip(unlimited.point, unlimited.home, unlimited.metres, strict=True) if m <= limit
    }
    found = nearest_points(network, settled, access)
    for home in range(len(homes)):
        own = unlimited.metres[unlimited.home == home]
        assert found.metres[home] == pytest.approx(own.min(initial=np.inf), abs=0.01)
