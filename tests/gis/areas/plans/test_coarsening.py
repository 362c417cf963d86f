"""Counts told of groups of buildings: no sum, no difference and no second plan tells of one building."""

import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.coarsening import LEAST, coarse, nearest

HOME, OTHER = "110101001001", "110101001002"


def places(buildings: int, seed: int) -> np.ndarray:
    """Buildings of a community, some in clumps, some in one place."""
    random = np.random.default_rng(seed)
    clumps = random.uniform([116.6, 40.1], [116.7, 40.2], (3, 2))
    return np.round(clumps[random.integers(0, 3, buildings)] + random.normal(0, 0.001, (buildings, 2)), 4)


@st.composite
def towns(draw) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places, communities, and counts of each building."""
    size = draw(st.integers(1, 60))
    place = places(size, draw(st.integers(0, 1000)))
    community = np.array(draw(st.lists(st.sampled_from([HOME, OTHER]), min_size=size, max_size=size)), object)
    return place, community, np.array(draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)), float)


def alike(share: np.ndarray, community: np.ndarray, other: np.ndarray | None = None) -> list[int]:
    """Sizes of the groups of buildings that two sets of shares tell apart."""
    both = [(code, share[row], (share if other is None else other)[row]) for row, code in enumerate(community)]
    return [both.count(one) for one in set(both)]


@settings(deadline=None)
@given(towns())
def test_nothing_is_told_of_fewer_than_five_buildings_or_things(town):
    place, community, count = town
    share = coarse(place, community, count)
    for code in set(community):
        rows = community == code
        told, real = share[rows], count[rows].sum()
        assert np.isclose(told.sum(), real if real >= LEAST or not real else 3)
        for size in alike(told, community[rows]):
            assert size >= min(LEAST, rows.sum())
        for value in set(told):
            assert value == 0 or real < LEAST or value * (told == value).sum() >= LEAST - 1e-9


@settings(deadline=None)
@given(towns(), st.data())
def test_two_plans_of_two_days_tell_no_building_apart(town, data):
    """One more incident between them, or many: what changed is the same for at least five buildings."""
    place, community, count = town
    later = count + data.draw(st.sampled_from([0, 1])) * (
        np.arange(len(count)) == data.draw(st.integers(0, len(count) - 1))
    )
    before, after = coarse(place, community, count), coarse(place, community, later)
    for code in set(community):
        rows = community == code
        for size in alike(before[rows], community[rows], after[rows]):
            assert size >= min(LEAST, rows.sum())


@settings(deadline=None)
@given(towns())
def test_a_plan_of_the_street_tells_no_more_than_one_of_the_community(town):
    place, community, count = town
    rows = community == HOME
    assert (coarse(place, community, count)[rows] == coarse(place[rows], community[rows], count[rows])).all()


@settings(deadline=None)
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(town, random):
    place, community, count = town
    order = np.array(random.sample(range(len(count)), len(count)))
    again = coarse(place[order], community[order], count[order])
    assert np.allclose(again, coarse(place, community, count)[order])


def test_where_much_happens_it_is_told_finely():
    """Eight houses in the west with ten, eight in the east with thirty."""
    place = np.array([[-90.0 + k / 10, 1] for k in range(8)] + [[90.0 + k / 10, 1] for k in range(8)])
    count = np.array([10.0, *[0] * 7, 30.0, *[0] * 7])
    assert coarse(place, np.full(16, HOME, object), count).tolist() == [1.25] * 8 + [3.75] * 8


def test_incidents_belong_to_the_nearest_building_of_their_community():
    place = np.array([[0.0, 0], [1, 0], [2, 0]])
    of_building = np.array([HOME, HOME, OTHER], object)
    points = np.array([[0.9, 0.1], [1.9, 0], [1.9, 0], [5, 5]])
    community = np.array([HOME, HOME, OTHER, "110101001009"], object)
    assert nearest(points, community, place, of_building).tolist() == [0, 2, 1]


def test_no_table_of_every_incident_by_every_building_is_made():
    place = places(4_000, 1)
    community = np.full(len(place), HOME, object)
    tracemalloc.start()
    try:
        assert nearest(place, community, place, community).sum() == len(place)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000  # the table would have 256 MB
    finally:
        tracemalloc.stop()
