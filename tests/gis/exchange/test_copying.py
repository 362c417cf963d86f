"""What is copied comes back the same."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.exchange.copying import copy_columns, reserve_ids
from gis.models import Area, Category, Code, Incident

pytestmark = pytest.mark.usefixtures("bare")


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_it_copies_any_text(texts):
    Code.objects.all().delete()
    copy_columns(Code, {"table": ["t"] * len(texts), "code": [str(n) for n in range(len(texts))], "name": texts})
    assert list(Code.objects.order_by("pk").values_list("name", flat=True)) == texts


@pytest.mark.parametrize("text", ["\\.", "a\n\\.\nb", "\\N", '"', "", "\r\n", "\\x41"])
def test_it_copies_what_means_something_to_copy(text):
    copy_columns(Code, {"table": ["t"], "code": ["1"], "name": [text]})
    assert Code.objects.get().name == text


def test_it_fills_what_is_left_out_with_the_models_defaults():
    category = Category.objects.create(kind="city", code="1", major="m", name="n")
    copy_columns(
        Incident,
        {
            "number": ["a", "b"],
            "category": [category.pk] * 2,
            "reported_at": np.array(["2026-03-05T06:30"] * 2, dtype="datetime64[us]"),
            "position": shapely.points([[116.0, 40.0], [117.0, 41.0]]),
            "area": ["1", "2"],
        },
    )
    first, second = Incident.objects.order_by("number")
    assert first.uuid != second.uuid
    assert (first.state, first.description, first.closed_at) == ("reported", "", None)
    assert first.reported_at == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    assert first.position.coords == (116.0, 40.0)
    assert first.drawing.srid == 3857


def test_it_copies_json_dates_and_missing_values():
    copy_columns(
        Code, {"table": ["t", "t"], "code": ["1", "2"], "name": ["n", "n"], "details": [{"名": [1, None]}, {}]}
    )
    assert Code.objects.get(code="1").details == {"名": [1, None]}
    copy_columns(
        Area,
        {
            "code": ["11"],
            "level": ["province"],
            "name": ["x"],
            "starts": [date(2026, 1, 1)],
            "ends": [None],
            "population": np.array([np.nan]),
        },
    )
    assert (Area.objects.get().starts, Area.objects.get().population) == (date(2026, 1, 1), None)


def test_it_copies_nothing_where_there_is_nothing():
    assert copy_columns(Code, {}) == 0
    assert copy_columns(Code, {"name": []}) == 0
    assert len(reserve_ids(Code, 0)) == 0


def test_it_reserves_keys_that_nobody_else_gets():
    first, second = reserve_ids(Code, 5), reserve_ids(Code, 5)
    assert len({*first, *second}) == 10
    assert Code.objects.create(table="t", code="1", name="n").pk not in {*first, *second}


def test_it_does_not_care_for_the_time_zone_of_the_session():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'America/New_York'")
        cursor.execute("CREATE TEMP TABLE moments (at timestamptz)")
    copy_columns("moments", {"at": np.array(["2026-03-05T06:30"], dtype="datetime64[ns]")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT at = '2026-03-05 06:30Z' FROM moments")
        assert cursor.fetchone()[0] is True
