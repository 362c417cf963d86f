"""Two connections that work on the same people at once: one comes after the other, neither is refused for a deadlock.

Each test holds a row until both stand in a queue, and then lets go: in whatever order they are let in, both end.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.areas.covering import scope_of_all
from gis.collection.correcting import accept
from gis.collection.correction import Claim, propose
from gis.errors import WanggeError
from gis.models import Correction, Department, Dwelling, Field, LifeEvent, Residence, Resident, User
from gis.people.door_form import save_door
from gis.people.life.happening import Happening, Kind
from gis.people.life.recording import record_life
from gis.people.locking import hold_people
from gis.people.merging import merge, take_back
from tests.cast import CELL


class Both:
    """Acts on connections of their own, begun one after the other while this one holds something."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = []
        self.threads: list[threading.Thread] = []

    def begin(self, act: Callable[[], object], scope: Scope | None = None) -> None:
        """Begin one, as whoever sees a scope or all of the country, and wait until it stands before a lock."""
        thread = threading.Thread(target=self._do, args=(act, scope or scope_of_all()))
        self.threads.append(thread)
        thread.start()
        _wait_for(len(self.threads))

    def _do(self, act: Callable[[], object], scope: Scope) -> None:
        try:
            with applied(scope):
                act()
        except (WanggeError, DatabaseError) as trouble:
            self.troubles.append(trouble)
        finally:
            connections.close_all()

    def end(self) -> None:
        for thread in self.threads:
            thread.join()
        assert self.troubles == []


_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"""


def _wait_for(number: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(20_000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # otherwise the first look is shown again
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= number:
                return
    raise AssertionError("nobody waited")


@pytest.fixture
def wang(own_town) -> User:
    return User.objects.get(username="wang")


def neighbours() -> list[Residence]:
    """Two who live behind one door, the first with the lower key."""
    living = Residence.objects.filter(kind="living", ends=None, area=CELL).select_related("resident", "dwelling")
    for door in Dwelling.objects.filter(area=CELL).order_by("pk"):
        some = list(living.filter(dwelling=door).order_by("resident"))
        if len(some) >= 2:
            return some[:2]
    raise AssertionError("no door with two people")


def test_officers_who_accept_the_same_corrections_come_one_after_the_other(wang):
    he = User.objects.get(username="he")
    he.department = Department.objects.get(code="civil")
    he.save()
    person, field = neighbours()[0].resident, Field.objects.get(code="need_subsistence")
    with applied(scope_of_all()):
        for source in (Correction.Source.VISIT, Correction.Source.DOOR):
            claim = Claim(field, person.pk, "1", timezone.localdate())
            propose([claim], source=source, department=wang.department, by=wang)
    first, second = Correction.objects.filter(field=field, resident=person, state="open").order_by("pk")
    both = Both()
    with transaction.atomic():
        hold_people([person.pk])
        both.begin(lambda: accept([first.uuid], by=he, access=he.access))
        both.begin(lambda: accept([second.uuid], by=he, access=he.access))
    both.end()
    states = Correction.objects.filter(pk__in=(first.pk, second.pk)).values_list("state", flat=True)
    assert set(states) == {"accepted"}


def left(stay: Residence, along: Residence) -> Happening:
    return Happening(
        Kind.LEFT, stay.resident_id, timezone.localdate(), along=(along.resident_id,), far="away", place="外地"
    )


def test_two_who_tell_of_the_same_departure_come_one_after_the_other(wang):
    low, high = neighbours()
    Residence.objects.filter(pk__in=(low.pk, high.pk)).update(starts=timezone.localdate() - timedelta(days=400))
    LifeEvent.objects.filter(resident__in=(low.resident_id, high.resident_id)).delete()
    both, now = Both(), timezone.now()
    with transaction.atomic():
        hold_people([high.resident_id])
        for told in (left(high, low), left(low, high)):
            both.begin(lambda told=told: record_life(told, by=wang, access=wang.access, at=now, number=uuid4()))
    both.end()
    assert not Residence.objects.filter(pk__in=(low.pk, high.pk), ends=None).exists()


def test_a_door_that_is_saved_and_an_event_there_come_one_after_the_other(wang):
    stay, _other = neighbours()
    body = {
        "building": stay.dwelling.building_id, "door": stay.dwelling_id,
        "people": [{"stay": stay.pk, "phone": "13800001111"}],
    }  # fmt: skip
    told = Happening(Kind.NAMED, stay.resident_id, timezone.localdate(), name="新名字")
    both, now = Both(), timezone.now()
    with transaction.atomic():
        hold_people([stay.resident_id])
        both.begin(lambda: record_life(told, by=wang, access=wang.access, at=now, number=uuid4()))
        both.begin(lambda: save_door(body, by=wang, access=wang.access, at=now))
    both.end()
    person = Resident.objects.get(pk=stay.resident_id)
    assert (person.name, person.phone_last4) == ("新名字", "1111")


def test_a_merge_taken_back_while_the_night_deletes_people_waits_for_both_by_their_keys(wang):
    low, high = (stay.resident for stay in neighbours())
    zhou = User.objects.get(username="zhou")
    Resident.objects.filter(pk__in=(low.pk, high.pk)).update(identity_index=None, identity_sealed=None)
    with applied(scope_of_all()), transaction.atomic():
        done = merge(high.pk, low.pk, user=zhou, access=zhou.access, reason="同一人")
    both = Both()
    with transaction.atomic():
        hold_people([low.pk])
        # As whoever sees what was merged, too, which the night does.
        both.begin(lambda: hold_people([low.pk, high.pk]), Scope.of([*scope_of_all().areas, done.away]))
        both.begin(lambda: take_back(done.uuid, user=zhou, access=zhou.access))
    both.end()
    assert Resident.objects.get(pk=low.pk).area == low.area
