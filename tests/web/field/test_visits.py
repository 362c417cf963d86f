"""Visits on the phone: what is told to whom, and a call sent in."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.models import Dwelling, Fact, Incident, Visit, VisitWithdrawal
from gis.people.round import plan_round
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET
from tests.gis.collection.test_forms import in_force
from web.field.asked import door_forms
from web.field.holder import holder_of
from web.field.visits import visits_part


@pytest.fixture
def part(cast):
    """The part of the pack as a member of the cast gets it, under row-level security."""

    def of(name: str, area: str) -> dict:
        access = cast[name].access
        with applied(access.which("people.count")):
            return json.loads(json.dumps(visits_part(cast[name], access, Scope.of([area]))))

    return of


@pytest.fixture
def send(client_of, cast):
    def post(name: str, body: dict, uuid: str = ""):
        now = timezone.now().timestamp() * 1000
        form = {"uuid": uuid or str(uuid4()), "kind": "visit", "by": holder_of(cast[name]), "written": now, "sent": now}
        return client_of(name, HTTP_ACCEPT="application/json").post(
            "/field/submissions/", form | {"body": json.dumps(body)}
        )

    return post


def people_of(part: dict) -> list[dict]:
    return [person for door in part["doors"] for person in door["people"]]


def test_the_worker_is_told_who_is_due_in_the_cell_and_what_to_ask(part):
    told = part("wang", CELL)
    assert told["named"]
    assert told["writes"]
    assert {door["building"] for door in told["doors"]} <= {int(pk) for pk in told["buildings"]}
    doors = Dwelling.objects.in_bulk([door["id"] for door in told["doors"]])
    assert {door.area for door in doors.values()} == {CELL}
    assert people_of(told)
    for person in people_of(told):
        assert person["name"]
        assert set(person["tags"]) <= set(told["needs"])
        assert len(person["phone"]) in (0, 4)
        assert {gap["field"] for gap in person["gaps"]} <= {"born", "phone", "relation", "need"}


def test_no_whole_phone_and_no_identity_number_travels(part):
    text = json.dumps(part("wang", CELL))
    assert not any(word in text for word in ("identity", "sealed", "index"))


def test_there_is_somebody_late_somebody_due_today_and_most_are_fine(part):
    today = timezone.localdate().isoformat()
    due = [person["due"] for person in people_of(part("zhou", COMMUNITY))]
    assert any(day < today for day in due)
    assert any(day == today for day in due)
    assert sum(day > today for day in due) > len(due) / 2


@pytest.mark.parametrize(
    ("who", "area"), [("li", STREET), ("sun", STREET), ("chen", OTHER_STREET), ("zhao", COMMUNITY)]
)
def test_a_role_that_does_not_see_needs_one_by_one_is_told_no_person(part, who, area):
    told = part(who, area)
    assert not told["named"]
    assert told["doors"] == told["done"] == told["unverified"] == []
    assert told["relations"] == told["needs"] == {}


@pytest.mark.parametrize("who", ["he", "admin", "chen"])
def test_another_ones_cell_is_empty(part, who):
    assert part(who, CELL)["doors"] == []


def test_tasks_are_the_incidents_that_wait_for_a_look(part, cast):
    one = Incident.objects.filter(area=CELL).first()
    Incident.objects.filter(pk=one.pk).update(state="checking", asked="look")
    told = {task["number"]: task for task in part("wang", CELL)["tasks"]}
    assert one.number in told
    assert {task["state"] for task in told.values()} <= {"verifying", "checking"}
    assert part("zhao", COMMUNITY)["tasks"] == []


def test_a_call_that_is_sent_leaves_the_round_and_stands_among_what_is_done(part, send):
    door = part("wang", CELL)["doors"][0]
    uuid = str(uuid4())
    body = {"dwelling": door["id"], "outcome": "met", "found": "well"}
    body |= {f"lives:{person['id']}": True for person in door["people"]}
    answer = send("wang", body, uuid)
    assert answer.json() == {"stored": True, "again": False, "outcome": {"visits": len(door["people"])}}
    assert send("wang", body, uuid).json()["again"]
    assert Visit.objects.filter(call=uuid).count() == len(door["people"])
    then = part("wang", CELL)
    assert uuid in {done["call"] for done in then["done"]}
    today = timezone.localdate().isoformat()
    left = [one for one in then["doors"] if one["id"] == door["id"]]
    assert all(person["due"] > today for one in left for person in one["people"])
    assert send("wang", {"withdraw": uuid, "reason": "认错门"}).json()["outcome"] == {"withdrawn": len(door["people"])}
    assert VisitWithdrawal.objects.filter(visit__call=uuid).count() == len(door["people"])
    again = next(one for one in part("wang", CELL)["doors"] if one["id"] == door["id"])
    assert again["people"] == door["people"]
    assert not again["asksState"]  # the door itself was tried, whoever was met


def test_both_sides_are_shown_of_what_another_one_changed(part, send):
    door = next(door for door in part("wang", CELL)["doors"] if "phone" in gaps(door))
    person = next(one for one in door["people"] if "phone" in {gap["field"] for gap in one["gaps"]})
    name = f"phone:{person['id']}"
    body = {"dwelling": door["id"], "outcome": "met", f"lives:{person['id']}": True, "base": {name: ""}}
    assert send("zhou", body | {name: "13800138000"}).status_code == 200
    answer = send("wang", body | {name: "13900139000"})
    assert answer.status_code == 409
    theirs = answer.json()["theirs"]
    assert theirs[name] == "***8000"
    assert send("wang", body | {name: "13900139000", "base": theirs["base"]}).status_code == 200


def gaps(door: dict) -> set[str]:
    return {gap["field"] for person in door["people"] for gap in person["gaps"]}


@pytest.mark.parametrize("who", ["li", "sun", "chen", "zhao", "he", "admin"])
def test_nobody_else_records_a_visit(part, send, who):
    door = part("wang", CELL)["doors"][0]
    answer = send(who, {"dwelling": door["id"], "outcome": "no_answer"})
    assert answer.status_code == 422
    assert not Visit.objects.filter(dwelling=door["id"], day=timezone.localdate()).exists()


@pytest.mark.parametrize(
    "body",
    [
        {}, {"withdraw": "x"}, {"withdraw": None}, {"dwelling": 2**62, "outcome": "met"}, {"dwelling": -1},
        {"withdraw": "6f1c1f4e-0000-4000-8000-000000000000", "reason": {"a": 1}},
        {"dwelling": 1, "outcome": "met", "note": ["x"]},
        {"dwelling": 1, "outcome": "met", "lives:1": True, "born:1": "\ud800"},
    ],
)  # fmt: skip
def test_it_refuses_nonsense_with_a_reason(send, body):
    answer = send("wang", body)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert answer.json()["fix"]


def test_a_note_with_half_a_character_is_kept_without_it(part, send):
    door = part("wang", CELL)["doors"][0]
    assert send("wang", {"dwelling": door["id"], "outcome": "no_answer", "note": "\ud800敲门"}).status_code == 200
    assert Visit.objects.filter(dwelling=door["id"]).latest("pk").note == "敲门"


def test_the_forms_due_at_a_door_travel_with_it_and_come_back_as_facts(part, send, cast):
    in_force(cast, "phone", "education", "heating", name="助餐登记")
    told = part("wang", CELL)
    door = next(door for door in told["doors"] if str(door["id"]) in told["forms"]["asks"])
    rows = told["forms"]["asks"][str(door["id"])]
    fields = told["forms"]["fields"]
    assert {fields[number]["code"] for number, _subject, _was in rows} <= {"phone", "education", "heating"}
    assert all(fields[number]["why"] == ["民政局: 助餐登记"] for number, _subject, _was in rows)
    forms, wanted, known = told["forms"]["counts"][str(door["id"])]
    assert (forms, wanted) == (1, known + len(rows))
    _number, subject, _was = next(row for row in rows if fields[row[0]]["code"] == "heating")
    body = {"dwelling": door["id"], "outcome": "met", f"lives:{door['people'][0]['id']}": True, "base": {}}
    answer = send("wang", body | {f"fact:heating:{subject}": "电"})
    assert answer.status_code == 200
    assert Fact.objects.get(dwelling=door["id"]).value == "电"
    again = part("wang", CELL)["forms"]["asks"].get(str(door["id"]), [])
    assert "heating" not in {fields[number]["code"] for number, _subject, _was in again}


def test_the_forms_of_many_doors_cost_as_many_queries_as_of_one(cast, django_assert_num_queries):
    in_force(cast, "heating", "meal_help")
    access, today = cast["wang"].access, timezone.localdate()
    doors = plan_round(Scope.of([CELL]), today)
    with CaptureQueriesContext(connection) as of_one:
        assert door_forms(doors[:1], access, today)["asks"]
    with django_assert_num_queries(len(of_one)):
        assert len(door_forms(doors, access, today)["asks"]) > 1


def test_a_question_that_is_refused_says_so_by_its_name(part, send, cast):
    in_force(cast, "heating")
    told = part("wang", CELL)
    door, rows = next(iter(told["forms"]["asks"].items()))
    person = next(one for one in told["doors"] if str(one["id"]) == door)["people"][0]["id"]
    name = f"fact:heating:{rows[0][1]}"
    answer = send("wang", {"dwelling": int(door), "outcome": "met", f"lives:{person}": True, "base": {}, name: "柴火"})
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {name}


@pytest.mark.parametrize(("who", "area"), [("li", STREET), ("chen", OTHER_STREET), ("zhao", COMMUNITY)])
def test_who_is_told_no_person_is_asked_nothing(part, cast, who, area):
    in_force(cast, "phone", "heating", area="110113")
    assert part(who, area)["forms"]["asks"] == {}
    assert part(who, area)["forms"]["mates"] == {}
