"""The feed's own question who may listen, held against the gate of the pages."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from gis.models import Posting, User
from tests.aside import run_aside
from tests.browsing import Browser
from tests.cast import EVERYONE, read_cast
from web.entering import sealed_text
from web.live.admission import Answer, admit
from web.live.database import connect
from web.outside import HINT
from web.second_factor import DUE

TODAY = timezone.localdate()
CHANGES = {
    "nothing": lambda user: None,
    "inactive": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "another password": lambda user: (user.set_password("Another-one-2026"), user.save()),
    "a password to change": lambda user: User.objects.filter(pk=user.pk).update(must_change_password=True),
    "a password to change, but come from outside": lambda user: _come_from_outside(user),
    "no posting": lambda user: Posting.objects.filter(user=user).delete(),
    "a posting that ended": lambda user: Posting.objects.filter(user=user).update(ends=TODAY),
    "a posting that ends tomorrow": lambda user: Posting.objects.filter(user=user).update(
        ends=TODAY + timedelta(days=1)
    ),
    "a posting to come": lambda user: Posting.objects.filter(user=user).update(starts=TODAY + timedelta(days=1)),
    "a role that is none": lambda user: Posting.objects.filter(user=user).update(role="mayor"),
    "a session that ended": lambda user: Session.objects.update(expire_date=timezone.now()),
    "a second step to set up": lambda user: _mark_session(DUE, "/"),
    "no session": lambda user: Session.objects.all().delete(),
}


def _mark_session(mark: str, what: str) -> None:
    for session in Session.objects.all():
        kept = SessionStore(session.session_key)
        kept[mark] = what
        kept.save()


def _come_from_outside(user: User) -> None:
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    _mark_session(HINT, sealed_text("an ID token"))


def asked(session: str) -> Answer:
    async def ask() -> dict[str, Answer]:
        async with await connect() as connection:
            return await admit(connection, {session, "x"})

    answers = run_aside(ask())
    assert answers["x"].refused == "signed-out"
    return answers[session]


def signed_in(name: str) -> tuple[Browser, str]:
    browser = Browser()
    browser.force_login(read_cast()[name], backend="web.sign_in.PostingsBackend")
    return browser, browser.cookies["sessionid"].value


def said_by_the_gate(browser: Browser) -> str:
    answer = browser.get("/", headers={"Accept": "text/html"})
    places = {"/sign-in/": "signed-out", "/password/": "password", "/no-posting/": "no-posting"}
    places["/second-factor/"] = "second-factor"
    return "" if answer.status_code == 200 else places[answer.headers["Location"].partition("?")[0]]


def test_it_gives_everyone_the_scopes_the_pages_give(own_town):
    for name in EVERYONE:
        assert asked(signed_in(name)[1]).access == read_cast()[name].access, name


@pytest.mark.parametrize("change", CHANGES)
def test_it_refuses_as_the_gate_does(change, own_town):
    browser, session = signed_in("li")
    CHANGES[change](read_cast().li)
    answer = asked(session)
    assert answer.refused == said_by_the_gate(browser)
    assert (answer.access is None) == bool(answer.refused)
