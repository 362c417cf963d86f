"""Recording a call: visits, answers in the records that own them, or nothing."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Dwelling, Need, Residence, Resident, Visit, VisitDue
from gis.people.call import read_call
from gis.people.gaps import Gap, asks_state, gaps_of
from gis.people.sealing import open_seal
from gis.people.visiting import record_call, withdraw_call
from tests.cast import CELL
from tests.gis.people.test_due import days, lodger, need

NOON = timezone.make_aware(datetime.combine(date(2026, 11, 20), time(12)))


@pytest.fixture
def door(db: None) -> Dwelling:
    return Dwelling.objects.filter(area=CELL, residences=None).first()


@pytest.fixture
def person(door) -> Resident:
    person = lodger(door)
    need(person, "elder_alone", NOON.date() - days(300))
    return person


def call(door: Dwelling, *people: Resident, outcome: str = "met", answers: dict | None = None, **more):
    told = [{"resident": one.pk, "answers": answers or {}, "needs": more.pop("needs", {})} for one in people]
    return read_call({"dwelling": door.pk, "outcome": outcome, "people": told, **more})


def record(cast, told, who: str = "wang", at: datetime = NOON, number=None) -> list[Visit]:
    user = cast[who]
    return record_call(told, by=user, access=user.access, at=at, number=number or uuid4())


def answer(was: str, now: str, over: bool = False) -> dict:
    return {"was": was, "now": now, "over": over}


def test_it_stores_a_visit_for_everybody_called_on(cast, door, person):
    other = lodger(door)
    number = uuid4()
    visits = record(cast, call(door, person, other, found="well", note="都好"), number=number)
    assert {visit.resident_id for visit in visits} == {person.pk, other.pk}
    for visit in Visit.objects.filter(call=number):
        assert (visit.at, visit.day, visit.by, visit.area) == (NOON, NOON.date(), cast.wang, CELL)
        assert (visit.outcome, visit.way, visit.found, visit.note) == ("met", "door", "well", "都好")
    assert VisitDue.objects.get(resident=person).due_on == NOON.date() + days(7)


def test_answers_go_to_the_records_that_own_them(cast, door, person):
    before = person.updated_at
    answers = {
        "born": answer("", "1950-02-28"),
        "phone": answer("", "+86 138-0013 8000"),
        "relation": answer("02", "01"),
    }
    told = call(door, person, answers=answers, needs={"elder_alone": True}, state=answer(door.state, "rented"))
    [visit] = record(cast, told)
    person.refresh_from_db()
    door.refresh_from_db()
    assert person.born == date(1950, 2, 28)
    assert open_seal(person.phone_sealed) == "13800138000"
    assert person.updated_at > before
    assert person.residences.get().relation == "01"
    assert person.needs.get().confirmed_on == NOON.date()
    assert (door.state, door.verified_on) == ("rented", NOON.date())
    assert sorted(visit.gave) == ["born", "need:elder_alone", "phone", "relation", "state"]


def test_a_need_that_is_gone_ends_on_the_day_of_the_visit(cast, door, person):
    record(cast, call(door, person, needs={"elder_alone": False}))
    assert person.needs.get().ends == NOON.date()
    assert not VisitDue.objects.filter(resident=person, until__gt=NOON.date()).exists()


def test_no_answer_needs_nothing_but_the_door(cast, door, person):
    [visit] = record(cast, call(door, person, outcome="no_answer"))
    door.refresh_from_db()
    assert (door.answer, door.verified_on) == ("no_answer", None)
    assert VisitDue.objects.get(resident=person).tried_on == visit.day


def test_a_phone_call_verifies_no_door(cast, door, person):
    record(cast, call(door, person, way="phone"))
    door.refresh_from_db()
    assert (door.tried_on, door.verified_on) == (None, None)


def test_who_has_moved_lives_there_no_more_and_comes_back_when_that_is_withdrawn(cast, door, person):
    number = uuid4()
    record(cast, call(door, person, outcome="moved"), number=number)
    assert person.residences.get().ends == NOON.date()
    assert not VisitDue.objects.filter(resident=person).exists()
    wang = cast.wang
    assert withdraw_call(number, by=wang, access=wang.access, at=NOON + days(1), reason="认错门") == 1
    assert withdraw_call(number, by=wang, access=wang.access, at=NOON + days(1)) == 0
    assert person.residences.get().ends is None
    assert VisitDue.objects.get(resident=person).met_on is None
    assert Visit.objects.get(call=number).withdrawal.reason == "认错门"


@pytest.mark.parametrize(
    ("field", "theirs", "shown"),
    [
        ("born", {"born": date(1951, 1, 1)}, "1951-01-01"),
        ("phone", {"phone_last4": "1234", "phone_index": b"x"}, "***1234"),
    ],
)
def test_what_another_one_changed_meanwhile_is_shown_and_nothing_stored(cast, door, person, field, theirs, shown):
    Resident.objects.filter(pk=person.pk).update(**theirs)
    mine = {"born": "1950-02-28", "phone": "13800138000"}[field]
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person, answers={field: answer("", mine)}))
    assert found.value.theirs == {"people": {str(person.pk): {field: shown}}}
    assert not Visit.objects.filter(resident=person).exists()
    [visit] = record(cast, call(door, person, answers={field: answer("", mine, over=True)}))
    assert visit.gave == [field]


def test_the_same_answer_from_two_phones_is_no_conflict(cast, door, person):
    for _ in range(2):
        record(cast, call(door, person, answers={"born": answer("", "1950-02-28")}))
    assert Visit.objects.filter(resident=person).count() == 2


def test_a_need_that_another_one_ended_meanwhile_is_a_conflict_where_it_is_found_still(cast, door, person):
    Need.objects.filter(resident=person).update(ends=NOON.date() - days(1))
    record(cast, call(door, person, needs={"elder_alone": False}))
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person, needs={"elder_alone": True}))
    assert found.value.theirs == {"people": {str(person.pk): {"need:elder_alone": "2026-11-19"}}}
    told = {"resident": person.pk, "needs": {"elder_alone": True}, "needs_over": ["elder_alone"]}
    record(cast, read_call({"dwelling": door.pk, "outcome": "met", "people": [told]}))
    assert person.needs.get(ends=None).starts == NOON.date()


def test_who_lives_there_no_more_is_a_conflict(cast, door, person):
    Residence.objects.filter(resident=person).update(ends=date(2026, 11, 1))
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person))
    assert found.value.theirs == {"people": {str(person.pk): {"lives": False}}}


@pytest.mark.parametrize("who", ["chen"])
def test_a_door_of_another_area_is_not_there(cast, door, person, who):
    with pytest.raises(OutOfScope):
        record(cast, call(door, person), who)


@pytest.mark.parametrize("who", ["li", "sun", "zhao", "he", "admin"])
def test_who_does_not_write_people_records_no_visit(cast, door, person, who):
    with pytest.raises(NotAllowed):
        record(cast, call(door, person), who)


def test_the_community_supervisor_may(cast, door, person):
    assert record(cast, call(door, person), "zhou")


def test_it_takes_no_person_of_another_door(cast, door, person):
    stranger = Residence.objects.exclude(area=CELL).filter(kind="living", ends=None).first().resident
    with pytest.raises(Conflict):
        record(cast, call(door, stranger))


def test_the_time_is_neither_of_the_future_nor_of_long_ago(cast, door, person):
    [visit] = record(cast, call(door, person), at=timezone.now() + timedelta(days=3))
    assert visit.at <= timezone.now()
    with pytest.raises(Refused):
        record(cast, call(door, person), at=timezone.now() - timedelta(days=400))


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, {"dwelling": "1", "outcome": "met"}, {"dwelling": True, "outcome": "met"},
        {"dwelling": 1, "outcome": "gone"}, {"dwelling": 1, "outcome": ["met"]}, {"dwelling": 2**70, "outcome": "met"},
        {"dwelling": 1, "outcome": "met", "people": {}}, {"dwelling": 1, "outcome": "met", "people": [1]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1}, {"resident": 1}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1}] * 61},
        {"dwelling": 1, "outcome": "met", "note": "x" * 201}, {"dwelling": 1, "outcome": "met", "found": "gold"},
        {"dwelling": 1, "outcome": "met", "way": "mail"}, {"dwelling": 1, "outcome": "no_answer", "found": "well"},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "answers": {"name": answer("", "x")}}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "answers": {"born": "1950"}}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "answers": {"born": answer("", "1950-02-30")}}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "answers": {"born": answer("", "1650-02-03")}}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "answers": {"phone": answer("", "123")}}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "answers": {"relation": answer("", "head")}}]},
        {"dwelling": 1, "outcome": "met", "people": [{"resident": 1, "needs": {"elder_alone": "yes"}}]},
        {"dwelling": 1, "outcome": "refused", "people": [{"resident": 1, "needs": {"elder_alone": True}}]},
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_call(body):
    with pytest.raises(Refused) as found:
        read_call(body)
    assert found.value.message
    assert found.value.fix


def test_a_birth_after_the_visit_and_an_unknown_relation_are_refused(cast, door, person):
    for field, now in (("born", "2026-11-21"), ("relation", "77")):
        told = call(door, person, answers={field: answer(person.residences.get().relation, now, over=True)})
        if field == "relation":
            told = call(door, person, answers={field: answer("02", "00")})
        with pytest.raises(Refused) as found:
            record(cast, told)
        assert field in found.value.fields


def test_it_asks_only_for_the_gap(door, person):
    today = NOON.date()
    stay, needs = person.residences.get(), list(person.needs.all())
    assert gaps_of(person, stay, needs, 0, today) == [Gap("need", tag="elder_alone"), Gap("born"), Gap("phone")]
    needs[0].confirmed_on = today - days(180)
    person.born, person.phone_last4, stay.relation = date(1940, 1, 1), "1234", ""
    assert gaps_of(person, stay, needs, 0, today) == []
    assert gaps_of(person, stay, needs, 1, today) == [Gap("relation")]
    person.phone_last4, person.born = "", date(2020, 1, 1)
    assert gaps_of(person, stay, needs, 0, today) == []
    assert asks_state(door, today)
    door.state, door.verified_on = "occupied", today - days(180)
    assert not asks_state(door, today)
    assert asks_state(door, today + days(1))
