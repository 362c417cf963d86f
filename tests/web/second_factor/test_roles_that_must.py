"""Roles that must have a second step set it up before anything else opens."""

import pytest
from django.contrib.sessions.models import Session

from gis.models import SecondFactor
from tests.browsing import Browser
from tests.cast import STREET
from tests.web.second_factor.steps import code_at, forget_used, give_password, is_in, set_up, shown_by_app
from tests.web.walking import Belongings, addresses, pages
from web.scope import PERSONAL, PUBLIC
from web.second_factor import DUE


@pytest.fixture
def things(db) -> Belongings:
    return Belongings.of(STREET)


def test_a_role_that_asks_for_it_sets_it_up_before_anything_else(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    give_password(client, "/incidents/?state=open")
    assert client.get("/incidents/").url == "/second-factor/"
    assert client.get("/incidents/", HTTP_ACCEPT="*/*").status_code == 403
    code = shown_by_app(client.get("/second-factor/").context["secret"])
    page = client.post("/second-factor/", {"code": code})  # the password was given a moment ago
    assert page.context["onward"] == "/incidents/?state=open"
    assert client.get("/incidents/").status_code == 200
    forget_used(cast.li)
    client.post("/second-factor/", {"code": code_at(cast.li), "do": "remove"})
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_nothing_but_the_set_up_opens_before(client, cast, settings, things):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    give_password(client)
    for page in pages()[::9]:
        closed = page.name not in PUBLIC | dict.fromkeys(PERSONAL) and not page.name.startswith("api:")
        if closed:
            address = addresses(page, things)[0]
            assert client.get(address, HTTP_ACCEPT="*/*").status_code == 403, page.name


def test_a_role_that_does_not_ask_for_it_is_left_alone(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["grid_worker"]
    give_password(client)
    assert client.get("/incidents/").status_code == 200


def test_a_session_with_the_password_alone_is_no_way_round_once_it_is_set_up(client, cast, settings):
    """Two browsers are sent to set it up; where one has done so, the other needs its code."""
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    other = Browser()
    give_password(other)
    give_password(client)
    key = other.session.session_key
    set_up(client)
    assert other.get("/second-factor/").url.startswith("/sign-in/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_mark_left_over_leads_back_to_the_sign_in(spare, cast):
    other = Browser()
    other.force_login(cast.li, backend="web.sign_in.PostingsBackend")
    session = other.session
    session[DUE] = "/"
    session.save()
    assert other.get("/second-factor/").url == "/sign-in/"
    assert not is_in(other)
