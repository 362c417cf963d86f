"""What may be the same thing: near, alike, recent, open, and in scope."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gis import crs
from gis.accounts.scope import Scope
from gis.incidents.similar import ago, find_similar, pairs_of, shared
from gis.models import Category, Incident
from tests.gis.incidents.reported import AREA, report

HERE = Point(116.66, 40.13, srid=crs.STORE)
SCOPE = Scope.of([AREA])
#: Degrees of longitude a metre takes there.
METRE = 1 / 85_300


def category(code: str) -> Category:
    return Category.objects.get(kind="community", code=code)


@pytest.fixture
def quiet(bare):
    from django.core.management import call_command

    call_command("load_codes", verbosity=0)


def near(metres: float, code: str, hours: float = 1, text: str = "", **more) -> Incident:
    at = timezone.now() - timedelta(hours=hours)
    made = report(at=at, lon=HERE.x + metres * METRE, lat=HERE.y, category=category(code), **more)
    Incident.objects.filter(pk=made.pk).update(description=text)
    return made


def found(code: str | None = "C0402", text: str = "", scope: Scope = SCOPE) -> list[str]:
    asked = category(code) if code else None
    return [one.incident.number for one in find_similar(HERE, asked, text, scope, timezone.now())]


def test_the_same_kind_near_and_recent_comes_with_its_reasons(quiet):
    cover = near(35, "C0402", hours=2, text="路口井盖破损")
    (one,) = find_similar(HERE, category("C0402"), "井盖破损", SCOPE, timezone.now())
    assert one.incident == cover
    assert one.reasons == ("同类", "35 米", "2 小时前", "文字相近")


def test_the_likeliest_comes_first(quiet):
    far, close, other = near(80, "C0402"), near(10, "C0402"), near(10, "C0403")
    assert found() == [close.number, other.number, far.number]


def test_what_is_too_far_too_old_closed_or_of_another_kind_is_left_out(quiet):
    near(400, "C0402")
    near(10, "C0402", hours=24 * 90)
    near(10, "C0402", state="closed")
    near(10, "C0402", state="duplicate")
    near(30, "C0602")
    assert found() == []


def test_the_same_words_outweigh_another_kind(quiet):
    pipe = near(20, "C0303", text="三号楼前水管爆了，路上都是水")
    assert found("C0404") == []
    assert found("C0404", "水管爆了路上都是水") == [pipe.number]


def test_without_a_kind_what_is_close_is_shown(quiet):
    cover = near(15, "C0402")
    assert found(None) == [cover.number]


def test_nothing_of_another_cell_is_shown(quiet):
    near(10, "C0402", area="110113001006002")
    assert found() == []
    assert found(scope=Scope(())) == []


def test_it_looks_through_the_index_of_places(quiet):
    near(10, "C0402")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX incident_by_area, incident_by_time")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found()
    sql = next(one["sql"] for one in asked if "grid_incident" in one["sql"] and "drawing" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        assert "incident_drawing" in "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("age", "said"),
    [(timedelta(0), "1 分钟前"), (timedelta(minutes=59), "59 分钟前"), (timedelta(minutes=60), "1 小时前"),
     (timedelta(hours=47), "47 小时前"), (timedelta(hours=48), "2 天前")],
)  # fmt: skip
def test_it_says_how_long_ago(age, said):
    assert ago(age) == said


@given(st.text(max_size=40), st.text(max_size=40))
def test_texts_share_between_nothing_and_all(one, other):
    share = shared(pairs_of(one), pairs_of(other))
    assert 0 <= share <= 1
    assert share == shared(pairs_of(other), pairs_of(one))
    assert shared(pairs_of(one), pairs_of(one)) in (0, 1)
