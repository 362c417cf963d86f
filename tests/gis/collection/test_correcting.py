"""Corrections answered: what is accepted stands in the record with its trace, what is refused is confirmed."""

import datetime as dt

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.collection.comparing import compare
from gis.collection.correcting import accept, refuse, to_answer
from gis.collection.correction import Claim, propose
from gis.collection.showing import known_of
from gis.collection.standing import standing_of
from gis.errors import NotAllowed, Refused
from gis.models import Correction, CorrectionNotice, Department, Dwelling, Fact, Field, Need, Residence, Resident, User
from gis.people.sealing import blind_index, open_seal
from tests.cast import CELL, OTHER_STREET
from tests.gis.collection.test_asking import say as answer_at_door
from tests.gis.collection.test_forms import TODAY, in_force
from tests.gis.collection.test_known import known, say
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(db) -> Dwelling:
    return Dwelling.objects.filter(area=CELL, residences=None).first()


@pytest.fixture
def person(door) -> Resident:
    return lodger(door)


def officer(code: str, cast) -> User:
    """He, moved to another department."""
    he = cast.he
    he.department = Department.objects.get(code=code)
    he.save()
    return he


def asked(cast, code: str, key: int, value: str, who: str = "wang", source=Correction.Source.VISIT) -> Correction:
    field = Field.objects.get(code=code)
    propose([Claim(field, key, value, TODAY)], source=source, department=cast[who].department, by=cast[who])
    return Correction.objects.filter(field=field).latest("pk")


def stands(code: str, key: int) -> str:
    field = Field.objects.get(code=code)
    return standing_of(field, [key], timezone.localdate())[key].plain()


def test_what_is_accepted_is_what_the_owner_says_from_then_on(cast, person):
    say("meal_help", "0", 30, "civil", resident=person)
    one = asked(cast, "meal_help", person.pk, "1")
    assert accept([one.uuid], by=cast.he, access=cast.he.access).done == 1
    assert stands("meal_help", person.pk) == "1"
    fact = Fact.objects.filter(resident=person).latest("pk")
    assert (fact.department.code, fact.source, fact.said_on, fact.by, fact.origin) == (
        "civil", "visit", TODAY, cast.he, str(one.uuid),
    )  # fmt: skip
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.held.value) == ("accepted", cast.he, "0")


def test_it_counts_though_the_owner_has_said_something_later(cast, person):
    one = asked(cast, "meal_help", person.pk, "1")
    say("meal_help", "0", -1, "civil", resident=person)
    accept([one.uuid], by=cast.he, access=cast.he.access)
    assert stands("meal_help", person.pk) == "1"


def test_what_is_refused_stays_and_is_confirmed(cast, person):
    say("meal_help", "0", 30, "civil", resident=person)
    say("meal_help", "1", 2, resident=person)
    one = asked(cast, "meal_help", person.pk, "1")
    assert known(person, cast, "wang")["meal_help"].otherwise
    assert refuse([one.uuid], "电话核实过", by=cast.he, access=cast.he.access).done == 1
    assert stands("meal_help", person.pk) == "0"
    assert {one.field.code: one.otherwise for one in _known_today(person, cast)} == {"meal_help": None}
    one.refresh_from_db()
    assert (one.state, one.reason, one.decided_by) == ("refused", "电话核实过", cast.he)


def _known_today(person, cast):
    return known_of(person, None, cast.wang.access, timezone.localdate())


def test_a_refusal_without_a_reason_is_none(cast, person):
    one = asked(cast, "meal_help", person.pk, "1")
    with pytest.raises(Refused):
        refuse([one.uuid], "", by=cast.he, access=cast.he.access)
    one.refresh_from_db()
    assert one.state == "open"


def test_a_column_is_written_and_what_it_held_stays_as_a_fact(cast, person):
    he = officer("police", cast)
    Resident.objects.filter(pk=person.pk).update(name="甲某", sex="1", born=dt.date(1950, 1, 1))
    wanted = {"name": "甲木", "sex": "2", "born": "1951-01-01", "population": "流动人口", "relation": "11"}
    ones = [asked(cast, code, person.pk, value) for code, value in wanted.items()]
    assert accept([one.uuid for one in ones], by=he, access=he.access).done == 5
    person.refresh_from_db()
    assert (person.name, person.sex, person.born, person.population) == ("甲木", "2", dt.date(1951, 1, 1), "floating")
    assert Residence.objects.get(resident=person).relation == "11"
    before = {fact.field.code: fact.value for fact in Fact.objects.filter(resident=person, source="record")}
    assert before == {
        "name": "甲某", "sex": "1", "born": "1950-01-01", "population": "户籍人口", "relation": "02",
    }  # fmt: skip


def test_an_identity_number_is_checked_sealed_and_nobody_elses(cast, person, door, settings):
    settings.SYNTHETIC_IDS = True
    he, number = officer("police", cast), "110113199901019990"
    other = lodger(Dwelling.objects.filter(area=CELL, residences=None).exclude(pk=door.pk).first())
    wrong, right, same = (
        asked(cast, "identity", who.pk, text, source=Correction.Source.PAGE)
        for who, text in [(person, "110113199913459990"), (person, number), (other, number)]
    )
    answered = accept([wrong.uuid, right.uuid, same.uuid], by=he, access=he.access)
    assert (answered.done, [one.pk for one, _why in answered.faulty]) == (1, [wrong.pk, same.pk])
    person.refresh_from_db()
    assert bytes(person.identity_index) == blind_index(number)
    assert open_seal(person.identity_sealed) == number
    assert person.identity_last4 == "9990"
    fact = Fact.objects.get(resident=person, field__code="identity")
    assert (fact.value, open_seal(fact.value_sealed)) == ("", number)
    assert {one.state for one in Correction.objects.filter(pk__in=[wrong.pk, same.pk])} == {"open"}


def test_a_need_begins_and_ends_with_the_answer(cast, person):
    one = asked(cast, "need_subsistence", person.pk, "1")
    accept([one.uuid], by=cast.he, access=cast.he.access)
    need = Need.objects.get(resident=person, tag="subsistence")
    assert (need.ends, need.source) == (None, "correction")
    two = asked(cast, "need_subsistence", person.pk, "0")
    accept([two.uuid], by=cast.he, access=cast.he.access)
    need.refresh_from_db()
    assert need.ends == timezone.localdate()
    assert stands("need_subsistence", person.pk) == "0"


def test_the_state_of_a_home_is_written_where_it_is_kept(cast, door):
    he = officer("housing", cast)
    Dwelling.objects.filter(pk=door.pk).update(state="occupied")
    one = asked(cast, "home_state", door.pk, "空置")
    accept([one.uuid], by=he, access=he.access)
    door.refresh_from_db()
    assert door.state == "empty"


def test_who_says_the_same_is_answered_with_it_and_who_says_otherwise_is_not(cast, person):
    one = asked(cast, "meal_help", person.pk, "1")
    same = asked(cast, "meal_help", person.pk, "1", who="zhou", source=Correction.Source.PAGE)
    accept([one.uuid], by=cast.he, access=cast.he.access)
    otherwise = asked(cast, "meal_help", person.pk, "0")
    same.refresh_from_db()
    assert (same.state, otherwise.state) == ("accepted", "open")


def test_each_proposer_is_told_once_a_field_and_nothing_of_whom(cast, person, door):
    other = lodger(door)
    ones = [asked(cast, "meal_help", person.pk, "1"), asked(cast, "meal_help", other.pk, "1")]
    accept([ones[0].uuid], by=cast.he, access=cast.he.access)
    refuse([ones[1].uuid], "不符合条件", by=cast.he, access=cast.he.access)
    notice = CorrectionNotice.objects.get(user=cast.wang)
    assert (notice.field.code, notice.accepted, notice.refused, notice.read_at) == ("meal_help", 1, 1, None)


def test_an_answer_that_comes_second_changes_nothing(cast, person):
    one = asked(cast, "meal_help", person.pk, "1")
    accept([one.uuid], by=cast.he, access=cast.he.access)
    answered = refuse([one.uuid], "晚了", by=cast.he, access=cast.he.access)
    assert (answered.done, answered.late) == (0, 1)
    assert stands("meal_help", person.pk) == "1"


@pytest.mark.parametrize("who", ["li", "wang", "sun", "zhou", "zhao", "chen", "admin"])
def test_nobody_but_the_owner_department_answers(cast, person, who):
    one = asked(cast, "meal_help", person.pk, "1")
    with pytest.raises(NotAllowed):
        accept([one.uuid], by=cast[who], access=cast[who].access)


def test_another_department_and_an_officer_of_elsewhere_find_nothing_to_answer(cast, person):
    one = asked(cast, "meal_help", person.pk, "1")
    he = officer("labour", cast)
    assert accept([one.uuid], by=he, access=he.access).late == 1
    officer("civil", cast)
    he.postings.update(area=OTHER_STREET)
    del he.__dict__["access"]
    assert not to_answer(he, he.access).filter(pk=one.pk).exists()
    one.refresh_from_db()
    assert one.state == "open"


def test_it_is_answered_under_row_level_security(cast, person):
    he = officer("police", cast)
    one = asked(cast, "born", person.pk, "1951-01-01")
    with applied(he.access.which("correction.decide")):
        assert accept([one.uuid], by=he, access=he.access).done == 1
    with applied(Scope.of([OTHER_STREET])):
        assert not Correction.objects.filter(pk=one.pk).exists()
    person.refresh_from_db()
    assert person.born == dt.date(1951, 1, 1)


def test_the_owner_sees_its_value_and_of_the_person_no_more_than_it_needs(cast, person):
    meal, phone = (asked(cast, "meal_help", person.pk, "1"), asked(cast, "emergency_phone", person.pk, "13800139999"))
    rows = compare(Correction.objects.filter(pk__in=[meal.pk, phone.pk]).order_by("pk"), timezone.localdate())
    assert [(row.whom.name, row.whom.building is not None, row.whom.door) for row in rows] == [("甲*", True, None)] * 2
    assert [(row.holds, row.says, row.opens) for row in rows] == [("无", "是", False), ("无", "***9999", True)]
    [opened] = compare([phone], timezone.localdate(), opened=True)
    assert opened.says == "13800139999"


def test_an_answer_at_the_door_against_the_owner_asks_and_leaves_the_record(cast, door, person):
    Resident.objects.filter(pk=person.pk).update(born=dt.date(1950, 1, 1))
    in_force(cast, "meal_help", "born", every_months=1)
    say("meal_help", "0", 90, "civil", resident=person)
    say("born", "1950-01-01", 90, "police", resident=person)
    meal, born = f"fact:meal_help:p{person.pk}", f"fact:born:p{person.pk}"
    base = {meal: "0", born: "1950-01-01"}
    answer_at_door(cast, door, person, said={meal: "1", born: "1951-02-03"}, base=base)
    assert stands("meal_help", person.pk) == "0"
    person.refresh_from_db()
    assert person.born == dt.date(1950, 1, 1)
    waiting = {one.field.code: one.value for one in Correction.objects.filter(resident=person, state="open")}
    assert waiting == {"meal_help": "1", "born": "1951-02-03"}
    assert known(person, cast, "wang")["meal_help"].otherwise.value == "是"


def test_an_answer_at_the_door_that_no_owner_contradicts_asks_nobody(cast, door, person):
    in_force(cast, "meal_help", every_months=1)
    say("meal_help", "0", 90, resident=person)
    name = f"fact:meal_help:p{person.pk}"
    answer_at_door(cast, door, person, said={name: "1"}, base={name: "0"})
    assert stands("meal_help", person.pk) == "1"
    assert not Correction.objects.filter(resident=person).exists()


def _need(person) -> Need:
    return Need.objects.create(resident=person, tag="subsistence", starts=dt.date(2026, 1, 1), area=person.area)


def test_a_need_its_owner_has_said_is_not_ended_by_a_worker_s_word_but_asked(cast, door, person):
    need = _need(person)
    say("need_subsistence", "1", 90, "civil", resident=person)
    answer_at_door(cast, door, person, **{f"need:{person.pk}:subsistence": False})
    need.refresh_from_db()
    assert need.ends is None
    asks = Correction.objects.get(resident=person, state="open")
    assert (asks.field.code, asks.value, asks.source) == ("need_subsistence", "0", "visit")


def test_a_need_nobody_but_workers_has_said_ends_with_the_visit(cast, door, person):
    need = _need(person)
    say("need_subsistence", "1", 90, resident=person)
    answer_at_door(cast, door, person, **{f"need:{person.pk}:subsistence": False})
    need.refresh_from_db()
    assert need.ends == TODAY
    assert not Correction.objects.filter(resident=person).exists()
