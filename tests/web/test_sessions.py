"""The list of where one is signed in: one's own, ended one by one or all at once, by a new password, by others."""

from datetime import timedelta

import pytest
from cachetools import TTLCache
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils import timezone

from gis.accounts.account_session import forget_ended
from gis.models import AccountSession
from tests.browsing import Browser
from tests.cast import PASSWORD
from web import sessions
from web.whence import device_of, network_shown

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.fixture(autouse=True)
def _nothing_seen():
    sessions._seen.clear()


def signed_in(name: str = "li", agent: str = DESK) -> Browser:
    browser = Browser(HTTP_USER_AGENT=agent, REMOTE_ADDR="203.0.113.77")
    assert browser.post("/sign-in/", {"username": name, "password": PASSWORD}).status_code == 302
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/incidents/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "微信 · Android"),
        (DESK, "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
        ("curl/8", ""),
        ("", ""),
        ("\x00<script>" * 900, ""),
    ],
)
def test_a_device_is_told_in_two_words(agent, device):
    assert device_of(agent) == device


@pytest.mark.parametrize(
    ("address", "shown"),
    [("203.0.113.77", "203.0.113.x"), ("2001:db8:1:2:3::4", "2001:0db8:0001:x"), ("", ""), ("no", "")],
)
def test_a_network_is_told_without_its_last_part(address, shown):
    assert network_shown(address) == shown


def test_the_list_shows_each_place_and_marks_this_one(cast):
    phone, desk = signed_in(agent=PHONE), signed_in()
    signed_in("sun")
    page = desk.get("/sessions/")
    text = page.content.decode()
    assert {one.device for one in page.context["sessions"]} == {"微信 · Android", "Edge · Windows"}
    assert "203.0.113.x" in text
    assert "203.0.113.77" not in text
    assert text.count("这一台") == 1
    assert is_in(phone)


def test_one_is_ended_and_no_other(cast):
    phone, desk, sun = signed_in(agent=PHONE), signed_in(), signed_in("sun")
    chosen = AccountSession.objects.get(device__startswith="微信")
    desk.post("/sessions/", {"session": chosen.pk})
    assert not is_in(phone)
    assert is_in(desk)
    assert is_in(sun)


def test_all_others_are_ended_at_once(cast):
    phone, second, desk, sun = signed_in(agent=PHONE), signed_in(), signed_in(), signed_in("sun")
    desk.post("/sessions/", {"others": "1"})
    assert [is_in(one) for one in (phone, second, desk, sun)] == [False, False, True, True]


@pytest.mark.parametrize("number", ["0", "x", "9" * 5000, "-1", ""])
def test_nobody_ends_a_session_of_another_or_none(number, cast):
    desk, sun = signed_in(), signed_in("sun")
    desk.post("/sessions/", {"session": number})
    desk.post("/sessions/", {"session": AccountSession.objects.get(user=cast.sun).pk})
    assert is_in(sun)
    assert is_in(desk)


def test_signing_out_takes_it_off_the_list(cast):
    desk, phone = signed_in(), signed_in(agent=PHONE)
    phone.post("/sign-out/")
    assert [one.device for one in desk.get("/sessions/").context["sessions"]] == ["Edge · Windows"]


def test_a_new_password_ends_all_others(cast):
    phone, desk = signed_in(agent=PHONE), signed_in()
    new = "a wholly new one 8"
    desk.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert not is_in(phone)
    assert is_in(desk)
    assert [one.key for one in desk.get("/sessions/").context["sessions"]] == [desk.session.session_key]


def test_an_administrator_ends_them_with_a_record(admin, cast):
    desk, sun = signed_in(), signed_in("sun")
    admin.post("/admin/grid/user/", {"action": "end_sessions", "_selected_action": [cast.li.pk]})
    assert not is_in(desk)
    assert is_in(sun)
    assert LogEntry.objects.filter(object_id=str(cast.li.pk), user=cast.admin).exists()


def test_an_administrator_of_elsewhere_ends_none(street_admin, cast):
    desk = signed_in()
    street_admin.post("/admin/grid/user/", {"action": "end_sessions", "_selected_action": [cast.li.pk]})
    assert is_in(desk)


def test_last_use_is_noted_now_and_then(cast):
    desk = signed_in()
    long_ago = timezone.now() - timedelta(hours=3)
    AccountSession.objects.update(last_seen_at=long_ago)
    desk.get("/sessions/")
    noted = AccountSession.objects.get().last_seen_at
    assert noted > long_ago
    desk.get("/sessions/")
    assert AccountSession.objects.get().last_seen_at == noted


def test_who_is_never_away_for_long_is_noted_again_and_again(cast, monkeypatch):
    seconds = 0
    monkeypatch.setattr(sessions, "_seen", TTLCache(9, sessions._EVERY, timer=lambda: seconds))
    desk, noted = signed_in(), set()
    for seconds in range(0, 1000, 100):  # noqa: B007 - the clock reads it
        desk.get("/sessions/")
        noted.add(AccountSession.objects.get().last_seen_at)
    assert len(noted) == 4


def test_what_has_run_out_is_forgotten(cast):
    desk = signed_in()
    signed_in(agent=PHONE)
    Session.objects.exclude(session_key=desk.session.session_key).update(expire_date=timezone.now())
    forget_ended()
    assert AccountSession.objects.get().key == desk.session.session_key
