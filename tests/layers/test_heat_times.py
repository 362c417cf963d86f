"""Time bins of a heat map: local days, whole periods, no moment lost and none counted twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import WanggeError
from layers.heat_times import STEPS, hours_of_day, times_of

BEIJING, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def test_it_begins_weeks_on_mondays_and_cuts_them_at_the_ends():
    times = times_of(date(2026, 3, 4), date(2026, 3, 17), "week", BEIJING)
    assert times.names == ("2026-03-04", "2026-03-09", "2026-03-16")
    assert times.days == (5, 7, 2)


def test_it_begins_months_on_the_first():
    times = times_of(date(2026, 1, 31), date(2026, 3, 1), "month", BEIJING)
    assert times.names == ("2026-01-31", "2026-02-01", "2026-03-01")
    assert times.days == (1, 28, 1)


def test_it_begins_days_at_local_midnight():
    edges = times_of(date(2026, 3, 4), date(2026, 3, 4), "day", BEIJING).edges
    assert edges[0] == datetime(2026, 3, 3, 16, tzinfo=UTC).timestamp()


def test_it_knows_days_that_are_longer_or_shorter():
    assert times_of(date(2026, 3, 8), date(2026, 3, 8), "day", NEW_YORK).days == (23 / 24,)
    assert len(times_of(date(2026, 11, 1), date(2026, 11, 1), "hour", NEW_YORK)) == 25


def test_it_gives_every_hour_of_the_day_all_days_of_the_period():
    times = times_of(date(2026, 3, 1), date(2026, 3, 10), "hour-of-day", BEIJING)
    assert times.names[5] == "05"
    assert times.days == (10.0,) * 24


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(0, 60), st.sampled_from(STEPS))
@settings(max_examples=60, deadline=None)
def test_it_covers_the_period_from_midnight_to_midnight(first, more, step):
    last = first + timedelta(days=more)
    times = times_of(first, last, step, NEW_YORK)
    edges = [datetime.combine(day, datetime.min.time(), NEW_YORK).timestamp() for day in (first, last + timedelta(1))]
    assert [times.edges[0], times.edges[-1]] == edges
    assert (np.diff(times.edges) > 0).all()
    assert len(times.names) == len(times.days) == (24 if step == "hour-of-day" else len(times.edges) - 1)


@given(st.lists(st.integers(1_500_000_000, 1_900_000_000), max_size=40), st.sampled_from([BEIJING, NEW_YORK]))
@settings(deadline=None, max_examples=40)
def test_it_tells_the_hour_a_clock_would_show(moments, zone):
    at = np.array(sorted(moments), dtype=np.int64)
    assert hours_of_day(at, zone).tolist() == [datetime.fromtimestamp(int(moment), zone).hour for moment in at]


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [("2026-03-05", "2026-03-04", "day"), ("2026-03-04", "2026-03-05", "minute"), ("2020-01-01", "2026-01-01", "day"),
     ("2026-01-01", "2026-12-31", "hour"), ("1900-01-01", "2200-12-31", "month")],
)  # fmt: skip
def test_it_refuses_a_period_it_cannot_cut(first, last, step):
    with pytest.raises(WanggeError) as refused:
        times_of(date.fromisoformat(first), date.fromisoformat(last), step, BEIJING)
    assert refused.value.fix
