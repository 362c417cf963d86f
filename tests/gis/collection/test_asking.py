"""One form at the door: assembled from every form due there, asking only the gap, each question once."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.collection.asking import ask_at
from gis.collection.door_answers import holding, read_said, shown_fact
from gis.collection.fact import Collected
from gis.errors import Conflict, NotAllowed, Refused
from gis.models import Department, Dwelling, Fact, Field, Household, Need, Resident, Visit
from gis.people.call import read_call
from gis.people.moving import _drop
from gis.people.sealing import open_seal
from gis.people.visiting import record_call
from tests.cast import CELL, DISTRICT, OTHER_STREET, STREET
from tests.gis.collection.test_forms import TODAY, in_force
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(12)))


@pytest.fixture
def door(db) -> Dwelling:
    door = Dwelling.objects.filter(area=CELL, residences=None).first()
    Dwelling.objects.filter(pk=door.pk).update(state="rented", verified_on=TODAY)
    return Dwelling.objects.get(pk=door.pk)


@pytest.fixture
def person(door) -> Resident:
    """An old person of whom nothing but name and birth is known."""
    person = lodger(door)
    Resident.objects.filter(pk=person.pk).update(born=dt.date(1950, 1, 1), population="floating", phone_last4="")
    return Resident.objects.get(pk=person.pk)


def field(code: str) -> Field:
    return Field.objects.get(code=code)


def asked(door: Dwelling, day: dt.date = TODAY) -> dict[str, str]:
    """Name of each question → its forms."""
    form = ask_at([door], day)[door.pk]
    return {one.name: "+".join(form.name for form in one.forms) for one in form.questions}


def say(cast, door: Dwelling, *people: Resident, who: str = "wang", number=None, at=NOON, **answers) -> list[Visit]:
    """A call at which the people were met; `answers` by name with `_` for `:`… given whole as a dictionary `said`."""
    said, base = answers.pop("said", {}), answers.pop("base", {})
    body = {"dwelling": door.pk, "outcome": "met", "base": base, **said, **answers}
    body |= {f"lives:{person.pk}": True for person in people}
    user, number, call = cast[who], number or uuid4(), read_call(body)
    also = holding(read_said(body), call, by=user, number=number)
    return record_call(call, by=user, access=user.access, at=at, number=number, also=also)


def test_what_two_forms_want_is_asked_once_for_both(cast, door, person):
    in_force(cast, "born", "phone", "meal_help", name="助餐")
    in_force(cast, "phone", "inflow_reason", name="流动人口", populations=("floating",))
    p = f"p{person.pk}"
    assert asked(door) == {
        f"fact:phone:{p}": "助餐+流动人口", f"fact:meal_help:{p}": "助餐", f"fact:inflow_reason:{p}": "流动人口",
    }  # fmt: skip
    form = ask_at([door], TODAY)[door.pk]
    assert (len(form.forms), form.wanted, form.known) == (2, 5, 1)


def test_it_asks_only_whom_the_form_and_the_field_are_for(cast, door, person):
    in_force(cast, "inflow_reason", "employment", "meal_help", "visa_until")
    assert {name.split(":")[1] for name in asked(door)} == {"inflow_reason", "employment", "meal_help"}
    Resident.objects.filter(pk=person.pk).update(population="registered", born=dt.date(2021, 1, 1))
    assert asked(door) == {}
    Resident.objects.filter(pk=person.pk).update(population="overseas", born=None)
    assert {name.split(":")[1] for name in asked(door)} == {"visa_until", "employment", "meal_help"}


def test_homes_and_households_are_asked_once_however_many_live_there(cast, door, person):
    other = lodger(door)
    household = Household.objects.create(dwelling=door, area=CELL)
    door.residences.update(household=household)
    in_force(cast, "household_size", "landlord", "heating")
    assert set(asked(door)) == {
        f"fact:household_size:h{household.pk}", f"fact:landlord:d{door.pk}", f"fact:heating:d{door.pk}",
    }  # fmt: skip
    Dwelling.objects.filter(pk=door.pk).update(state="occupied")
    assert f"fact:landlord:d{door.pk}" not in asked(Dwelling.objects.get(pk=door.pk))
    assert other.pk


def test_a_draft_a_form_of_elsewhere_and_one_that_ended_ask_nothing(cast, door, person):
    in_force(cast, "meal_help", area=OTHER_STREET)
    ended = in_force(cast, "meal_help", starts=TODAY - dt.timedelta(days=60), ends=TODAY + dt.timedelta(days=300))
    assert asked(door)
    ended.__class__.objects.filter(pk=ended.pk).update(ends=TODAY)
    assert asked(door) == {}


def test_an_answer_becomes_a_fact_with_source_day_and_form_and_is_asked_no_more(cast, door, person):
    form, name = in_force(cast, "meal_help"), f"fact:meal_help:p{person.pk}"
    number = uuid4()
    [visit] = say(cast, door, person, said={name: "1"}, number=number)
    fact = Fact.objects.get(field__code="meal_help", resident=person)
    assert (fact.value, fact.source, fact.said_on, fact.form, fact.by) == ("1", "visit", TODAY, form, cast.wang)
    assert fact.origin == str(number)
    assert visit.gave == ["fact:meal_help"]
    assert name not in asked(door)
    counted = Collected.objects.get(call=number)
    assert (counted.forms, counted.wanted, counted.known, counted.asked, counted.answered) == (1, 1, 0, 1, 1)


def test_what_grew_old_is_asked_again_with_what_stood_there(cast, door, person):
    in_force(cast, "meal_help", every_months=12)
    name = f"fact:meal_help:p{person.pk}"
    say(cast, door, person, said={name: "1"})
    assert name not in asked(door, TODAY + dt.timedelta(days=364))
    later = ask_at([door], TODAY + dt.timedelta(days=367))[door.pk]
    [question] = later.questions
    assert (question.name, shown_fact(question.was, question.field)) == (name, "1")


def test_a_sealed_answer_is_nowhere_in_the_database(cast, door, person):
    in_force(cast, "emergency_phone")
    say(cast, door, person, said={f"fact:emergency_phone:p{person.pk}": "138-0013-9999"})
    fact = Fact.objects.get(resident=person, field__code="emergency_phone")
    assert fact.value == ""
    assert open_seal(fact.value_sealed) == "138-0013-9999"
    assert shown_fact(fact, fact.field) == "***9999"
    with connection.cursor() as cursor:
        cursor.execute("SELECT grid_fact::text FROM grid_fact")
        assert "9999" not in str([row[0] for row in cursor.fetchall()]).replace(str(fact.pk), "")


def test_a_column_keeps_what_it_kept_and_its_fact_says_who_said_so(cast, door, person):
    in_force(cast, "phone", "relation")
    mate = lodger(door)
    Resident.objects.filter(pk=mate.pk).update(phone_last4="", born=dt.date(1980, 1, 1))
    say(cast, door, person, said={f"phone:{person.pk}": "13800138000", f"fact:phone:p{mate.pk}": "+86 139 0013 9000"})
    for one, phone in ((person, "13800138000"), (mate, "13900139000")):
        one.refresh_from_db()
        assert open_seal(one.phone_sealed) == phone
        fact = Fact.objects.get(resident=one, field__code="phone")
        assert (open_seal(fact.value_sealed), fact.said_on, fact.by) == (phone, TODAY, cast.wang)


def test_a_need_said_to_be_there_begins_and_one_said_not_to_be_is_not_asked_again(cast, door, person):
    in_force(cast, "need_elder_alone", "need_disability")
    say(cast, door, person, said={
        f"fact:need_elder_alone:p{person.pk}": "1", f"fact:need_disability:p{person.pk}": "0",
    })  # fmt: skip
    assert list(Need.objects.filter(resident=person).values_list("tag", flat=True)) == ["elder_alone"]
    assert asked(door) == {}


def test_what_another_one_said_meanwhile_is_shown_and_nothing_stored(cast, door, person):
    in_force(cast, "employment", "meal_help")
    p = f"p{person.pk}"
    say(cast, door, person, said={f"fact:employment:{p}": "退休"})
    with pytest.raises(Conflict) as conflict:
        say(cast, door, person, said={f"fact:employment:{p}": "在职", f"fact:meal_help:{p}": "1"},
            base={f"fact:employment:{p}": ""})  # fmt: skip
    assert conflict.value.theirs[f"fact:employment:{p}"] == "退休"
    assert not Fact.objects.filter(resident=person, field__code="meal_help").exists()
    say(cast, door, person, said={f"fact:employment:{p}": "在职"}, base=conflict.value.theirs["base"])
    current = Fact.objects.filter(resident=person).current(TODAY).get()
    assert current.value == "在职"


def test_the_owner_department_outranks_a_newer_word_of_others(cast, door, person):
    owner = Department.objects.get(code="labour")
    facts = {"field": field("employment"), "resident": person, "source": "file"}
    Fact.objects.create(value="失业", department=owner, said_on=TODAY - dt.timedelta(days=90), **facts)
    Fact.objects.create(value="在职", said_on=TODAY, **facts)
    assert Fact.objects.filter(resident=person).current(TODAY).get().value == "失业"
    Fact.objects.create(value="退休", department=owner, said_on=TODAY, **facts)
    assert Fact.objects.filter(resident=person).current(TODAY).get().value == "退休"
    Fact.objects.filter(value="退休").update(until=TODAY)
    assert Fact.objects.filter(resident=person).current(TODAY).get().value == "失业"


def test_what_no_form_asks_is_not_kept_and_the_visit_is(cast, door, person):
    [visit] = say(cast, door, person, said={f"fact:employment:p{person.pk}": "在职", "fact:no_such:p1": "x"})
    assert visit.pk
    assert not Fact.objects.filter(resident=person).exists()


def test_what_no_form_asks_of_them_is_not_kept_and_the_visit_is(cast, door, person):
    """A form of people from elsewhere, and a field of old people: neither may be filled in of everybody."""
    in_force(cast, "inflow_reason", "education", populations=("floating",))
    in_force(cast, "meal_help", "employment")
    p = f"p{person.pk}"
    Resident.objects.filter(pk=person.pk).update(population="registered", born=dt.date(1990, 1, 1))
    said = {f"fact:education:{p}": "本科", f"fact:meal_help:{p}": "1", f"fact:employment:{p}": "在职"}
    assert say(cast, door, person, said=said)
    assert set(Fact.objects.filter(resident=person).values_list("field__code", flat=True)) == {"employment"}


def test_somebody_who_has_moved_out_is_told_and_then_let_be(cast, door, person):
    in_force(cast, "employment")
    gone = lodger(door)
    gone.residences.update(ends=TODAY - dt.timedelta(days=1))
    said = {f"fact:employment:p{gone.pk}": "在职"}
    with pytest.raises(Conflict) as conflict:
        say(cast, door, person, said=said)
    assert conflict.value.theirs[f"lives:{gone.pk}"] is False
    say(cast, door, person, said=said, base=conflict.value.theirs["base"])
    assert not Fact.objects.filter(resident=gone).exists()


def test_nobody_answers_about_people_behind_other_doors(cast, door, person):
    in_force(cast, "employment", area=DISTRICT)
    stranger = Resident.objects.filter(area__startswith=OTHER_STREET).first()
    with pytest.raises(Conflict):
        say(cast, door, person, said={f"fact:employment:p{stranger.pk}": "在职"})
    assert not Fact.objects.filter(resident=stranger).exists()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("fact:employment:p{}", "宇航员", Refused), ("fact:employment:p{}", 7, Refused),
        ("fact:employment:h{}", "在职", Refused), ("fact:phone:p{}", "abc", Refused),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_the_name_of_its_question(cast, door, person, name, value, error):
    in_force(cast, "employment", "phone")
    name = name.format(person.pk)
    with pytest.raises(error) as refused:
        say(cast, door, person, said={name: value})
    assert set(refused.value.fields) == {name}
    assert not Visit.objects.filter(resident=person).exists()


def test_a_role_that_does_not_see_a_field_does_not_write_it(cast, door, person):
    Field.objects.filter(code="employment").update(rule="identity")
    in_force(cast, "employment")
    with pytest.raises(NotAllowed):
        say(cast, door, person, who="zhou", said={f"fact:employment:p{person.pk}": "在职"})
    assert say(cast, door, person, said={f"fact:employment:p{person.pk}": "在职"})


def test_nobody_was_met_so_nothing_was_answered(cast, door, person):
    body = {"dwelling": door.pk, "outcome": "no_answer", f"fact:employment:p{person.pk}": "在职"}
    with pytest.raises(Refused):
        holding(read_said(body), read_call(body), by=cast.wang, number=uuid4())


def test_a_fact_is_seen_where_its_person_is_and_no_request_rewrites_it(cast, door, person):
    fact = Fact.objects.create(field=field("employment"), resident=person, value="在职", source="visit", said_on=TODAY)
    for scope, seen in ((CELL, 1), (STREET, 1), (OTHER_STREET, 0)):
        with applied(Scope.of([scope])):
            assert Fact.objects.filter(pk=fact.pk).count() == seen
    with applied(Scope(())):
        assert not Fact.objects.exists()
    rows = Fact.objects.filter(pk=fact.pk)
    for act in (lambda: rows.update(value="x"), lambda: rows._raw_delete("default")):
        with applied(Scope.of([CELL])), pytest.raises(DatabaseError), transaction.atomic():
            act()
    Resident.objects.filter(pk=person.pk).update(area=f"{OTHER_STREET}001")
    with applied(Scope.of([CELL])):
        assert not Fact.objects.filter(pk=fact.pk).exists()
    with applied(Scope.of([OTHER_STREET])):
        assert Fact.objects.filter(pk=fact.pk).exists()


def test_the_questions_of_many_doors_cost_as_many_queries_as_of_one(cast, django_assert_num_queries):
    in_force(cast, "employment", "phone", "household_size", "heating", area=DISTRICT)
    doors = list(Dwelling.objects.filter(area__startswith=STREET, residences__ends=None).distinct()[:60])
    with django_assert_num_queries(8):
        assert len(ask_at(doors, TODAY)) == len(doors)


def test_the_fields_of_many_answers_are_read_at_once(cast, door, person):
    in_force(cast, "meal_help", "home_care", "employment")
    said = {f"fact:{code}:p{person.pk}": "1" for code in ("meal_help", "home_care")}
    with CaptureQueriesContext(connection) as ran:
        say(cast, door, person, said=said)
    assert Fact.objects.filter(resident=person).count() == len(said)
    assert sum('FROM "grid_field" INNER JOIN "grid_formfield"' in one["sql"] for one in ran.captured_queries) == 1


def test_a_double_of_whom_something_was_said_stays(cast, door, person):
    """What was said is never rewritten, so the record it was said of is not taken away."""
    double = lodger(door)
    Fact.objects.create(field=field("employment"), resident=double, value="在职", source="visit", said_on=TODAY)
    with applied(Scope.of([CELL])):
        _drop(double, person)
    assert Resident.objects.filter(pk=double.pk).exists()
