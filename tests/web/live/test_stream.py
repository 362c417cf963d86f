"""Who listens to the live feed: it …"""

from contextlib import closing

import pytest
from django.db import connection, connections
from django.utils import timezone

from gis.incidents.changes import MOST_NAMED
from gis.models import Area, Dwelling, Incident, Posting, User
from gis.planning.keeping import drawing_of
from gis.planning.presence import arrive
from gis.planning.talking import comment
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET, read_cast
from tests.gis.incidents.reported import report
from tests.gis.planning.drafts import a_plan, beside, step

ELSEWHERE = f"{OTHER_STREET}001001"


def second_cell() -> str:
    """A cell of Wang's community that is not Wang's."""
    return f"{COMMUNITY}002"


def test_it_hears_of_its_own_ground_and_of_nothing_else(listen):
    li, wang, chen, zhao = (listen(name).started() for name in ("li", "wang", "chen", "zhao"))
    theirs, ours = report(second_cell()), report(CELL)
    said = li.incidents(2)
    assert [one["number"] for one in said] == [theirs.number, ours.number]
    assert {key: said[1][key] for key in ("id", "area", "state", "new", "category", "lon", "lat")} == {
        "id": ours.pk, "area": CELL, "state": "reported", "new": True, "category": "纠纷", "lon": 116.66, "lat": 40.13,
    }  # fmt: skip
    assert said[1]["community"] == Area.objects.get(code=COMMUNITY).short_name
    assert wang.numbers() == [ours.number]
    mine = report(ELSEWHERE)
    assert chen.numbers() == [mine.number]
    Dwelling.objects.filter(area=CELL).update(state="empty")
    assert zhao.until("news").said == {"figures": True}  # the first a planner hears, who sees no incident


def test_it_hears_of_plans_that_it_may_read(listen):
    cast = read_cast()
    plan = a_plan(cast)
    zhao, li, sun, chen = (listen(name).started() for name in ("zhao", "li", "sun", "chen"))
    tile, other = beside(drawing_of(plan))
    step(cast, plan, "paint", tiles=[tile], cell=other)
    mine = report(ELSEWHERE)
    for reader in (zhao, li, sun):
        assert reader.until("news").said["plans"] == [str(plan.uuid)]
    assert chen.numbers() == [mine.number]  # the first they hear
    comment(plan.uuid, "东边太大", user=cast.li, access=cast.li.access)
    assert zhao.until("news").said == {"plans": [str(plan.uuid)]}
    arrive(plan, cast.sun)
    assert zhao.until("news").said == {"plans": [str(plan.uuid)]}


def test_it_is_told_that_an_incident_has_left(listen):
    incident, other = report(CELL), report(ELSEWHERE)
    li, chen = listen("li").started(), listen("chen").started()
    Incident.objects.filter(pk=incident.pk).update(area=ELSEWHERE)
    assert li.until("news").said["gone"] == [incident.pk]
    assert [one["new"] for one in chen.incidents()] == [False]
    Incident.objects.filter(pk__in=[incident.pk, other.pk]).delete()
    assert chen.until("news").said["gone"] == sorted([incident.pk, other.pk])


def test_it_catches_up_with_what_began_before_and_ended_after(listen):
    """The other transaction has the lower number and is open while the later one is told."""
    early, late = report(CELL), report(f"{STREET}007001")
    position = listen("li").started().position
    with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE grid_incident SET state = 'filed' WHERE id = %s", [early.pk])
        Incident.objects.filter(pk=late.pk).update(state="filed")
        first = listen("li", after=position)
        assert first.numbers() == [late.number]
        position = first.started().position
        cursor.execute("COMMIT")
    again = listen("li", after=position)
    assert again.numbers() == [early.number]
    position = again.started().position
    report(CELL)
    assert [one["new"] for one in listen("li", after=position).incidents()] == [True]


def test_it_hears_once_of_what_came_while_it_was_away_and_after(listen):
    stream, heard, sent = listen("li").started(), [], []
    for _ in range(4):
        sent += [report(CELL).number, report(CELL).number]
        stream = listen("li", after=stream.position)
        heard += stream.numbers(2)
        sent.append(report(CELL).number)
        heard += stream.numbers()
    assert heard == sent


@pytest.mark.parametrize("area", [CELL, ELSEWHERE])
def test_it_is_told_of_a_large_import_in_one_word_and_only_on_its_ground(listen, area):
    li, chen, incident = listen("li").started(), listen("chen").started(), report(area)
    ours, theirs = (li, chen) if area == CELL else (chen, li)
    assert ours.numbers() == [incident.number]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grid_incident (uuid, number, category_id, description, reported_at, position, place, area,"
            " state, origin, doubt, source, source_code) SELECT gen_random_uuid(), 'M' || %s || n, category_id, '',"
            " reported_at, position, '', area, state, origin, '', '', '' FROM grid_incident,"
            " generate_series(1, %s) n WHERE id = %s",
            [area, MOST_NAMED + 1, incident.pk],
        )
    assert ours.until("news").said == {"many": True, "figures": True}
    last = report(ELSEWHERE if area == CELL else CELL)
    assert theirs.numbers() == [last.number]


def test_it_hears_that_figures_and_tiles_have_changed(listen):
    li, chen = listen("li").started(), listen("chen").started()
    Dwelling.objects.filter(area=CELL).update(state="rented")
    assert li.until("news").said == {"figures": True}
    Area.objects.filter(code=STREET).update(short_name="改名")
    assert li.until("news").said == {"tiles": ["areas"]}
    Area.objects.filter(code=OTHER_STREET).update(short_name="也改名")
    assert chen.until("news").said == {"tiles": ["areas"]}


def test_it_ends_with_the_session_the_posting_and_the_password(listen, session_of):
    session = session_of("li")
    li, sun, he = listen(session=session).started(), listen("sun").started(), listen("he").started()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE session_key = %s", [session])
    assert li.until("closed").said == {"why": "signed-out"}
    assert li.next() is None
    Posting.objects.filter(user__username="sun").update(ends=timezone.localdate())
    User.objects.filter(username="he").update(must_change_password=True)
    assert sun.until("closed").said == {"why": "no-posting"}
    assert he.until("closed").said == {"why": "password"}


def test_it_starts_anew_when_its_ground_changes(listen):
    zhou = listen("zhou").started()
    Posting.objects.filter(user__username="zhou").update(area=f"{STREET}007")
    assert zhou.until("anew").said == {"why": "scope"}
    report(CELL)
    there = report(f"{STREET}007001")
    assert zhou.numbers() == [there.number]


@pytest.mark.parametrize("session", ["", "x", "a" * 32, "'; --", r'"\000"'])
def test_it_must_be_signed_in(listen, session):
    stream = listen(session=session)
    assert stream.next().said == {"why": "signed-out"}
    assert stream.next() is None


@pytest.mark.parametrize("after", ["x", "æ", "0" * 80, "AAAA", "-" * 5000])
def test_it_starts_anew_from_a_position_that_is_none(listen, after):
    stream = listen("li", after=after.encode().decode("latin-1"))
    assert stream.next().said == {"why": "away"}


def test_it_may_be_a_page_of_ours_and_no_stranger_s(listen, feed):
    port = feed.url.rpartition(":")[2]
    assert listen("li", Origin="https://evil.example").status == 403
    assert listen("li", Origin=f"http://evil.example:{port}").status == 403
    assert listen("li", Origin="null").status == 403
    assert listen("li", Host="evil.example").status == 400
    ours = listen("li", Origin="http://127.0.0.1:8000")
    assert ours.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
    assert ours.headers["Access-Control-Allow-Credentials"] == "true"
    assert ours.started()


def test_it_survives_the_loss_of_the_database_and_misses_nothing(listen):
    li = listen("li").started()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'wangge live feed' AND datname = current_database()"
        )
    numbers = [report(CELL).number for _ in range(3)]
    assert li.until("away", "news").name == "away"
    assert li.numbers(3) == numbers
