"""Signing in and out: who is let in, what a guesser learns, and what a session is worth."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.utils import timezone

from gis.models import Posting, User
from tests.browsing import Browser
from tests.cast import PASSWORD
from web.sign_in import MOST_NAMES, address_of

WRONG = {"username": "li", "password": "not this one"}
RIGHT = {"username": "li", "password": PASSWORD}
STRONG = "a wholly new one 8"


def sign_in(browser, username: str = "li", password: str = PASSWORD, next_page: str = ""):
    return browser.post("/sign-in/", {"username": username, "password": password, "next": next_page})


def test_it_lets_in_who_knows_the_password(client, cast):
    assert sign_in(client).url == "/"
    assert client.get("/password/").status_code == 200


def test_it_gives_a_new_session_so_that_one_planted_before_is_worth_nothing(client, cast):
    client.get("/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted" * 4
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "planted" * 4
    thief = Browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = "planted" * 4
    assert thief.get("/").url.startswith("/sign-in/")


def test_its_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, cast):
    cookie = sign_in(client).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!unusable"}, {"password": ""}])
def test_it_refuses_an_account_that_is_closed(change, client, cast):
    User.objects.filter(username="li").update(**change)
    assert sign_in(client).status_code == 200
    assert "_auth_user_id" not in client.session


def _refusal(browser, username: str, password: str) -> str:
    return str(sign_in(browser, username, password).context["form"].errors)


def test_it_survives_whatever_stands_in_the_headers(cast):
    browser = Browser(HTTP_ACCEPT="text/html," * 500, HTTP_USER_AGENT="x" * 9000, HTTP_X_FORWARDED_FOR="not an address")
    assert sign_in(browser, password="wrong").status_code == 200


def test_it_says_the_same_to_every_wrong_guess(client, cast):
    User.objects.filter(username="chen").update(is_active=False)
    said = {
        _refusal(client, "li", "not this one"),
        _refusal(client, "nobody-of-that-name", "not this one"),
        _refusal(client, "chen", PASSWORD),
    }
    assert len(said) == 1


@pytest.mark.parametrize("username", ["li", "nobody-of-that-name", "closed", "without-password"])
def test_it_works_as_hard_for_every_name_so_that_time_tells_none(username, client, cast, monkeypatch):
    User.objects.create_user("closed", PASSWORD, is_active=False)
    User.objects.create_user("without-password")
    rounds = []
    encode = PBKDF2PasswordHasher.encode

    def counting(self, password, salt, iterations=None):
        rounds.append(iterations or self.iterations)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counting)
    sign_in(client, username, "not this one")
    assert sum(rounds) == PBKDF2PasswordHasher().iterations or sum(rounds) == 1000


def test_it_pauses_after_five_wrong_guesses_even_for_the_right_password(client, cast):
    assert [sign_in(client, password=f"wrong {n}").status_code for n in range(4)] == [200] * 4
    assert sign_in(client, password="wrong 5").status_code == 429
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_its_pause_tells_no_name(client, cast):
    pages = []
    for username in ("li", "nobody-of-that-name"):
        answers = [sign_in(client, username, f"wrong {n}") for n in range(6)]
        pages.append([(answer.status_code, str(answer.context.get("message"))) for answer in answers])
        assert username not in answers[-1].content.decode().partition("<main")[2]
    assert pages[0] == pages[1]
    assert pages[0][-1][0] == 429


def test_its_pause_ends(client, cast):
    for n in range(5):
        sign_in(client, password=f"wrong {n}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME * 1.01)
    assert sign_in(client).status_code == 302


def test_its_pause_for_one_name_leaves_the_others_alone(client, cast):
    for n in range(6):
        sign_in(client, password=f"wrong {n}")
    assert sign_in(client, "wang").status_code == 302


def test_its_pause_for_one_address_does_not_shut_the_owner_out(client, cast):
    for n in range(6):
        sign_in(client, password=f"wrong {n}")
    assert sign_in(Browser(REMOTE_ADDR="10.9.8.7")).status_code == 302


def test_an_address_that_tries_a_list_of_names_is_let_in_with_none(client, cast):
    for n in range(MOST_NAMES):
        sign_in(client, f"name-{n}", "the same for all")
    assert "_auth_user_id" not in client.session
    assert sign_in(client).status_code == 200
    assert "_auth_user_id" not in client.session
    assert sign_in(Browser(REMOTE_ADDR="10.9.8.7")).status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME * 1.01)
    assert sign_in(client).status_code == 302


@pytest.mark.parametrize(
    ("https", "forwarded", "address"),
    [
        (False, "6.6.6.6", "127.0.0.1"),  # no proxy: anybody may write the header
        (True, "6.6.6.6, 10.1.2.3", "10.1.2.3"),  # what the client wrote stands before what the proxy added
        (True, "nonsense", "127.0.0.1"),
        (True, "", "127.0.0.1"),
        (True, "2001:db8::1", "2001:db8::"),
        (True, "10.1.2.3:55012", "10.1.2.3"),
        (True, "[2001:db8::1]:443", "2001:db8::"),
        (True, "::ffff:10.1.2.3", "10.1.2.3"),
    ],
)
def test_it_takes_the_address_from_who_cannot_invent_it(https, forwarded, address, rf, settings):
    settings.HTTPS = https
    assert address_of(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_a_network_of_ipv6_is_one_address_however_many_it_has(client, cast, settings):
    settings.HTTPS = True
    at = {"secure": True, "follow": False}
    said = [
        client.post("/sign-in/", WRONG, HTTP_X_FORWARDED_FOR=f"2001:db8:1:1::{n}", **at).status_code for n in range(6)
    ]
    assert said == [200] * 4 + [429] * 2
    assert client.post("/sign-in/", RIGHT, HTTP_X_FORWARDED_FOR="2001:db8:1:2::1", **at).status_code == 302


def test_an_administrator_who_sets_the_password_ends_the_pause(client, client_of, cast):
    for n in range(6):
        sign_in(client, password=f"wrong {n}")
    data = {"password1": STRONG, "password2": STRONG, "usable_password": "true", "set-password": "1"}
    client_of("admin").post(f"/admin/grid/user/{cast.li.pk}/password/", data)
    assert sign_in(client, password=STRONG).status_code == 302


def test_the_pause_keeps_no_password(client, cast):
    sign_in(client, password="secret-guess-1")
    assert AccessAttempt.objects.exists()
    assert not any("secret-guess-1" in str(vars(attempt)) for attempt in AccessAttempt.objects.all())


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "http:evil.example",
        "javascript:alert(1)", "\t//evil.example", "https:///evil.example", "\\\\evil.example",
    ],
)  # fmt: skip
def test_it_never_sends_anyone_to_another_site(away, client, cast):
    assert sign_in(client, next_page=away).url == "/"
    assert client.post("/i18n/setlang/", {"language": "en", "next": away}).url == "/"
    assert "evil" not in client.post("/sign-out/", {"next": away}).url


def test_it_returns_to_the_page_that_was_asked_for(client, cast):
    asked = client.get("/buildings/?page=2")
    assert asked.url == "/sign-in/?next=/buildings/%3Fpage%3D2"
    assert sign_in(client, next_page="/buildings/?page=2").url == "/buildings/?page=2"


def test_it_does_not_return_to_what_was_posted(client, db):
    assert client.post("/password/", {"old_password": "x"}).url == "/sign-in/?next=/"


def test_it_answers_a_script_in_its_own_words(db):
    answer = Browser(HTTP_ACCEPT="application/json").get("/map/values/")
    assert answer.status_code == 401
    assert set(answer.json()) == {"error", "fix"}


def test_signing_out_takes_a_post_and_ends_the_session_for_good(client_of):
    browser = client_of("li")
    assert browser.get("/sign-out/").status_code == 405
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert browser.post("/sign-out/").url == "/sign-in/"
    assert not Session.objects.filter(session_key=key).exists()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    assert browser.get("/").url.startswith("/sign-in/")


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-out/", "/password/", "/i18n/setlang/"])
def test_a_form_of_another_site_is_refused_with_a_plain_sentence(path, cast):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.li, backend="web.sign_in.PostingsBackend")
    answer = browser.post(path, RIGHT)
    assert answer.status_code == 403
    assert "CSRF" not in answer.content.decode()
    assert "页面已过期" in answer.content.decode()


def change_password(browser, old: str = PASSWORD, new: str = STRONG):
    return browser.post("/password/", {"old_password": old, "new_password1": new, "new_password2": new})


def test_who_must_change_the_password_reaches_nothing_before(client_of, cast):
    User.objects.filter(username="li").update(must_change_password=True)
    browser = client_of("li")
    assert browser.get("/").url == "/password/"
    assert browser.get("/buildings/", HTTP_ACCEPT="application/json").status_code == 403
    assert browser.get("/tiles/cells/14/13500/6200.mvt", HTTP_ACCEPT="*/*").status_code == 403
    assert browser.get("/password/").status_code == 200


def test_changing_it_opens_the_door_and_keeps_this_session_alone(client_of, cast):
    User.objects.filter(username="li").update(must_change_password=True)
    here, elsewhere = client_of("li"), client_of("li")
    assert change_password(here).url == "/"
    assert here.get("/map/places/", HTTP_ACCEPT="*/*").status_code == 200
    assert elsewhere.get("/").url.startswith("/sign-in/")
    assert not User.objects.get(username="li").must_change_password


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("not the old one", STRONG),
        (PASSWORD, PASSWORD),  # the same again
        (PASSWORD, "short"),
        (PASSWORD, "736451928376"),
        (PASSWORD, "password123"),
        (PASSWORD, "13900001234a"),  # the phone
    ],
)
def test_a_change_that_changes_nothing_or_is_poor_is_refused(old, new, client_of, cast):
    User.objects.filter(username="li").update(must_change_password=True, phone="13900001234")
    assert change_password(client_of("li"), old, new).status_code == 200
    li = User.objects.get(username="li")
    assert li.must_change_password
    assert li.check_password(PASSWORD)


def test_nobody_guesses_the_password_at_a_desk_left_unattended(client_of, cast):
    browser = client_of("li")
    assert {change_password(browser, f"wrong {n}").status_code for n in range(10)} == {200}
    assert change_password(browser).status_code == 429
    assert User.objects.get(username="li").check_password(PASSWORD)
    assert change_password(client_of("wang")).status_code == 302


def test_an_ended_posting_ends_access_the_same_day_within_the_session(client_of, cast):
    browser = client_of("li")
    assert browser.get("/map/places/", HTTP_ACCEPT="*/*").status_code == 200
    Posting.objects.filter(user=cast.li).update(ends=timezone.localdate())
    assert browser.get("/map/places/", HTTP_ACCEPT="*/*").status_code == 403
    assert browser.get("/").url == "/no-posting/"
    assert browser.get("/no-posting/").status_code == 403


def test_an_account_switched_off_ends_access_within_the_session(client_of, cast):
    browser = client_of("li")
    User.objects.filter(pk=cast.li.pk).update(is_active=False)
    assert browser.get("/").url.startswith("/sign-in/")


@pytest.mark.parametrize("username", ["li\x00", "l" * 500, "' OR 1=1 --", "李" * 60, ""])
def test_a_name_that_is_none_is_refused_and_breaks_nothing(username, client, cast):
    assert sign_in(client, username).status_code == 200
