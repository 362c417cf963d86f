"""Reading identity numbers. The examples are GB 11643-1999's own (appendix) or invented with a wrong check digit."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import BadCode
from gis.people.identity import (
    check_character,
    clean_number,
    clean_numbers,
    complete,
    complete_number,
    document_problems,
    parse_identity,
    read_identities,
)

STANDARD_WOMAN = "11010519491231002X"  # GB 11643-1999, the example of the text
STANDARD_MAN = "440524188001010014"  # the same; born 1880, so too old for us

bodies = st.builds(
    lambda division, day, sequence: f"{division:06d}{day:%Y%m%d}{sequence:03d}",
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
)


def wrong(body: str) -> str:
    return body + ("1" if check_character(body) != "1" else "2")


def test_it_reads_the_example_of_the_standard():
    read = parse_identity(STANDARD_WOMAN)
    assert (read.division, read.born, read.sex, read.check_fits) == ("110105", date(1949, 12, 31), "2", True)
    assert check_character(STANDARD_MAN) == "4"


@given(bodies)
def test_it_accepts_exactly_one_of_eleven_check_characters(body):
    read = read_identities([body + check for check in "0123456789X"])
    assert list(read.problem).count("") == 1


@given(bodies)
def test_it_reads_back_what_the_number_was_made_of(body):
    read = read_identities([body + check_character(body)])
    assert str(read.born[0]).replace("-", "") == body[6:14]
    assert read.sex[0] == ("1" if int(body[16]) % 2 else "2")
    assert read.problem[0] == ""


@given(bodies, st.integers(0, 16), st.integers(1, 9))
def test_it_notices_every_single_wrong_digit(body, place, step):
    digit = (int(body[place]) + step) % 10
    changed = body[:place] + str(digit) + body[place + 1 :]
    assert read_identities([changed + check_character(body)]).problem[0] != ""


@given(bodies, st.integers(0, 15))
def test_it_notices_every_exchange_of_neighbours(body, place):
    if body[place] == body[place + 1]:
        return
    changed = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert read_identities([changed + check_character(body)]).problem[0] != ""


def test_it_accepts_a_wrong_check_digit_only_of_invented_people():
    number = wrong("11011319900307123")
    assert read_identities([number]).problem[0] == "has a wrong check character"
    assert read_identities([number], synthetic=True).problem[0] == ""


def test_it_completes_a_number_of_fifteen_digits():
    read = read_identities(["110105491231002"])
    assert read.number[0] == STANDARD_WOMAN
    assert read.problem[0] == ""


@pytest.mark.parametrize(
    "value", ["１１０１０５１９４９１２３１００２ｘ", " 110105 19491231 002x ", "'11010519491231002X"]
)
def test_it_cleans_what_people_and_spreadsheets_type(value):
    assert read_identities([value]).number[0] == STANDARD_WOMAN


@pytest.mark.parametrize("value", ["1101051949123100", "11010519491331002X", "A1010519491231002X", STANDARD_MAN])
def test_it_refuses_what_cannot_be_a_number(value):
    assert read_identities([value]).problem[0]


def test_it_leaves_blanks_unjudged():
    read = read_identities([None, "", float("nan")])
    assert list(read.problem) == ["", "", ""]
    assert np.isnat(read.born).all()


def test_it_refuses_a_birth_in_the_future():
    body = "11010520300101002"
    number = body + check_character(body)
    assert read_identities([number], today=date(2026, 1, 1)).problem[0] == "holds no possible birth date"


def test_its_message_never_holds_the_number():
    with pytest.raises(BadCode) as caught:
        parse_identity("11010519491331002X")
    assert "19491331" not in str(caught.value)


def test_it_checks_the_shape_of_other_documents():
    numbers = np.array(["E12345678", "1234567", "H12345678", "x", ""], dtype=object)
    kinds = np.array(["414", "511", "516", "999", "511"], dtype=object)
    assert [bool(problem) for problem in document_problems(numbers, kinds)] == [False, True, False, True, False]


@pytest.mark.parametrize(
    "text", ["11010519491231002x", "１１０１０５ 1949-1231’002X", "110105491231002", "", "HA 1234-5678"]
)
def test_one_number_reads_as_a_column_of_it(text):
    (cleaned,) = clean_numbers([text])
    assert clean_number(text) == cleaned
    assert complete_number(cleaned) == complete(np.array([cleaned], dtype=object))[0]
