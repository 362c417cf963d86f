"""The feed: who came, changed, is gone; nothing lost between two readings, whoever commits when."""

import datetime as dt
import random
from contextlib import closing, contextmanager
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.collection.sharing.feed import changes_since, forget_seen_changes
from gis.collection.sharing.preparing import prepare_followed
from gis.collection.sharing.subscribing import decide
from gis.models import Dwelling, Fact, Field, LifeEvent, Resident, ShareChange, SharedRow, Subscription
from gis.people.life.happening import Happening
from gis.people.life.recording import record_life
from gis.people.life.taking_back import take_back
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET, read_cast
from tests.gis.collection.sharing.test_subscribing import in_force, officer
from tests.gis.people.test_due import lodger

TODAY = timezone.localdate


def read(one: Subscription, since: int = 0, scope: str = STREET, most: int = 500):
    with applied(Scope.of([scope])):
        return changes_since(one, since, Scope.of([scope]), TODAY(), most)


def all_of(one: Subscription) -> int:
    """Read to the end; where the feed ends."""
    cursor = 0
    while (page := read(one, cursor)).more:
        cursor = page.cursor
    return page.cursor


def told(page) -> list[tuple[str, dict | None]]:
    return [(entry.change, entry.values) for entry in page.entries]


def resident(cell: str = CELL) -> Resident:
    return lodger(Dwelling.objects.filter(area=cell).first())


def say(person: Resident, code: str, value: str) -> None:
    Fact.objects.create(
        field=Field.objects.get(code=code), resident=person, value=value, source="visit", said_on=TODAY()
    )


@pytest.mark.django_db
def test_the_first_reading_gives_everybody_page_by_page(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    expected = Resident.objects.filter(area__startswith=COMMUNITY).count()
    seen, cursor = set(), 0
    while True:
        page = read(one, cursor, most=100)
        assert {entry.change for entry in page.entries} == {"added"}
        seen |= {entry.key for entry in page.entries}
        cursor = page.cursor
        if not page.more:
            break
    assert len(seen) == expected
    assert read(one, cursor).entries == []


@pytest.mark.django_db
def test_it_tells_who_came_who_changed_and_who_is_gone(cast):
    one, stays = in_force(cast, "sex", "employment", area=COMMUNITY), resident()
    goes = resident()
    cursor = all_of(one)
    comes = resident()
    say(stays, "employment", "在职")
    Resident.objects.filter(pk=goes.pk).update(area=f"{OTHER_STREET}001001")
    page = read(one, cursor)
    assert sorted(change for change, _values in told(page)) == ["added", "changed", "gone"]
    by_change = {entry.change: entry for entry in page.entries}
    assert by_change["changed"].values == {"sex": None, "employment": "在职"}
    assert (by_change["gone"].values, by_change["gone"].subject) == (None, goes.pk)
    assert by_change["added"].subject == comes.pk
    assert read(one, page.cursor).entries == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["died", "left"])
def test_who_has_died_or_left_is_gone_and_comes_back_where_that_was_wrong(cast, kind):
    person, one = resident(), in_force(cast, "sex", area=COMMUNITY)
    end = all_of(one)
    now = {"by": cast.zhou, "access": cast.zhou.access, "at": timezone.now()}
    told_of = Happening(kind=kind, resident=person.pk, on=TODAY(), far="away" if kind == "left" else "")
    with applied(cast.zhou.access.which("people.count")):
        record_life(told_of, number=uuid4(), **now)
    page = read(one, end)
    assert told(page) == [("gone", None)]
    with applied(cast.zhou.access.which("people.count")):
        take_back(LifeEvent.objects.get(resident=person, kind=kind).pk, **now)
    assert [change for change, _values in told(read(one, page.cursor))] == ["added"]


@pytest.mark.django_db
def test_what_came_and_went_between_two_readings_was_never_there(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    cursor = all_of(one)
    person = resident()
    read(one, cursor)  # somebody else reads to here
    Resident.objects.filter(pk=person.pk).update(area=f"{OTHER_STREET}001001")
    page = read(one, cursor)
    assert page.entries == []
    assert page.cursor > cursor


@pytest.mark.django_db
def test_whoever_was_known_is_told_gone_though_they_came_and_went_again(cast):
    one, person = in_force(cast, "sex", area=COMMUNITY), resident()
    cursor = all_of(one)
    for area in (f"{OTHER_STREET}001001", CELL, f"{OTHER_STREET}001001"):
        Resident.objects.filter(pk=person.pk).update(area=area)
        all_of(one)  # another program of theirs reads on
    assert [(entry.change, entry.subject) for entry in read(one, cursor).entries] == [("gone", person.pk)]


@pytest.mark.django_db
def test_a_feed_that_is_followed_is_ready_for_the_first_reader_of_a_day(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    end = all_of(one)
    tomorrow = TODAY() + dt.timedelta(days=1)
    assert (prepare_followed(tomorrow), prepare_followed(tomorrow)) == (1, 0)
    with applied(Scope.of([STREET])), CaptureQueriesContext(connection) as asked:
        assert changes_since(one, end, Scope.of([STREET]), tomorrow).entries == []
    assert not [query for query in asked if "grid_resident" in query["sql"]]
    assert prepare_followed(tomorrow + dt.timedelta(days=30)) == 0


@pytest.mark.django_db
def test_a_change_of_what_is_not_taken_is_no_change(cast):
    one, person = in_force(cast, "sex", area=COMMUNITY), resident()
    cursor = all_of(one)
    say(person, "employment", "在职")
    Resident.objects.filter(pk=person.pk).update(name="乙某")
    assert read(one, cursor).entries == []


@pytest.mark.django_db
def test_whoever_moves_within_the_area_changes_and_is_not_gone(cast):
    other = Dwelling.objects.filter(area__startswith=STREET).exclude(area__startswith=COMMUNITY).first().area
    one, person = in_force(cast, "sex"), resident()
    cursor = all_of(one)
    Resident.objects.filter(pk=person.pk).update(area=other)
    [entry] = read(one, cursor).entries
    assert (entry.change, entry.area, entry.subject) == ("changed", other, person.pk)


@pytest.mark.django_db
def test_names_and_phones_come_masked_and_needs_not_at_all(cast):
    one, person = in_force(cast, "name", "phone", "born", "meal_help", area=COMMUNITY), resident()
    Resident.objects.filter(pk=person.pk).update(name="甲乙丙", born=dt.date(1950, 1, 1))
    say(person, "meal_help", "1")
    [entry] = [entry for entry in read(one, all_of(one) - 1).entries if entry.subject == person.pk] or [None]
    entry = entry or next(entry for entry in read(one, 0, most=5000).entries if entry.subject == person.pk)
    assert entry.values["name"] == "甲**"
    assert entry.values["born"].endswith(" 岁")
    assert "meal_help" not in entry.values


@pytest.mark.django_db
def test_a_revoked_field_is_a_change_of_everybody(cast):
    one, person = in_force(cast, "sex", "employment", area=COMMUNITY), resident()
    say(person, "employment", "在职")
    cursor = all_of(one)
    labour = officer("labour")
    decide(one, "employment", "revoked", by=labour, access=labour.access, reason="用途已结束")
    found = {entry.subject: entry for entry in read(one, cursor, most=5000).entries}
    assert found[person.pk].values == {"sex": None}


@pytest.mark.django_db
def test_out_of_scope_there_is_nothing(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    all_of(one)
    with applied(Scope.of([OTHER_STREET])):
        assert not SharedRow.objects.filter(subscription=one).exists()


@pytest.mark.django_db
def test_two_departments_know_a_person_by_different_names(cast):
    first, second = in_force(cast, "sex", area=COMMUNITY), in_force(cast, "sex", area=COMMUNITY)
    names = [{entry.subject: entry.key for entry in read(one, most=5000).entries} for one in (first, second)]
    assert names[0].keys() == names[1].keys()
    assert not set(names[0].values()) & set(names[1].values())


@contextmanager
def another_connection():
    with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
        yield cursor


def test_it_does_not_miss_who_began_early_and_committed_late(own_town):
    cast = read_cast()
    # Apart: writers in one community wait for each other.
    elsewhere = Dwelling.objects.filter(area__startswith=STREET).exclude(area__startswith=COMMUNITY).first().area
    one, early, late = in_force(cast, "sex"), resident(), resident(elsewhere)
    cursor = all_of(one)
    with another_connection() as other:
        other.execute("BEGIN")
        other.execute("UPDATE grid_resident SET sex = '1' WHERE id = %s", [early.pk])
        Resident.objects.filter(pk=late.pk).update(sex="2")
        first = read(one, cursor)
        assert [entry.subject for entry in first.entries] == [late.pk]
        assert forget_seen_changes() >= 0
        other.execute("COMMIT")
        second = read(one, first.cursor)
        assert [(entry.subject, entry.change) for entry in second.entries] == [(early.pk, "changed")]
        assert read(one, second.cursor).entries == []


def test_the_web_servers_role_drops_what_every_feed_has_seen(cast):
    """It runs the work of every ten minutes, as neither owner nor superuser."""
    Resident.objects.filter(pk=resident().pk).update(sex="2")
    with applied(Scope(())):
        assert forget_seen_changes() >= 0


def test_a_reader_who_pages_while_others_write_ends_with_what_is_there(own_town):
    """However pages and writes are mixed, who follows the feed to its end holds what the tables hold."""
    one, luck = in_force(read_cast(), "sex", area=COMMUNITY), random.Random(6)
    people, held, cursor = [resident() for _ in range(6)], {}, 0
    for _turn in range(40):
        person = luck.choice(people)
        where = luck.choice([CELL, CELL, f"{OTHER_STREET}001001"])
        Resident.objects.filter(pk=person.pk).update(sex=luck.choice("012"), area=where)
        if luck.random() < 0.4:
            page = read(one, cursor, most=luck.choice([1, 3, 500]))
            cursor = page.cursor
            _follow(held, page)
    while (page := read(one, cursor)).entries or page.more:
        cursor = page.cursor
        _follow(held, page)
    expected = Resident.objects.filter(area__startswith=COMMUNITY).values_list("pk", "sex")
    words = {"0": None, "1": "男性", "2": "女性"}
    assert held == {pk: words[sex] for pk, sex in expected}
    forget_seen_changes()
    assert ShareChange.objects.count() == 0 or read(one, cursor).entries == []


def _follow(held: dict, page) -> None:
    for entry in page.entries:
        if entry.change == "gone":
            held.pop(entry.subject, None)
        else:
            held[entry.subject] = entry.values["sex"]


def test_notes_of_past_days_go_once_every_feed_has_seen_them(cast):
    ShareChange.objects.create(transaction=1, areas=[COMMUNITY])
    assert forget_seen_changes() == 0
    ShareChange.objects.filter(transaction=1).update(noted_at=timezone.now() - dt.timedelta(days=1))
    assert forget_seen_changes() == 1
