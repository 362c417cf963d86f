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

NOON = timezone.make_aware(datetime.combine(timezone.localdate() - days(7), time(12)))


@pytest.fixture
def door(db: None) -> Dwelling:
    """One where nobody lives and nobody ever called."""
    door = Dwelling.objects.filter(area=CELL, residences=None).first()
    Dwelling.objects.filter(pk=door.pk).update(verified_on=None, tried_on=None, answer="")
    return Dwelling.objects.get(pk=door.pk)


@pytest.fixture
def person(door) -> Resident:
    person = lodger(door)
    need(person, "elder_alone", NOON.date() - days(300))
    return person


def call(door: Dwelling, *people: Resident, outcome: str = "met", **more):
    """`born="1950-02-28"` is an answer of each of the people; `elder_alone=True` says that a need is there still."""
    body = {"dwelling": door.pk, "outcome": outcome, "base": more.pop("base", {})}
    for person in people:
        body[f"lives:{person.pk}"] = True
        body |= {f"{name}:{person.pk}": more[name] for name in ("born", "phone", "relation") if name in more}
        body |= {f"need:{person.pk}:{tag}": more[tag] for tag in ("elder_alone",) if tag in more}
    return read_call(body | {name: more[name] for name in ("found", "note", "way", "state") if name in more})


def record(cast, told, who: str = "wang", at: datetime = NOON, number=None) -> list[Visit]:
    user = cast[who]
    return record_call(told, by=user, access=user.access, at=at, number=number or uuid4())


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
    told = call(
        door, person, born="1950-02-28", phone="+86 138-0013 8000", relation="01", elder_alone=True, state="rented",
        base={f"relation:{person.pk}": "02"},
    )  # fmt: skip
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
    record(cast, call(door, person, elder_alone=False))
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
    mine, name = {"born": "1950-02-28", "phone": "13800138000"}[field], f"{field}:{person.pk}"
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person, **{field: mine}))
    base = found.value.theirs.pop("base")
    assert found.value.theirs == {name: shown}
    assert base == {f"lives:{person.pk}": True, name: shown}
    assert not Visit.objects.filter(resident=person).exists()
    [visit] = record(cast, call(door, person, **{field: shown}, base=base))  # theirs was chosen
    assert visit.gave == []
    [visit] = record(cast, call(door, person, **{field: mine}, base=base))  # mine, having seen theirs
    assert visit.gave == [field]


def test_the_same_answer_from_two_phones_is_no_conflict(cast, door, person):
    for _ in range(2):
        record(cast, call(door, person, born="1950-02-28"))
    assert Visit.objects.filter(resident=person).count() == 2


def test_a_need_that_another_one_ended_meanwhile_is_a_conflict_where_it_is_found_still(cast, door, person):
    Need.objects.filter(resident=person).update(ends=NOON.date() - days(1))
    record(cast, call(door, person, elder_alone=False))
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person, elder_alone=True))
    assert found.value.theirs[f"need:{person.pk}:elder_alone"] is False
    record(cast, call(door, person, elder_alone=True, base=found.value.theirs["base"]))
    assert person.needs.get(ends=None).starts == NOON.date()


def test_a_state_of_the_home_that_another_one_changed_is_a_conflict(cast, door, person):
    Dwelling.objects.filter(pk=door.pk).update(state="empty")
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person, state="rented", base={"state": "occupied"}))
    assert found.value.theirs["state"] == "empty"
    record(cast, call(door, person, state="rented", base=found.value.theirs["base"]))
    door.refresh_from_db()
    assert door.state == "rented"


def test_who_lives_there_no_more_is_a_conflict(cast, door, person):
    Residence.objects.filter(resident=person).update(ends=date(2026, 11, 1))
    with pytest.raises(Conflict) as found:
        record(cast, call(door, person))
    assert found.value.theirs[f"lives:{person.pk}"] is False


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
        {"dwelling": 1, "outcome": "met", "base": []}, {"dwelling": 1, "outcome": "met", "lives:1": 1},
        {"dwelling": 1, "outcome": "met", **{f"lives:{n}": True for n in range(61)}},
        {"dwelling": 1, "outcome": "met", "note": "x" * 201}, {"dwelling": 1, "outcome": "met", "found": "gold"},
        {"dwelling": 1, "outcome": "met", "way": "mail"}, {"dwelling": 1, "outcome": "no_answer", "found": "well"},
        {"dwelling": 1, "outcome": "met", "state": "gone"}, {"dwelling": 1, "outcome": "met", "state": ["empty"]},
        {"dwelling": 1, "outcome": "refused", "state": "rented"},
        *(
            {"dwelling": 1, "outcome": "met", "lives:1": True, **wrong}
            for wrong in (
                {"born:1": 1950}, {"born:1": "1950-02-30"}, {"born:1": "1650-02-03"}, {"phone:1": "123"},
                {"phone:1": "***1234"}, {"relation:1": "head"}, {"need:1:elder_alone": "yes"},
                {"outcome": "refused", "need:1:elder_alone": True}, {"outcome": "moved", "born:1": "1950-02-03"},
            )
        ),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_call(body):
    with pytest.raises(Refused) as found:
        read_call(body)
    assert found.value.message
    assert found.value.fix


@pytest.mark.parametrize(("field", "answer"), [("born", str(NOON.date() + days(1))), ("relation", "00")])
def test_a_birth_after_the_visit_and_an_unknown_relation_are_refused(cast, door, person, field, answer):
    with pytest.raises(Refused) as found:
        record(cast, call(door, person, **{field: answer}))
    assert list(found.value.fields) == [f"{field}:{person.pk}"]


def test_it_asks_only_for_the_gap(door, person):
    today = NOON.date()
    stay, needs = person.residences.get(), list(person.needs.all())
    assert gaps_of(person, stay, needs, 0, today) == [Gap("need", tag="elder_alone"), Gap("born"), Gap("phone")]
    needs[0].confirmed_on = today - days(180)
    person.born, person.phone_last4, stay.relation = date(1940, 1, 1), "1234", ""
    assert gaps_of(person, stay, needs, 0, today) == []
    assert gaps_of(person, stay, needs, 1, today) == [Gap("relation")]
    person.phone_last4, person.born, person.identity_last4 = "", date(2020, 1, 1), "0010"
    assert gaps_of(person, stay, needs, 0, today) == []
    assert asks_state(door, today)
    door.state, door.verified_on = "occupied", today - days(180)
    assert not asks_state(door, today)
    assert asks_state(door, today + days(1))
