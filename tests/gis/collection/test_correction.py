"""A value said against another department's: asked once, sealed where its field is, and seen where its subject is."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from gis.accounts.scope import Scope, applied
from gis.collection.correction import Claim, propose
from gis.collection.standing import standing_of
from gis.models import Correction, Department, Dwelling, Fact, Field, Need, Residence, Resident
from gis.people.sealing import blind_index, open_seal, seal
from tests.cast import CELL, OTHER_STREET
from tests.gis.collection.test_forms import TODAY
from tests.gis.collection.test_known import say
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db
_FILE = Correction.Source.FILE


@pytest.fixture
def door(db) -> Dwelling:
    return Dwelling.objects.filter(area=CELL, residences=None).first()


@pytest.fixture
def person(door) -> Resident:
    return lodger(door)


def claim(code: str, key: int, value: str) -> Claim:
    return Claim(Field.objects.get(code=code), key, value, TODAY, origin="表.xlsx", ground="业务登记")


def ask(*claims: Claim, department: str = "civil", source=_FILE) -> int:
    asking = Department.objects.get(code=department) if department else None
    return propose(claims, source=source, department=asking, by=None)


def test_what_differs_from_the_record_is_asked_once(person):
    say("employment", "失业", 30, "labour", resident=person)
    assert ask(claim("employment", person.pk, "在职")) == 1
    assert ask(claim("employment", person.pk, "在职"), claim("employment", person.pk, "在职")) == 0
    asked = Correction.objects.get(resident=person)
    assert (asked.value, asked.state, asked.said_on, asked.origin) == ("在职", "open", TODAY, "表.xlsx")


def test_another_value_or_another_source_is_another_question(person):
    assert ask(claim("employment", person.pk, "在职"), claim("employment", person.pk, "退休")) == 2
    assert ask(claim("employment", person.pk, "在职"), department="police") == 1
    assert ask(claim("employment", person.pk, "在职"), source=Correction.Source.PAGE) == 1


def test_what_was_answered_may_be_asked_again(person):
    ask(claim("employment", person.pk, "在职"))
    Correction.objects.update(state="refused", reason="无凭据", decided_at=dt.datetime.now(dt.UTC))
    assert ask(claim("employment", person.pk, "在职")) == 1


def test_what_the_record_says_already_is_no_question(person):
    say("employment", "失业", 30, "labour", resident=person)
    Resident.objects.filter(pk=person.pk).update(sex="2", born=dt.date(1950, 2, 3), population="floating")
    same = [("employment", "失业"), ("sex", "2"), ("born", "1950-02-03"), ("population", "流动人口")]
    assert ask(*(claim(code, person.pk, value) for code, value in same)) == 0
    assert ask(claim("population", person.pk, "户籍人口")) == 1


def test_the_owner_does_not_ask_itself_and_a_field_without_owner_asks_nobody(person):
    assert ask(claim("employment", person.pk, "在职"), department="labour") == 0
    assert ask(claim("phone", person.pk, "13800139999"), claim("education", person.pk, "本科")) == 0
    assert ask(claim("employment", person.pk, "在职"), department="", source=Correction.Source.VISIT) == 1


def test_a_sealed_value_is_never_stored_as_it_is(person):
    number = "110113199901019990"
    assert ask(claim("identity", person.pk, number), claim("identity", person.pk, number)) == 1
    asked = Correction.objects.get(resident=person)
    assert (asked.value, open_seal(asked.value_sealed)) == ("", number)
    Resident.objects.filter(pk=person.pk).update(identity_sealed=seal(number), identity_index=blind_index(number))
    assert ask(claim("identity", person.pk, number), department="police") == 0
    assert ask(claim("identity", person.pk, "110113199901019991")) == 1


def test_a_need_is_asked_about_like_any_other_field(person):
    assert ask(claim("need_subsistence", person.pk, "1"), department="labour") == 1
    Need.objects.create(resident=person, tag="subsistence", starts=TODAY, area=person.area)
    assert ask(claim("need_subsistence", person.pk, "1"), department="police") == 0
    assert ask(claim("need_subsistence", person.pk, "0"), department="police") == 1


def test_homes_and_households_are_asked_about_by_their_keys(person, door):
    stay = Residence.objects.get(resident=person)
    Dwelling.objects.filter(pk=door.pk).update(state="rented")
    assert ask(claim("home_state", door.pk, "出租"), claim("relation", person.pk, "02")) == 0
    assert ask(claim("home_state", door.pk, "空置"), claim("household_size", stay.household_id, "3"),
               department="labour") == 2  # fmt: skip


def test_it_is_seen_and_written_where_its_subject_is_and_nowhere_else(person):
    ask(claim("employment", person.pk, "在职"))
    with applied(Scope.of([CELL])):
        assert Correction.objects.filter(resident=person).count() == 1
    with applied(Scope.of([OTHER_STREET])):
        assert Correction.objects.filter(resident=person).count() == 0
    with pytest.raises(ProgrammingError), transaction.atomic(), applied(Scope.of([OTHER_STREET])):
        ask(claim("employment", person.pk, "退休"))


def test_a_request_may_not_rewrite_what_was_said(person):
    ask(claim("employment", person.pk, "在职"))
    for act in ("UPDATE grid_correction SET value = '退休'", "DELETE FROM grid_correction"):
        refused, scope = pytest.raises(ProgrammingError), applied(Scope.of([CELL]))
        with refused, transaction.atomic(), scope, connection.cursor() as cursor:
            cursor.execute(act)


def test_what_stands_names_the_fact_behind_it(person):
    Resident.objects.filter(pk=person.pk).update(born=dt.date(1950, 2, 3))
    born = Field.objects.get(code="born")
    assert standing_of(born, [person.pk], TODAY)[person.pk].fact is None
    fact = say("born", "1950-02-03", 3, "police", resident=person)
    assert standing_of(born, [person.pk], TODAY)[person.pk].fact == fact
    say("born", "1951-02-03", 1, "police", resident=person)  # the column says otherwise: nobody said what it holds
    assert standing_of(born, [person.pk], TODAY)[person.pk].fact is None


@given(
    st.lists(st.tuples(st.sampled_from(["在职", "退休", "失业", ""]), st.sampled_from(["civil", "police"])), max_size=9)
)
@examples(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_claimed_and_however_often_each_difference_waits_once(said):
    with transaction.atomic():
        person = lodger(Dwelling.objects.filter(area=CELL, residences=None).first())
        say("employment", "失业", 30, "labour", resident=person)
        made = sum(ask(claim("employment", person.pk, value), department=who) for value, who in said)
        expected = {(value, who) for value, who in said if value != "失业"}
        waiting = Correction.objects.filter(resident=person, state="open")
        assert set(waiting.values_list("value", "department__code")) == expected
        assert made == len(expected) == waiting.count()
        assert Fact.objects.filter(resident=person).count() == 1
        transaction.set_rollback(True)
