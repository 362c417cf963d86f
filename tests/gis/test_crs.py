"""Coordinate systems: measured, shifted and shifted back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import crs

SHUNYI = np.array([[116.6553, 40.1275]])
in_china = st.tuples(st.floats(75, 134), st.floats(18, 53)).map(lambda place: np.array([place]))


def metres_between(a: np.ndarray, b: np.ndarray) -> float:
    east = (a[0, 0] - b[0, 0]) * 111_320 * np.cos(np.radians(a[0, 1]))
    return float(np.hypot(east, (a[0, 1] - b[0, 1]) * 110_574))


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (116.6553, 40.1, 4548),
        (114.0, 39, 4547),
        (75, 39, 4534),
        (135, 48, 4554),
        (-73.9, 40.7, 32618),
        (151, -33, 32756),
    ],
)
def test_it_measures_in_the_local_zone(longitude, latitude, expected):
    assert crs.metric(longitude, latitude) == expected


def test_it_gives_the_published_plane_coordinates_of_shunyi():
    east, north = crs.move(SHUNYI, crs.STORE, 4548)[0]
    assert east == pytest.approx(470_619.53, abs=0.01)
    assert north == pytest.approx(4_443_743.06, abs=0.01)


@pytest.mark.parametrize(("system", "off_by"), [("gcj02", 518.5), ("bd09", 1327.6)])
def test_it_knows_how_far_off_shifted_maps_are_in_shunyi(system, off_by):
    assert metres_between(crs.shift(SHUNYI, system), SHUNYI) == pytest.approx(off_by, rel=0.01)


@given(in_china, st.sampled_from(crs.SHIFTED))
def test_it_shifts_back_to_where_it_was_within_a_metre(place, system):
    # BD-09's published inverse is itself only good to about half a metre; GCJ-02's is exact.
    tolerance = 1.0 if system == "bd09" else 0.001
    assert metres_between(crs.unshift(crs.shift(place, system), system), place) < tolerance


def test_it_leaves_places_outside_china_alone():
    new_york = np.array([[-73.98, 40.75]])
    assert np.array_equal(crs.shift(new_york, "gcj02"), new_york)


def test_it_takes_a_file_in_gcj02_for_what_it_is():
    moved = crs.move(crs.shift(SHUNYI, "gcj02"), "gcj02", crs.STORE)
    assert metres_between(moved, SHUNYI) < 0.001
