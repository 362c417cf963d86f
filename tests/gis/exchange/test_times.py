from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import WanggeError
from gis.exchange.times import read_days, read_moments, zone_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(value, zone=SHANGHAI, **wishes):
    return read_moments(pd.Series([value]), zone, **wishes)[0]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05 14:30",
        "2026-3-5 14:30",
        "2026/03/05 14:30:00",
        "2026年3月5日14时30分",
        "2026年03月05日 14:30",
        "20260305143000",
        "2026-03-05T14:30:00",
        "2026-03-05T06:30:00Z",
        "2026-03-05T14:30:00+08:00",
        "03/05/2026 14:30",
        "03/05/2026 02:30 PM",
        "03/05/2026  2:30 pm",
        "2026.03.05 14:30",
        "05.03.2026 14:30",
        "1772692200",
        "1772692200000",
        "２０２６-03-05 14:30",
    ],
)
def test_it_reads_every_usual_way_of_writing(text):
    assert moment(text) == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_it_reads_the_serial_number_of_a_spreadsheet():
    assert moment(46086.604166666664) == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_it_reads_date_objects_among_texts():
    column = pd.Series([datetime(2026, 3, 5, 14, 30), "2026-03-06", None], dtype=object)  # noqa: DTZ001
    read = read_moments(column, SHANGHAI)
    assert list(read.isna()) == [False, False, True]
    assert read[0] == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_it_takes_the_day_first_where_a_row_leaves_no_other_reading():
    read = read_days(pd.Series(["05/03/2026", "25/03/2026"]))
    assert list(read.astype(str)) == ["2026-03-05", "2026-03-25"]


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", None, "1776", "0000-00-00"])
def test_it_leaves_out_what_is_no_time(text):
    assert pd.isna(moment(text))


def test_it_reads_local_hours_of_another_zone():
    assert moment("2014-01-01 01:15", ZoneInfo("America/New_York")) == datetime(2014, 1, 1, 6, 15, tzinfo=UTC)


def test_it_survives_the_hours_that_a_clock_change_skips_and_repeats():
    zone = ZoneInfo("America/New_York")
    assert moment("2014-03-09 02:30", zone) == datetime(2014, 3, 9, 7, 0, tzinfo=UTC)
    assert moment("2014-11-02 01:30", zone) == datetime(2014, 11, 2, 6, 30, tzinfo=UTC)


def test_it_reads_what_it_is_told_the_format_of():
    assert moment("14h30 05-03-26", time_format="%Hh%M %d-%m-%y") == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_it_names_a_zone_that_does_not_exist():
    with pytest.raises(WanggeError, match="Mars/Base"):
        zone_of("Mars/Base")


@given(st.lists(st.dates(date(1901, 1, 1), date(2099, 12, 31)), min_size=1, max_size=5))
def test_it_reads_back_any_day(days):
    assert list(read_days(pd.Series([day.isoformat() for day in days]))) == [np.datetime64(day) for day in days]
