"""Signing in with the second step: what opens, what does not, and each code once."""

from threading import Barrier, Thread

import pyotp
import pytest
from django.db import connection

from gis.models import SecondFactor
from gis.people.sealing import open_seal
from tests.browsing import Browser
from tests.cast import PASSWORD, read_cast
from tests.web.second_factor.steps import code_at, give_password, is_in, shown_by_app
from web.second_factor import codes


def test_the_password_alone_opens_nothing(client, spare, cast):
    answer = give_password(client, "/incidents/")
    assert answer.url == "/sign-in/second/"
    assert not is_in(client)
    assert client.get("/incidents/").status_code == 302
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/incidents/"
    assert client.get("/incidents/").status_code == 200


def test_a_code_is_worth_one_sign_in(client, spare, cast):
    code = code_at(cast.li)
    give_password(client)
    client.post("/sign-in/second/", {"code": code})
    thief = Browser()
    give_password(thief)
    assert thief.post("/sign-in/second/", {"code": code}).status_code == 403
    assert thief.post("/sign-in/second/", {"code": code_at(cast.li, -1)}).status_code == 403
    assert not is_in(thief)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_phones_clock_may_be_half_a_minute_wrong(steps, taken, spare, cast):
    now = 1_800_000_000
    code = pyotp.TOTP(open_seal(SecondFactor.objects.get(user=cast.li).secret)).at(now + 30 * steps)
    assert codes.check(cast.li, code, now) is taken


def test_a_code_on_paper_works_once(client, spare, cast):
    give_password(client)
    assert client.post("/sign-in/second/", {"code": spare[0].lower()}).status_code == 302
    other = Browser()
    give_password(other)
    assert other.post("/sign-in/second/", {"code": spare[0]}).status_code == 403
    assert client.get("/second-factor/").context["left"] == 9


def test_a_code_typed_with_a_chinese_keyboard_is_taken(client, spare, cast):
    give_password(client)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code_at(cast.li))
    assert client.post("/sign-in/second/", {"code": f" {wide[:3]}　{wide[3:]} "}).status_code == 302


def test_of_one_code_sent_four_times_at_once_one_counts(own_town):
    li = read_cast().li
    secret = codes.new_secret()
    spare = codes.take(li, secret, 1)[0]
    for code in (shown_by_app(secret), codes.plain(spare)):
        barrier, got = Barrier(4), []

        def send(code=code, barrier=barrier, got=got) -> None:
            try:
                barrier.wait(10)
                got.append(codes.check(li, code))
            finally:
                connection.close()

        senders = [Thread(target=send) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert sorted(got) == [False, False, False, True]


@pytest.mark.parametrize("code", ["", "12345", "1234567", "٣٣٣٣٣٣", "x" * 5000, "5" * 5000, "' OR 1=1"])
def test_what_is_no_code_is_refused(code, client, spare):
    give_password(client)
    assert client.post("/sign-in/second/", {"code": code}).status_code == 403
    assert not is_in(client)


def test_without_a_password_before_there_is_no_second_step(client, spare, cast):
    assert client.get("/sign-in/second/").url == "/sign-in/"
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"


def test_a_password_changed_meanwhile_ends_the_step(client, spare, cast):
    give_password(client)
    cast.li.set_password("a wholly new one 8")
    cast.li.save()
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"


def test_an_account_switched_off_meanwhile_does_not_come_in(client, spare, cast):
    give_password(client)
    cast.li.is_active = False
    cast.li.save()
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"
    assert not is_in(client)


def test_a_step_left_open_ends(client, spare, cast):
    give_password(client)
    session = client.session
    session["waiting"] = session["waiting"] | {"at": session["waiting"]["at"] - 601}
    session.save()
    assert client.get("/sign-in/second/").url == "/sign-in/"


def test_who_signs_in_by_another_account_has_given_the_step_up(client, spare, cast):
    give_password(client)
    client.post("/sign-in/", {"username": "sun", "password": PASSWORD})
    assert is_in(client)
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"
    assert client.get("/sign-in/").wsgi_request.user.username == "sun"


def test_no_code_and_no_secret_stands_in_the_log(client, spare, cast, caplog):
    code = code_at(cast.li)
    give_password(client)
    client.post("/sign-in/second/", {"code": code})
    client.post("/sign-in/second/", {"code": code})
    assert code not in caplog.text
    assert "li" not in caplog.text.split()
