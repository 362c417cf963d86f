"""What is usual, what stands out and which day is which, on incidents drawn on paper."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gis.accounts.scope import Scope
from gis.errors import WanggeError
from gis.incidents.finding import Wanted
from layers.dashboard.calendar import hours, strip
from layers.dashboard.facts import Facts
from layers.dashboard.period import Clock, Period
from layers.dashboard.places import Places
from layers.dashboard.stand_outs import what_stands_out
from layers.dashboard.trend import pulse, step_of, trend
from layers.incident_columns import NEVER, STATES, Columns, in_order, range_of
from layers.incident_copy import laid_in_order

pytestmark = pytest.mark.django_db  # names of categories
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 18, 10, 30, tzinfo=ZONE)  # a Wednesday
EAST, WEST = "110113001001", "110113001002"
PLACES = Places((EAST, WEST), ("东社区", "西社区"))
RUBBISH, NOISE = 1, 2


def facts(rows: list[tuple], wanted: Wanted | None = None) -> Facts:
    """Rows of (days ago, hour, area, category, late?): the open ones of them are those that are late or not None."""
    at = [NOW.replace(hour=hour, minute=0) - timedelta(days=ago) for ago, hour, *_ in rows]
    zero = np.zeros(len(rows), dtype=np.int64)
    columns = Columns(
        np.arange(1, len(rows) + 1), zero, zero, np.array([int(one.timestamp()) for one in at], dtype=np.int64),
        np.array([row[3] for row in rows], dtype=np.int32),
        np.array([STATES["closed" if row[4] is None else "filed"] for row in rows], dtype=np.int8),
        zero.astype(np.int8), zero.astype(np.int8), zero.astype(np.int32),
        np.array([int(NOW.timestamp()) + (-60 if row[4] else 60) for row in rows], dtype=np.int64),
        np.full(len(rows), NEVER), np.array([range_of(row[2])[0] for row in rows], dtype=np.int64),
    )  # fmt: skip
    copy = laid_in_order(in_order(columns))
    return Facts.gather(copy, wanted or Wanted(days=30), Scope.of(["11"]), PLACES, Clock(NOW))


def weekly(number: int, area: str, category: int, weeks: range = range(0, 15)) -> list[tuple]:
    """So many a week, at eight on Tuesdays."""
    return [(7 * week + 1, 8, area, category, None) for week in weeks for _ in range(number)]


EVEN = weekly(6, EAST, RUBBISH) + weekly(6, WEST, RUBBISH) + weekly(6, EAST, NOISE) + weekly(6, WEST, NOISE)


def test_half_a_day_is_compared_with_half_days():
    rows = [(ago, hour, EAST, RUBBISH, None) for ago in range(0, 120) for hour in (8, 9, 15, 16, 17)]
    told = pulse(facts([row for row in rows if row[0] or row[1] < 10]), Period(NOW.date(), NOW.date()))
    assert told.count == 2
    assert told.usual == pytest.approx(2, abs=0.1)
    assert told.standing == "usual"


def test_a_short_past_says_nothing():
    told = pulse(facts([(ago, 8, EAST, RUBBISH, None) for ago in range(20)]), Period(NOW.date(), NOW.date()))
    assert (told.usual, told.standing) == (None, "")


def test_nothing_stands_out_in_an_even_course():
    assert what_stands_out(facts(EVEN)) == ()


def test_it_names_what_where_and_how_much():
    (found,) = what_stands_out(facts(EVEN + weekly(20, WEST, NOISE, range(1))))
    assert (found.sort, found.category, found.place, found.count) == ("more", NOISE, WEST, 26)
    assert found.times == pytest.approx(26 / 6, abs=0.1)
    assert found.wanted == Wanted(
        area=WEST, categories=frozenset({NOISE}), first=date(2026, 3, 12), last=date(2026, 3, 18)
    )


def test_it_names_a_whole_where_no_part_explains_it():
    more = [row for area in (EAST, WEST) for kind in (RUBBISH, NOISE) for row in weekly(14, area, kind, range(1))]
    (found,) = what_stands_out(facts(EVEN + more))
    assert (found.category, found.place, found.count) == (None, None, 80)


def test_it_names_what_is_missing():
    quiet = [row for row in EVEN + weekly(20, EAST, NOISE) if not (row[0] < 7 and row[3] == NOISE)]
    assert {(one.sort, one.category) for one in what_stands_out(facts(quiet))} == {("fewer", NOISE)}


def test_it_names_where_the_late_ones_gather():
    still = [(3, 8, EAST, RUBBISH, False)] * 40 + [(3, 8, WEST, RUBBISH, True)] * 8 + [(3, 8, WEST, RUBBISH, False)] * 4
    (found,) = [one for one in what_stands_out(facts(EVEN + still)) if one.sort == "late"]
    assert (found.place, found.count, found.of) == (WEST, 8, 12)
    assert found.usual == pytest.approx(8 * 12 / 52)


@pytest.mark.parametrize(
    ("days", "asked", "step"),
    [
        (1, "", "day"),
        (62, "", "day"),
        (90, "", "week"),
        (400, "day", "day"),
        (500, "day", "month"),
        (9000, "", "month"),
    ],
)
def test_a_line_has_as_many_points_as_one_can_read(days, asked, step):
    period = Period(NOW.date() - timedelta(days=days - 1), NOW.date())
    assert step_of(period, asked) == step


def test_an_unknown_step_is_refused():
    with pytest.raises(WanggeError):
        step_of(Period(NOW.date(), NOW.date()), "hour")


@pytest.mark.parametrize("step", ["day", "week", "month"])
@pytest.mark.parametrize("days", [1, 7, 30, 59, 400])
def test_the_bins_of_a_line_are_the_period(step, days):
    told = trend(facts(EVEN, Wanted(days=days)), step)
    assert told.periods[0].first == NOW.date() - timedelta(days=days - 1)
    assert told.periods[-1].last == NOW.date()
    after = [one.last + timedelta(days=1) for one in told.periods[:-1]]
    assert after == [one.first for one in told.periods[1:]]


def test_the_strip_holds_every_day_of_a_year_once():
    told = strip(facts(EVEN))
    assert told.days[-1].day == NOW.date()
    assert (told.days[-1].week, told.days[-1].weekday) == (52, 2)
    assert told.days[0].weekday == 0
    assert len({(day.week, day.weekday) for day in told.days}) == len(told.days)
    assert {day.weekday for day in told.days if day.count} == {1}
    assert told.total == len(EVEN)


def test_hours_are_local():
    told = hours(facts([(0, 0, EAST, RUBBISH, None), (3, 23, EAST, RUBBISH, None)]))
    assert (told.counts[2][0], told.counts[6][23], told.total) == (1, 1, 2)
