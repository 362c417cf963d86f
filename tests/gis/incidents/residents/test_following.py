"""A case opens to whoever holds its link, or its number and their digits; to nobody else, and nobody learns why."""

from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis.errors import OutOfScope, Refused, TooMany
from gis.incidents.residents.allowance import visitor
from gis.incidents.residents.following import MOST_BY_DIGITS, open_case, pass_for
from gis.models import Follow, Incident
from tests.gis.incidents.loop import go
from tests.gis.incidents.residents.reporting import NOW, reported

pytestmark = pytest.mark.django_db


def asked(number: str, digits: str, at=NOW, address="192.0.2.7") -> str:
    return pass_for(number, digits, who=visitor(address, at), at=at)


def wrong(number: str, digits: str, **more) -> str:
    with pytest.raises(Refused) as error:
        asked(number, digits, **more)
    return str(error.value)


def test_the_link_opens_the_case_in_any_case_of_letters():
    receipt = reported()
    for key in (receipt.token, receipt.token.upper()):
        assert open_case(key).incident.number == receipt.number
        assert open_case(key).by_link


@pytest.mark.parametrize("key", ["", "a", "a" * 32, "1", "1:x:y", ":", "é", "1" * 400])
def test_anything_else_opens_nothing(key):
    reported()
    with pytest.raises(OutOfScope):
        open_case(key)


def test_number_and_digits_open_it_for_an_hour_and_less_of_it():
    receipt = reported()
    key = asked(receipt.number, "1234")
    opened = open_case(key)
    assert opened.incident.number == receipt.number
    assert not opened.by_link
    assert asked(receipt.number.replace("-", " "), "１２３４")


def test_a_pass_ends_and_cannot_be_altered(monkeypatch):
    key = asked(reported().number, "1234")
    other = reported("C0301")
    forged = f"{open_case(other.token).follow.pk}:{key.partition(':')[2]}"
    with pytest.raises(OutOfScope):
        open_case(forged)
    monkeypatch.setattr(signing.time, "time", lambda: NOW.timestamp() + 10 * 3600)
    with pytest.raises(OutOfScope):
        open_case(key)


def test_a_wrong_number_and_wrong_digits_are_one_answer_after_one_look_up():
    receipt, silent = reported(), reported("C0301", phone="")
    tries = [(receipt.number, "9999"), ("20200101-000001", "1234"), (silent.number, "1234"), ("", ""), ("x" * 99, "é")]
    answers, looked = set(), set()
    for number, digits in tries:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answers.add(wrong(number, digits))
        looked.add(len(queries))
    assert len(answers) == len(looked) == 1


def test_digits_that_nobody_left_are_not_the_empty_ones():
    silent = reported(phone="")
    wrong(silent.number, "")


def test_one_visitor_guesses_ten_times_a_quarter_of_an_hour():
    receipt = reported()
    for n in range(10):
        wrong(receipt.number, f"{n:04d}")
    with pytest.raises(TooMany):
        asked(receipt.number, "1234")
    assert asked(receipt.number, "1234", at=NOW + timedelta(minutes=15))


def test_a_number_is_guessed_at_by_everybody_together_twenty_times_a_day():
    receipt = reported()
    for number in (receipt.number, "20200101-000001"):  # the same for one that is none
        for n in range(20):
            wrong(number, f"{n:04d}", address=f"192.0.2.{n}")
        with pytest.raises(TooMany):
            asked(number, "1234", address="198.51.100.1")
    assert open_case(receipt.token)


def test_whoever_reported_a_merged_case_sees_the_kept_one(cast):
    kept, merged = reported(), reported("C0301")
    go(cast, "zhou", Incident.objects.get(number=merged.number), "duplicate", target=kept.number)
    opened = open_case(merged.token)
    assert (opened.incident.number, opened.follow.incident.number) == (kept.number, merged.number)


def test_of_a_whole_street_only_a_few_come_back_by_digits():
    """Else four digits would open a case that two hundred follow at one guess in fifty."""
    first = reported()
    for n in range(20):
        reported(same_as=first.number, phone=f"1390000{5000 + n}")
    assert Follow.objects.exclude(digits="").count() == MOST_BY_DIGITS
    assert Follow.objects.count() == 21
