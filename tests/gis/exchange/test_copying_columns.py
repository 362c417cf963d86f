"""Columns as COPY will read them; the database half is in test_copying.py."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
import shapely

from gis.exchange.copying import _QUOTED, arrow_column


def printed(values, kind=""):
    sink = BytesIO()
    arrow_csv.write_csv(pa.table([arrow_column(values, kind)], names=["v"]), sink, _QUOTED)
    return sink.getvalue().decode().removesuffix("\n").split("\n")


def plain(values, kind=""):
    return [text.strip('"') for text in printed(values, kind)]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_it_prints_a_missing_value_as_an_unquoted_blank(missing):
    assert printed(["a", missing, ""]) == ['"a"', "", '""']


def test_it_doubles_quotes_and_keeps_separators_inside_them():
    assert printed(['a"b', "c,d"]) == ['"a""b"', '"c,d"']


def test_it_prints_numbers_of_every_width():
    assert plain(np.array([1, 2], dtype=np.int16)) == ["1", "2"]
    assert plain(np.array([0.1, np.nan])) == ["0.1", ""]


def test_it_prints_floats_as_whole_numbers_where_the_field_wants_them():
    assert plain(np.array([3.0, np.nan]), "PositiveSmallIntegerField") == ["3", ""]


def test_it_prints_dates_times_and_truth():
    assert plain([date(2026, 1, 2)]) == ["2026-01-02"]
    assert plain([datetime(2026, 1, 2, 3, 4, tzinfo=UTC)]) == ["2026-01-02 03:04:00.000000Z"]
    assert plain(np.array(["2026-01-02T03:04"], dtype="datetime64[ns]")) == ["2026-01-02 03:04:00.000000Z"]
    assert plain([True, None, False]) == ["true", "", "false"]


def test_it_prints_bytes_json_uuid_and_decimals():
    assert printed([b"\x00\xff", None]) == ['"\\x00ff"', ""]
    assert printed([{"名": [1]}, None]) == ['"{""名"": [1]}"', ""]
    assert printed([["a"], []], "JSONField") == ['"[""a""]"', '"[]"']
    assert printed([uuid.UUID(int=1)]) == ['"00000000-0000-0000-0000-000000000001"']
    assert printed([Decimal("1.50")]) == ['"1.50"']


def test_it_prints_shapes_as_ewkb_and_leaves_the_callers_shapes_alone():
    shape = shapely.Point(116, 40)
    text = printed(np.array([shape, None], dtype=object))
    assert shapely.get_srid(shapely.from_wkb(text[0].strip('"'))) == 4326
    assert text[1] == ""
    assert shapely.get_srid(shape) == 0


def test_it_prints_categories_and_pandas_strings():
    assert printed(pd.Series(["a", None, "a"], dtype="category")) == ['"a"', "", '"a"']
    assert printed(pd.Series(["a", None], dtype="string")) == ['"a"', ""]
    assert printed(pd.Series(["a", "b"])) == ['"a"', '"b"']
