"""Reading a person as a worker writes them down. Every number here is invented; their check digits are wrong."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import Refused
from gis.people.newcomer import read_newcomer

TODAY = date(2026, 5, 20)
#: A number without a right check digit, as `SYNTHETIC_IDS` takes.
NUMBER = "110113198001019990"


@pytest.fixture(autouse=True)
def invented(settings) -> None:
    settings.SYNTHETIC_IDS = True


def read(**facts):
    return read_newcomer({"name": "甲乙丙"} | facts, TODAY)


def wrong(**facts) -> dict:
    with pytest.raises(Refused) as caught:
        read(**facts)
    return caught.value.fields


def test_it_takes_sex_and_birth_from_the_number():
    newcomer = read(number="110113 19800101 9990", sex="1", born="1990-05-05")
    assert (newcomer.number, newcomer.sex, newcomer.born) == (NUMBER, "1", date(1980, 1, 1))


def test_it_needs_a_name_only():
    newcomer = read()
    assert (newcomer.sex, newcomer.born, newcomer.number, newcomer.phone) == ("0", None, "", "")
    assert (newcomer.document, newcomer.population, newcomer.starts) == ("111", "registered", TODAY)


def test_it_refuses_a_wrong_check_digit_of_real_people(settings):
    settings.SYNTHETIC_IDS = False
    assert "校验码" in wrong(number=NUMBER)["number"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"), ({"name": "  "}, "name"), ({"name": "x" * 61}, "name"), ({"name": 5}, "name"),
        ({"number": "1101131980"}, "number"), ({"number": "110113198013019990"}, "number"),
        ({"number": "１２"}, "number"), ({"document": "414", "number": "护照"}, "number"),
        ({"document": "999"}, "document"), ({"sex": "3"}, "sex"), ({"population": "spy"}, "population"),
        ({"relation": "00"}, "relation"), ({"phone": "12"}, "phone"), ({"phone": "x" * 40}, "phone"),
        ({"born": "2026-05-21"}, "born"), ({"born": "gestern"}, "born"), ({"born": "1700-01-01"}, "born"),
        ({"starts": "2030-01-01"}, "starts"), ({"born": "2020-01-01", "starts": "2019-01-01"}, "starts"),
    ],
)  # fmt: skip
def test_it_names_the_field_that_is_wrong_and_never_what_it_holds(facts, field):
    fields = wrong(**facts)
    assert set(fields) == {field}
    assert not any(str(value) in fields[field] for value in facts.values() if len(str(value)) > 4)


def test_it_names_every_wrong_field_at_once():
    assert set(wrong(name="", phone="1", relation="00")) == {"name", "phone", "relation"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("138 0000 1234", "13800001234"), ("＋８６13800001234", "13800001234"), ("(010)6944-0000", "01069440000")],
)
def test_it_keeps_a_phone_in_one_spelling(typed, kept):
    assert read(phone=typed).phone == kept


fields = st.sampled_from(["name", "number", "document", "sex", "born", "population", "relation", "phone", "starts"])
anything = st.text(max_size=30) | st.none() | st.integers() | st.lists(st.integers(), max_size=2)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(fields, anything))
def test_it_reads_or_refuses_whatever_comes(facts):
    with suppress(Refused):
        assert read_newcomer(facts, TODAY).name
