"""A code that a department's system shows twice ends what came from it (RFC 6749 § 4.1.2), and nothing else."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from gis.accounts.spent_code import forget_spent
from gis.models import SpentCode
from tests.browsing import Browser
from tests.cast import read_cast
from tests.web.single_sign_on.relying_party import Party, ask, code_of, register, renewal, take, tokens_of


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def party(db) -> Party:
    return Party(register())


def test_a_code_used_twice_ends_what_came_from_it_and_nothing_else(client_of, party):
    browser = client_of("li")
    other, code = tokens_of(browser, party), code_of(browser, party)
    held = take(party.exchange(code)).json()
    renewed = take(renewal(party, held)).json()
    assert take(party.exchange(code)).status_code == 400
    assert ask(renewed["access_token"]).status_code == 401
    assert take(renewal(party, renewed)).status_code in (400, 401)
    assert ask(other["access_token"]).status_code == 200
    assert take(renewal(party, other)).status_code == 200


def test_only_the_system_itself_ends_them_by_showing_a_code_again(client_of, party):
    code = code_of(client_of("li"), party)
    held = take(party.exchange(code)).json()
    thief = register(name="另一系统")
    for changes in ({"client_id": thief.client_id}, {"client_secret": "guessed"}, {"client_secret": None}):
        assert take(party.exchange(code, **changes)).status_code in (400, 401)
    assert ask(held["access_token"]).status_code == 200


def test_of_one_code_sent_four_times_at_once_nothing_is_left(own_town):
    party, li = Party(register()), Browser()
    li.force_login(read_cast().li, backend="web.sign_in.PostingsBackend")
    code, got = code_of(li, party), []
    barrier = Barrier(4)

    def send() -> None:
        try:
            barrier.wait(10)
            got.append(take(party.exchange(code)))
        finally:
            connection.close()

    senders = [Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(answer.status_code for answer in got) == [200, 400, 400, 400]
    held = next(answer.json() for answer in got if answer.status_code == 200)
    assert ask(held["access_token"]).status_code == 401


def test_spent_codes_are_forgotten_after_a_day(client_of, party):
    take(party.exchange(code_of(client_of("li"), party)))
    forget_spent(timezone.now() + timedelta(hours=23))
    assert SpentCode.objects.count() == 1
    forget_spent(timezone.now() + timedelta(hours=25))
    assert not SpentCode.objects.exists()
