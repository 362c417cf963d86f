"""What a guesser of codes gets, and that the owner still gets in."""

import pytest
from django.test import RequestFactory

from gis.errors import TooMany
from tests.browsing import Browser
from tests.web.second_factor.steps import code_at, forget_used, give_password, is_in
from web.second_factor.trying import try_code


def guess(browser, many: int) -> list[int]:
    return [browser.post("/sign-in/second/", {"code": "000000"}).status_code for _ in range(many)]


def test_a_guesser_is_stopped_and_a_code_on_paper_opens_all_the_same(client, spare, cast):
    give_password(client)
    # However the windows of time lie, one of two holds six of them.
    assert 429 in guess(client, 11)
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).status_code == 429
    assert not is_in(client)
    assert client.post("/sign-in/second/", {"code": spare[0]}).status_code == 302


def test_a_guesser_elsewhere_does_not_keep_the_owner_out(client, spare, cast):
    thief = Browser(REMOTE_ADDR="203.0.113.9")
    give_password(thief)
    assert 429 in guess(thief, 11)
    give_password(client)
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).status_code == 302


def test_a_guesser_from_everywhere_is_stopped(spare, cast):
    guessed = []

    def guess_from_everywhere() -> None:
        for host in range(65):  # however the windows of time lie, one of two holds 31 of them
            request = RequestFactory().get("/", REMOTE_ADDR=f"203.0.113.{host}")
            guessed.append(try_code(request, cast.li, "000000"))

    with pytest.raises(TooMany):
        guess_from_everywhere()
    assert len(guessed) >= 30
    assert not any(guessed)


def test_right_codes_count_against_nobody(spare, cast):
    for _ in range(7):
        browser = Browser()
        give_password(browser)
        forget_used(cast.li)
        assert browser.post("/sign-in/second/", {"code": code_at(cast.li)}).status_code == 302
