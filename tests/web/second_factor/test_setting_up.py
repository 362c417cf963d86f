"""Setting the second step up, another phone, turning it off: with the password or a code, and kept sealed."""

import json
import time

import pytest

from gis.models import RecoveryCode, SecondFactor
from gis.people.sealing import open_seal
from tests.browsing import Browser
from tests.cast import PASSWORD
from tests.web.second_factor.steps import code_at, forget_used, give_password, is_in, new_phone, set_up, shown_by_app
from web.second_factor import codes


def test_the_page_shows_a_picture_and_the_same_secret_in_text(client_of, cast):
    browser = client_of("li")
    page = browser.get("/second-factor/")
    text = page.content.decode()
    secret = page.context["secret"].replace(" ", "")
    assert page.context["picture"] == codes.picture_of(cast.li, secret)
    assert len(secret) == 32
    assert 'src="data:image/svg+xml' in text
    assert "no-store" in page["Cache-Control"]
    assert browser.get("/second-factor/").context["secret"] == page.context["secret"]
    assert secret not in json.dumps(dict(browser.session))


def test_it_does_not_count_until_a_code_was_shown(client, client_of, cast):
    browser = client_of("li")
    browser.get("/second-factor/")
    assert browser.post("/second-factor/", {"code": "000000", "password": PASSWORD}).status_code == 403
    give_password(client)
    assert is_in(client)


@pytest.mark.parametrize("password", ["", "wrong", "x" * 5000, "\x00"])
def test_a_desk_left_open_sets_up_nothing_without_the_password(password, client_of, cast):
    browser = client_of("li")
    code = shown_by_app(browser.get("/second-factor/").context["secret"])
    assert browser.post("/second-factor/", {"code": code, "password": password}).status_code == 403
    assert not SecondFactor.objects.exists()


@pytest.mark.parametrize("code", ["", "\x00", "٣٣٣٣٣٣", "六六六六六六", "1234567", "1" * 5000])
def test_what_is_no_code_sets_up_nothing(code, client_of, cast):
    browser = client_of("li")
    browser.get("/second-factor/")
    assert browser.post("/second-factor/", {"code": code, "password": PASSWORD}).status_code == 403
    assert not SecondFactor.objects.exists()


def test_the_password_is_not_guessed_there_either(client_of, cast):
    browser = client_of("li")
    browser.get("/second-factor/")
    # However the windows of time lie, one of two holds eleven of them.
    pages = [browser.post("/second-factor/", {"code": "1", "password": "x"}).content.decode() for _ in range(21)]
    assert any("次数太多" in page for page in pages)


def test_setting_it_up_ends_all_other_sessions(client, client_of, cast):
    give_password(client)
    set_up(client_of("li"))
    assert client.get("/incidents/").status_code == 302


def test_the_secret_is_sealed_and_codes_on_paper_are_hashed(spare, cast):
    factor = SecondFactor.objects.get(user=cast.li)
    assert open_seal(factor.secret).encode() not in bytes(factor.secret)
    kept = set(RecoveryCode.objects.filter(user=cast.li).values_list("digest", flat=True))
    assert len(kept) == len(spare) == 10
    assert not kept & {code.replace("-", "") for code in spare}


def test_a_picture_of_an_hour_ago_counts_no_more(client_of, cast):
    browser = client_of("li")
    secret = browser.get("/second-factor/").context["secret"]
    session = browser.session
    session["second_factor_new"] = session["second_factor_new"] | {"at": time.time() - 3601}
    session.save()
    page = browser.post("/second-factor/", {"code": shown_by_app(secret), "password": PASSWORD})
    assert page.status_code == 403
    assert page.context["secret"] != secret


def test_the_old_phone_counts_until_the_new_one_has_shown_a_code(client, client_of, spare, cast):
    browser = client_of("li")
    before = code_at(cast.li)
    browser.post("/second-factor/", {"code": before, "do": "replace"})
    forget_used(cast.li)
    give_password(client)
    assert client.post("/sign-in/second/", {"code": before}).status_code == 302
    old = bytes(SecondFactor.objects.get(user=cast.li).secret)
    assert new_phone(browser).status_code == 200
    assert bytes(SecondFactor.objects.get(user=cast.li).secret) != old
    assert browser.get("/incidents/").status_code == 200
    thief = Browser()
    give_password(thief)
    forget_used(cast.li)
    assert thief.post("/sign-in/second/", {"code": before}).status_code == 403
    assert thief.post("/sign-in/second/", {"code": spare[0]}).status_code == 403


def test_a_new_phone_may_be_thought_better_of(client_of, spare, cast):
    browser = client_of("li")
    browser.post("/second-factor/", {"code": code_at(cast.li), "do": "replace"})
    assert "picture" in browser.get("/second-factor/").context
    browser.post("/second-factor/", {"do": "keep"})
    assert "picture" not in browser.get("/second-factor/").context


@pytest.mark.parametrize("act", ["codes", "remove", "replace"])
def test_nothing_changes_without_a_code(act, client_of, spare, cast):
    browser = client_of("li")
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert browser.post("/second-factor/", {"do": act, "code": "000000"}).status_code == 403
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == kept
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_it_is_turned_off_with_a_code(client, client_of, spare, cast):
    client_of("li").post("/second-factor/", {"do": "remove", "code": code_at(cast.li)})
    give_password(client)
    assert is_in(client)
