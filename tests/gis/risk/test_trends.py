import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from gis.risk.neighbours import queen
from gis.risk.trends import Course, courses, emerging, mann_kendall

PERIODS = 12


def test_it_counts_five_steps_by_hand():
    # 1 2 3 5 4: nine pairs rise, one falls, S = 8; variance 5·4·15 / 18; z = 7 / √16.67.
    trend, p = mann_kendall(np.array([[1.0], [2], [3], [5], [4]]))
    assert trend[0] == pytest.approx(0.8)
    assert p[0] == pytest.approx(2 * stats.norm.sf(7 / np.sqrt(300 / 18)))


def test_it_corrects_the_variance_for_ties():
    # 1 1 2 3: S = 5; variance (4·3·13 − 2·1·9) / 18 = 138 / 18.
    _, p = mann_kendall(np.array([[1.0], [1], [2], [3]]))
    assert p[0] == pytest.approx(2 * stats.norm.sf(4 / np.sqrt(138 / 18)))


@given(arrays(float, (9, 3), elements=st.integers(-20, 20)))
def test_it_turns_its_sign_when_time_runs_backwards(series):
    forward, p = mann_kendall(series)
    backward, q = mann_kendall(series[::-1])
    assert forward == pytest.approx(-backward)
    assert p == pytest.approx(q)
    assert ((p >= 0) & (p <= 1)).all()


def test_it_sees_no_trend_in_a_level_series():
    trend, p = mann_kendall(np.ones((8, 2)))
    assert trend.tolist() == [0, 0]
    assert p.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("hot", "slope", "course"),
    [
        ("000000000000", 0, Course.NONE),
        ("000000000001", 1, Course.NEW),
        ("111111111111", 0, Course.PERSISTENT),
        ("111111111111", 1, Course.GROWING),
        ("000000001111", 1, Course.GROWING),
        ("111111111111", -1, Course.FADING),
        ("111111111110", 0, Course.FADING),
        ("010010010001", 0, Course.SPORADIC),
        ("000011110000", 0, Course.SPORADIC),
        ("000000001111", 0, Course.SPORADIC),
    ],
)
def test_it_names_each_course(hot, slope, course):
    flags = np.array([[digit == "1"] for digit in hot])
    assert courses(flags, np.array([slope > 0]), np.array([slope < 0]))[0] == course


def test_it_finds_what_was_planted_in_a_town_of_squares():
    values = np.random.default_rng(2).normal(10, 1, (PERIODS, 20, 20))
    ramp = np.linspace(0, 1, PERIODS)[:, None, None]
    values[:, 2:5, 2:5] += 15
    values[-1, 14:17, 2:5] += 15
    values[:, 2:5, 14:17] += 8 + 25 * ramp
    found = emerging(values.reshape(PERIODS, -1), _squares()).hot.reshape(20, 20)
    assert found[15, 3] == Course.NEW
    assert found[3, 15] == Course.GROWING
    assert found[10, 10] in (Course.NONE, Course.SPORADIC)


def test_it_mirrors_hot_into_cold():
    values = np.random.default_rng(2).normal(10, 1, (PERIODS, 20, 20))
    values[:, 2:5, 2:5] += 15
    up = emerging(values.reshape(PERIODS, -1), _squares())
    down = emerging(-values.reshape(PERIODS, -1), _squares())
    assert (up.hot == down.cold).all()
    assert (up.cold == down.hot).all()


def test_it_refuses_too_few_periods():
    with pytest.raises(ValueError, match="four periods"):
        emerging(np.ones((3, 400)), _squares())


def _squares():
    return queen(np.array([shapely.box(x, y, x + 1, y + 1) for y in range(20) for x in range(20)]))
