"""Departments' systems sign people in by Wangge: what is told, to whom, and every way of asking that is refused."""

import base64
from datetime import timedelta
from urllib.parse import urlencode

import pyotp
import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from gis.accounts import sign_on_keys
from gis.models import ClientSystem
from tests.browsing import Browser
from tests.cast import CELL, PASSWORD, STREET
from tests.web.single_sign_on.relying_party import (
    BACK,
    OUT,
    SECRET,
    Party,
    ask,
    code_of,
    consent,
    read_token,
    register,
    renewal,
    take,
    tokens_of,
    told_back,
)
from web.second_factor import codes


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def system(db) -> ClientSystem:
    return register()


@pytest.fixture
def party(system) -> Party:
    return Party(system)


def test_it_tells_a_system_who_signed_in_and_where_they_work(client_of, party, cast):
    held = tokens_of(client_of("wang"), party)
    found = Browser().get("/sign-on/.well-known/openid-configuration").json()
    claims = read_token(held["id_token"], Browser().get("/sign-on/keys/").json(), party.id)
    assert (claims["iss"], claims["nonce"]) == (found["issuer"], party.nonce)
    assert (claims["sub"], claims["area"], claims["role"]) == (str(cast.wang.pk), CELL, "grid_worker")
    told = ask(held["access_token"]).json()
    assert told["postings"] == [{"role": "grid_worker", "area": CELL}]
    assert (told["name"], told["preferred_username"]) == (cast.wang.name, "wang")
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    assert found["code_challenge_methods_supported"] == ["S256"]


def test_it_tells_only_what_was_asked_for(client_of, party):
    held = take(party.exchange(told_back(consent(client_of("li"), party, scope="openid")["Location"])["code"])).json()
    assert set(ask(held["access_token"]).json()) == {"sub"}


def test_the_page_says_whose_system_asks_and_where_the_form_may_lead(client_of, party):
    page = client_of("li").get(party.address())
    text = page.content.decode()
    assert party.department in text
    assert "就业服务" in text
    assert "form-action 'self' https://labour.example;" in page.headers["Content-Security-Policy"] + ";"
    assert "no-store" in page.headers["Cache-Control"]


def test_who_does_not_agree_gives_nothing(client_of, party):
    browser = client_of("li")
    initial = browser.get(party.address()).context["form"].initial
    answer = browser.post("/sign-on/authorize/", {name: value or "" for name, value in initial.items()})
    assert told_back(answer["Location"])["error"] == "access_denied"
    assert not Grant.objects.exists()


def test_who_has_not_signed_in_is_asked_to_and_comes_back(party, cast):
    answer = Browser().get(party.address())
    assert answer["Location"].startswith("/sign-in/?next=/sign-on/authorize/")


def test_the_password_alone_vouches_to_no_system_for_whom_has_a_second_step(party, cast):
    secret = codes.new_secret()
    codes.take(cast.li, secret, 1)
    browser = Browser()
    asked = browser.get(party.address())
    page = browser.post("/sign-in/", {"username": "li", "password": PASSWORD, "next": party.address()})
    assert page.url == "/sign-in/second/"
    assert browser.get(party.address()).url == asked.url
    assert browser.post("/sign-in/second/", {"code": pyotp.TOTP(secret).now()}).url == party.address()
    assert browser.get(party.address()).status_code == 200


def test_a_second_step_to_set_up_goes_before_every_system_and_leads_back(party, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    browser = Browser()
    browser.post("/sign-in/", {"username": "li", "password": PASSWORD, "next": party.address()})
    for answer in (browser.get(party.address()), browser.post("/sign-on/authorize/", party.asks() | {"allow": "on"})):
        assert answer.url == "/second-factor/"
    assert not Grant.objects.exists()
    secret = browser.get("/second-factor/").context["secret"].replace(" ", "")
    page = browser.post("/second-factor/", {"code": pyotp.TOTP(secret).now()})
    assert page.context["onward"] == party.address()
    assert browser.get(party.address()).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": BACK + "/more"},
        {"redirect_uri": BACK + "?x=1"},
        {"redirect_uri": BACK.replace("https", "http")},
        {"redirect_uri": "https://labour.example@evil.example/back"},
        {"client_id": "nobody"},
        {"client_id": None},
    ],
)
def test_an_address_that_is_not_registered_is_never_gone_to(changes, client_of, party):
    answer = client_of("li").get(party.address(**changes))
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"response_type": "token"},
        {"response_type": "id_token token"},
        {"scope": "openid everything"},
        {"code_challenge_method": "unknown"},
    ],
)
def test_a_weaker_flow_is_refused(changes, client_of, party):
    answer = client_of("li").get(party.address(**changes))
    assert answer.status_code == 302
    assert "error" in told_back(answer["Location"])
    assert answer["Location"].startswith(BACK)


@pytest.mark.parametrize("method", ["plain", None])
def test_a_challenge_that_hides_nothing_is_refused(method, client_of, party):
    browser = client_of("li")
    page = browser.get(party.address(code_challenge_method=method, code_challenge=party.verifier))
    if page.status_code == 200:
        hidden = {name: value or "" for name, value in page.context["form"].initial.items()}
        page = browser.post("/sign-on/authorize/", hidden | {"allow": "on"})
    assert "error" in told_back(page["Location"])
    assert not Grant.objects.exists()


def test_a_tampered_form_leads_nowhere_else(client_of, party):
    browser = client_of("li")
    initial = browser.get(party.address()).context["form"].initial
    hidden = {name: value or "" for name, value in initial.items()}
    answer = browser.post("/sign-on/authorize/", hidden | {"allow": "on", "redirect_uri": "https://evil.example/"})
    assert "evil" not in answer.headers.get("Location", "")
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 50},
        {"code_verifier": None},
        {"client_secret": "guessed"},
        {"client_secret": None},
        {"redirect_uri": BACK + "/"},
        {"grant_type": "password", "username": "li", "password": "Wangge-demo-2026"},
        {"grant_type": "client_credentials"},
        {"grant_type": "nothing"},
        {"code": "guessed"},
    ],
)
def test_a_code_is_worth_nothing_without_all_that_belongs_to_it(changes, client_of, party):
    answer = take(party.exchange(**{"code": code_of(client_of("li"), party)} | changes))
    assert answer.status_code in (400, 401)
    assert not AccessToken.objects.exists()


def test_a_code_works_once_and_for_its_own_system(client_of, party):
    code = code_of(client_of("li"), party)
    other = register(name="另一系统")
    assert take(party.exchange(code, client_id=other.client_id)).status_code in (400, 401)
    assert take(party.exchange(code)).status_code == 200
    assert take(party.exchange(code)).status_code == 400


def test_a_code_does_not_wait(client_of, party):
    code = code_of(client_of("li"), party)
    Grant.objects.update(expires=timezone.now())
    assert take(party.exchange(code)).status_code == 400


def switched_off(user) -> None:
    user.is_active = False
    user.save()


def posting_over(user) -> None:
    today = timezone.localdate()
    user.postings.update(starts=today - timedelta(days=9), ends=today)


def told_to_change(user) -> None:
    user.must_change_password = True
    user.save()


@pytest.mark.parametrize("ended", [switched_off, posting_over, told_to_change])
def test_what_has_ended_here_has_ended_there(ended, client_of, party, cast):
    browser = client_of("li")
    held, code = tokens_of(browser, party), code_of(browser, party)
    ended(cast.li)
    assert ask(held["access_token"]).status_code == 401
    assert take(party.exchange(code)).status_code == 400
    assert take(renewal(party, held)).status_code in (400, 401)
    assert browser.get(party.address()).status_code == 302


@pytest.mark.parametrize("field", ["client_id", "client_secret", "code", "refresh_token", "token"])
@pytest.mark.parametrize("address", ["/sign-on/token/", "/sign-on/revoke/"])
@pytest.mark.parametrize("grant", ["authorization_code", "refresh_token"])
def test_what_fits_no_column_is_refused_to_a_program(party, field, address, grant):
    form = party.exchange("x") | {"refresh_token": "x", "token": "x", "grant_type": grant, field: "\x00"}
    assert Browser(HTTP_ACCEPT="*/*").post(address, form).status_code < 500
    named = base64.b64encode(b"a\x00:b").decode()
    answer = Browser(HTTP_ACCEPT="*/*").post(address, form, HTTP_AUTHORIZATION=f"Basic {named}")
    assert answer.status_code in (400, 401)


def test_a_posting_that_changed_is_told_at_the_next_question(client_of, party, cast):
    held = tokens_of(client_of("li"), party)
    cast.li.postings.update(area="110113002")
    assert ask(held["access_token"]).json()["area"] == "110113002"


def test_a_token_is_renewed_once_and_one_used_twice_ends_them_all(client_of, party):
    held = tokens_of(client_of("li"), party)
    new = take(renewal(party, held)).json()
    assert ask(new["access_token"]).status_code == 200
    assert take(renewal(party, held)).status_code == 400
    assert take(renewal(party, new)).status_code == 400


def test_no_token_lies_in_the_database_to_be_read(client_of, party, system):
    held = tokens_of(client_of("li"), party)
    stored = str([*AccessToken.objects.values(), *RefreshToken.objects.values(), *ClientSystem.objects.values()])
    assert not any(secret in stored for secret in (held["access_token"], held["refresh_token"], SECRET))


def test_a_token_in_an_address_is_not_taken(client_of, party):
    held = tokens_of(client_of("li"), party)
    assert Browser().get("/sign-on/userinfo/?access_token=" + held["access_token"]).status_code == 400


def test_a_system_gives_back_its_own_tokens_only(client_of, party):
    held, other = tokens_of(client_of("li"), party), register(name="另一系统")
    form = {"token": held["refresh_token"], "client_secret": SECRET}
    Browser().post("/sign-on/revoke/", form | {"client_id": other.client_id})
    assert ask(held["access_token"]).status_code == 200
    Browser().post("/sign-on/revoke/", form | {"client_id": party.id})
    assert ask(held["access_token"]).status_code == 401


def test_a_person_sees_their_systems_and_ends_one(client_of, party, system):
    browser, other = client_of("li"), client_of("wang")
    held, kept = tokens_of(browser, party), tokens_of(other, Party(system))
    assert "就业服务" in browser.get("/sign-on/mine/").content.decode()
    assert browser.post("/sign-on/mine/", {"system": system.pk}).status_code == 302
    assert ask(held["access_token"]).status_code == 401
    assert take(renewal(party, held)).status_code == 400
    assert ask(kept["access_token"]).status_code == 200
    assert browser.post("/sign-on/mine/", {"system": system.pk}).status_code == 404
    assert browser.post("/sign-on/mine/", {"system": "²"}).status_code == 404


def test_a_system_that_is_switched_off_is_told_nothing(client_of, party, system):
    browser = client_of("li")
    held = tokens_of(browser, party)
    ClientSystem.objects.update(is_active=False)
    assert ask(held["access_token"]).status_code == 401
    assert browser.get(party.address()).status_code == 400


def test_signing_out_of_both_asks_first_and_ends_every_token(client_of, party):
    browser = client_of("li")
    held = tokens_of(browser, party)
    asked = {"id_token_hint": held["id_token"], "post_logout_redirect_uri": OUT, "state": "s"}
    page = browser.get("/sign-on/sign-out/?" + urlencode(asked))
    assert page.status_code == 200
    assert ask(held["access_token"]).status_code == 200
    answer = browser.post("/sign-on/sign-out/", asked | {"allow": "on", "client_id": party.id})
    assert answer["Location"] == OUT + "?state=s"
    assert ask(held["access_token"]).status_code == 401
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    "changes", [{"post_logout_redirect_uri": "https://evil.example/"}, {"id_token_hint": "a.b.c"}, {"client_id": "no"}]
)
def test_signing_out_leads_to_no_other_address(changes, client_of, party):
    browser = client_of("li")
    asked = {"id_token_hint": tokens_of(browser, party)["id_token"], "post_logout_redirect_uri": OUT} | changes
    answer = browser.get("/sign-on/sign-out/?" + urlencode(asked))
    assert answer.status_code in (400, 401, 403)
    assert "Location" not in answer.headers


def test_a_replaced_key_is_published_until_its_tokens_are_over(client_of, party, monkeypatch):
    browser = client_of("li")
    before = tokens_of(browser, party)["id_token"]
    sign_on_keys.rotate_sign_on_key()
    keys, after = Browser().get("/sign-on/keys/").json(), tokens_of(browser, party)["id_token"]
    assert len(keys["keys"]) == 2
    assert all(set(key) == {"alg", "use", "kid", "kty", "n", "e"} for key in keys["keys"])
    assert read_token(before, keys, party.id)["sub"] == read_token(after, keys, party.id)["sub"]
    hint = urlencode({"id_token_hint": before, "post_logout_redirect_uri": OUT})
    assert browser.get("/sign-on/sign-out/?" + hint).status_code == 200
    later = sign_on_keys.time.time() + sign_on_keys.TOKEN_SECONDS + 1
    monkeypatch.setattr(sign_on_keys.time, "time", lambda: later)
    assert len(Browser().get("/sign-on/keys/").json()["keys"]) == 1


def test_a_key_is_for_us_alone_to_read(client_of, tmp_path):
    sign_on_keys.signing_key()
    folder = tmp_path / "keys" / "sign_on"
    assert [file.stat().st_mode & 0o777 for file in folder.iterdir()] == [0o600]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_administrator_registers_a_system_and_sees_its_secret_once(client_of, system, cast):
    cast.admin.postings.update(area="11")
    browser, fields = client_of("admin"), {"name": "住建", "department": system.department_id, "is_active": "on"}
    page = browser.post("/admin/grid/clientsystem/add/", fields | {"redirect_uris": "https://a.example/b"})
    assert page.status_code == 200
    made, text = ClientSystem.objects.get(name="住建"), page.context["text"]
    assert text in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    again = browser.get(f"/admin/grid/clientsystem/{made.pk}/change/").content.decode()
    assert text not in again
    assert made.client_secret not in again


@pytest.mark.parametrize(
    "address",
    ["http://a.example/b", "javascript:alert(1)", "https://a.example/#x", "https://*.example/", "https://u@a.example/",
     "/back", "https://", "https://a.example;script-src/"],
)  # fmt: skip
def test_an_address_that_is_not_safe_is_not_registered(address, client_of, system, cast):
    cast.admin.postings.update(area="11")
    fields = {"name": "住建", "department": system.department_id, "redirect_uris": address}
    assert "须以 https://" in client_of("admin").post("/admin/grid/clientsystem/add/", fields).content.decode()
    assert ClientSystem.objects.count() == 1


def test_who_administers_a_part_registers_nothing(client_of, system, cast):
    cast.admin.postings.update(area=STREET)
    assert client_of("admin").get("/admin/grid/clientsystem/add/").status_code == 403
    assert client_of("li").get("/admin/grid/clientsystem/").status_code == 404


@pytest.mark.parametrize("page", ["token", "revoke", "userinfo"])
def test_a_system_needs_no_cookie_of_ours(db, page):
    """Django's test client lets every form pass; a department's server has no form of ours."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/sign-on/{page}/", {"grant_type": "authorization_code"}).status_code in (400, 401)
