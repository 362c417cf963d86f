"""What stands, read for a whole lot at once, is what `standing_of` tells field by field; and the rule over it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.field import Field
from gis.collection.sheets.held import Mine, held_of
from gis.collection.sheets.values import Does, rule
from gis.collection.standing import standing_of
from gis.models import Department, Fact
from gis.people.sealing import blind_index
from tests.gis.collection.sheets.bringing import residents
from tests.gis.people.test_due import need

TODAY = dt.date(2026, 11, 26)
CODES = (
    "name",
    "sex",
    "born",
    "identity",
    "phone",
    "population",
    "relation",
    "education",
    "employment",
    "need_disability",
)


@pytest.mark.django_db
def test_a_lot_is_told_the_same_as_one_field_at_a_time():
    people = residents(4)
    need(people[0], "disability", dt.date(2026, 1, 1))
    say = {"field": Field.objects.get(code="employment"), "source": "file"}
    labour, civil = (Department.objects.get(code=code) for code in ("labour", "civil"))
    for person, department, day, value in (
        (people[0], labour, "2026-01-01", "在职"), (people[0], civil, "2026-06-01", "失业"),
        (people[1], civil, "2026-06-01", "失业"), (people[1], None, "2026-07-01", "退休"),
        (people[2], labour, "2027-01-01", "在职"), (people[2], labour, "2026-02-01", ""),
    ):  # fmt: skip
        Fact.objects.create(resident=person, department=department, said_on=day, value=value, **say)
    fields = list(Field.objects.filter(code__in=CODES))
    keys = [person.pk for person in people]
    held = held_of(dict.fromkeys(fields, keys), civil.pk, TODAY)
    for of in fields:
        for key, stands in standing_of(of, keys, TODAY).items():
            told = stands.index if of.sealed else stands.value
            assert held.stands[of.pk].get(key, "") == (bytes(told) if isinstance(told, memoryview) else told or ""), of


OWN, OTHER = 1, 2
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 6))
WORDS = st.sampled_from(["a", "b"])


def a_field(owner, kept=""):
    return Field(pk=1, code="x", kind="text", owner_id=owner, kept=kept)


@pytest.mark.parametrize(
    ("owner", "kept", "stands", "does"),
    [
        (OWN, "", "", Does.FACT), (OWN, "", "b", Does.FACT), (OWN, "resident.sex", "b", Does.COLUMN),
        (OWN, "resident.sex", "a", Does.FACT), (OTHER, "", "", Does.FACT), (OTHER, "", "a", Does.NOTHING),
        (OTHER, "", "b", Does.ASK), (OTHER, "resident.sex", "", Does.COLUMN), (OTHER, "resident.sex", "b", Does.ASK),
        (OTHER, "resident.identity", "", Does.ASK), (None, "", "b", Does.FACT),
        (None, "resident.phone", "b", Does.FACT),
        (None, "resident.phone", "", Does.COLUMN),
    ],
)  # fmt: skip
def test_nothing_is_overwritten_without_a_rule(owner, kept, stands, does):
    assert rule(a_field(owner, kept), stands, "a", OWN, [], TODAY) == does


@given(st.sampled_from([OWN, OTHER, None]), WORDS, WORDS, st.lists(st.tuples(DAYS, WORDS)), DAYS)
def test_the_same_said_again_does_nothing(owner, stands, said, before, day):
    mine = [Mine(*one) for one in before] + [Mine(day, said)]
    assert rule(a_field(owner), stands, said, OWN, mine, day) == Does.NOTHING


@given(WORDS, WORDS, st.lists(st.tuples(DAYS, WORDS)), DAYS)
def test_only_the_owner_writes_over_a_column_that_says_otherwise(stands, said, before, day):
    does = rule(a_field(OTHER, "resident.sex"), stands, said, OWN, [Mine(*one) for one in before], day)
    assert does in (Does.NOTHING, Does.ASK)


def test_sealed_values_are_compared_by_their_hash():
    of = a_field(OTHER)
    assert rule(of, blind_index("a b"), blind_index("ab"), OWN, [], TODAY) == Does.NOTHING
