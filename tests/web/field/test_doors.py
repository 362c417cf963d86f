"""Doors as a phone gets and sends them: it …"""

import json
from uuid import uuid4

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.models import DoorNote, Dwelling, Residence
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL, DISTRICT, EVERYONE, OTHER_STREET, STREET
from web.field.doors import codes, doors, households
from web.field.holder import holder_of

WRITERS = {"wang", "zhou"}


@pytest.fixture
def send(client_of, cast):
    def post(name: str, kind: str, body: dict, uuid: str = ""):
        now = timezone.now().timestamp() * 1000
        form = {"uuid": uuid or str(uuid4()), "kind": kind, "by": holder_of(cast[name]), "written": now, "sent": now}
        browser = client_of(name, HTTP_ACCEPT="application/json")
        return browser.post("/field/submissions/", form | {"body": json.dumps(body)})

    return post


@pytest.fixture
def home(db) -> Dwelling:
    stays = Residence.objects.filter(area=CELL, kind="living", ends=None).order_by("dwelling")
    return stays.first().dwelling


def new_floor(home: Dwelling) -> dict:
    return {"building": home.building_id, "doors": [["9", 91, "9101"], ["9", 91, "9102"]]}


def test_it_saves_a_door_once_however_often_it_is_sent(send, home):
    body = {"building": home.building_id, "door": home.pk, "answer": "no_answer"}
    uuid = str(uuid4())
    first, again = send("wang", "door", body, uuid), send("wang", "door", body, uuid)
    assert first.json()["outcome"]["door"]["answer"] == "no_answer"
    assert again.json() == first.json() | {"again": True}
    assert DoorNote.objects.filter(dwelling=home.pk).count() == 1


@pytest.mark.parametrize("kind", ["floor", "unit"])
def test_it_adds_the_doors_that_were_shown_and_takes_them_back(kind, send, home):
    outcome = send("wang", kind, new_floor(home)).json()["outcome"]
    assert [(door["unit"], door["floor"], door["room"]) for door in outcome["added"]] == [
        ("9", 91, "9101"), ("9", 91, "9102"),
    ]  # fmt: skip
    keys = [door["id"] for door in outcome["added"]]
    assert send("wang", kind, new_floor(home)).json()["outcome"] == {"added": [], "present": keys}
    undone = send("wang", kind, {"building": home.building_id, "remove": [keys[0], ["9", "9102"], ["9", "9999"]]})
    assert undone.json()["outcome"] == {"removed": 2}
    assert wrong_areas() == set()


def test_it_shows_both_sides_of_a_household_and_stores_neither(send, home):
    body = {"building": home.building_id, "door": home.pk, "answer": "answered", "was": home.state}
    send("zhou", "door", body | {"state": "rented"})
    answer = send("wang", "door", body | {"state": "empty"})
    assert answer.status_code == 409
    assert answer.json()["theirs"]["state"] == "rented"
    assert DoorNote.objects.filter(dwelling=home.pk).count() == 1


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_may_send(name, send, home):
    answer = send(name, "door", {"building": home.building_id, "door": home.pk, "answer": "no_answer"})
    assert answer.status_code == (200 if name in WRITERS else 422)
    assert send(name, "floor", new_floor(home)).status_code == (200 if name in WRITERS else 422)
    assert DoorNote.objects.exists() == (name in WRITERS)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"doors": 1}, {"doors": [1]}, {"doors": [["1", 1]]}, {"doors": [["1", 1, ""]]}, {"doors": []},
        {"remove": "all"}, {"remove": [True]}, {"remove": ["1"]},
        {"remove": [["1"]]}, {"remove": [["1", 2]]},
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_list_of_doors(body, send, home):
    answer = send("wang", "floor", {"building": home.building_id} | body)
    assert answer.status_code == 422
    assert answer.json()["error"]


def pack_of(cast, name: str, area: str) -> tuple[list, dict]:
    access = cast[name].access
    with applied(access.which("people.count")):
        return doors(access, Scope.of([area])), households(access, Scope.of([area]))


@pytest.mark.parametrize("name", EVERYONE)
def test_it_packs_people_only_for_who_sees_their_door(name, cast):
    listed, people = pack_of(cast, name, CELL)
    assert bool(listed) == (name not in ("chen",))
    assert bool(people) == (name in WRITERS)


@pytest.mark.parametrize("name", EVERYONE)
def test_it_packs_who_was_at_home_only_for_who_sees_their_door(name, cast, home):
    Dwelling.objects.filter(pk=home.pk).update(answer="no_answer", tried_on=timezone.localdate())
    told = [row for row in pack_of(cast, name, CELL)[0] if any(row[6:])]
    assert bool(told) == (name in WRITERS)


def test_it_packs_nothing_beyond_the_ground(cast):
    assert pack_of(cast, "wang", OTHER_STREET) == ([], {})
    listed, people = pack_of(cast, "wang", DISTRICT)
    assert {row[1] for row in listed} == set(Dwelling.objects.filter(area=CELL).values_list("pk", flat=True))
    assert pack_of(cast, "zhou", STREET)[1].keys() > people.keys()


def test_it_packs_a_phone_and_a_number_by_their_ends_only(cast):
    _, people = pack_of(cast, "wang", CELL)
    whole = json.dumps(people, ensure_ascii=False)
    told = [one for door in people.values() for one in door]
    assert all(one["phone"] == "" or one["phone"][:3] == "***" for one in told)
    assert not [word for one in told if (word := one["identity"]) and len(word.strip("*")) > 4]
    assert "sealed" not in whole
    assert {one["kind"] for one in told} <= {"living", "registered"}


def test_it_packs_needs_and_due_visits_where_the_role_sees_them(cast):
    told = [one for door in pack_of(cast, "wang", CELL)[1].values() for one in door]
    assert any(one["needs"] for one in told)
    assert any(one.get("due") for one in told)


def test_it_packs_the_same_twice(cast):
    assert json.dumps(pack_of(cast, "wang", CELL)) == json.dumps(pack_of(cast, "wang", CELL))


def test_it_packs_the_lists_of_the_form(cast):
    packed = codes(cast.wang.access, Scope.of([CELL]))
    assert packed["relation"]["02"] == "户主"
    assert "111" in packed["document"]
