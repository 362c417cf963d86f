"""Signing in with an account of npm's `oidc-provider`: who comes in, as whom, and both ways out."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.models import RefreshToken

from gis.accounts.sign_in_rule import decide
from gis.models import AccountSession, Department, OutsideIdentity, Posting, SignInRule, User
from tests.browsing import Browser
from tests.cast import COMMUNITY, PASSWORD, STREET
from tests.web.outside.provider import Person
from tests.web.single_sign_on.relying_party import register
from web.entering import hint_of
from web.outside.admitting import found
from web.outside.protocol import client_of, sign_out_address


def rule(effect: str, **fields) -> SignInRule:
    made = SignInRule(effect=effect, **fields)
    made.full_clean()
    made.save()
    return made


def postings_by_group(**fields) -> SignInRule:
    return rule("post", claim="groups", value="grid", role="street_supervisor", area_claim="area", **fields)


def go_out(browser: Browser, then: str = "") -> str:
    """Where the button of the sign-in page leads."""
    answer = browser.get("/sign-in/outside/", {"next": then} if then else {})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def come_in(browser: Browser, number: str, then: str = "", person: Person | None = None):
    """The whole way, out and back; the answer to the return."""
    address = (person or Person()).signs_in(go_out(browser, then), number)
    return browser.get(address.removeprefix("http://testserver"))


def sign_out_there(browser: Browser, provider) -> str:
    """The provider's address of signing out, for the session of a browser that stays signed in."""
    asked = HttpRequest()
    asked.session = browser.session
    return sign_out_address(client_of(provider), hint_of(asked), "http://testserver/sign-in/")


def sid_of(message: dict) -> str:
    """The session that a message of a sign-out names, unchecked."""
    body = message["logout_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=="))["sid"]


def is_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.session


def test_the_page_of_signing_in_offers_it(provider, client):
    text = client.get("/sign-in/?next=/incidents/").content.decode()
    assert "市统一认证" in text
    assert 'href="/sign-in/outside/?next=%2Fincidents%2F"' in text


def test_without_a_provider_there_is_nothing(client, cast):
    assert "/sign-in/outside/" not in client.get("/sign-in/").content.decode()
    for path in ("", "back/"):
        assert client.get(f"/sign-in/outside/{path}").status_code == 404
    assert client.post("/sign-in/outside/ended/").status_code == 404


def test_it_asks_with_pkce_a_state_and_a_nonce_each_time_anew(provider, client):
    asked = [parse_qs(urlsplit(go_out(client)).query) for _ in range(2)]
    for one in asked:
        assert (one["response_type"], one["code_challenge_method"]) == (["code"], ["S256"])
        assert len(one["code_challenge"][0]) == 43
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


def test_without_a_rule_nobody_comes_in(provider, client):
    answer = come_in(client, "n-1")
    assert answer.status_code == 403
    assert "网格里没有与您对应的账号" in answer.content.decode()
    assert not is_in(client)
    assert not OutsideIdentity.objects.exists()


def test_a_rule_ties_the_account_of_the_same_name_once_and_for_all(provider, client, cast):
    rule("by_username")
    assert come_in(client, "n-1").url == "/"
    assert client.get("/").status_code == 200
    assert OutsideIdentity.objects.get().user == cast.li
    assert LogEntry.objects.filter(object_id=str(cast.li.pk)).exists()
    SignInRule.objects.all().delete()
    User.objects.filter(pk=cast.li.pk).update(username="renamed")
    again = Browser()
    assert come_in(again, "n-1").status_code == 302
    assert again.session["_auth_user_id"] == str(cast.li.pk)


def test_a_second_person_of_that_name_does_not_get_the_account(provider, client):
    rule("by_username")
    come_in(client, "n-1")
    other = Browser()
    assert come_in(other, "n-5").status_code == 403
    assert not is_in(other)


def test_an_email_counts_only_where_the_provider_has_checked_it(provider, client, cast):
    User.objects.filter(pk=cast.li.pk).update(email="LI@grid.example")
    rule("by_email")
    assert come_in(Browser(), "n-3").status_code == 403
    assert come_in(client, "n-1").status_code == 302
    assert OutsideIdentity.objects.get().user == cast.li


def test_an_email_of_two_accounts_is_nobodys(provider, client, cast):
    User.objects.filter(pk__in=[cast.li.pk, cast.sun.pk]).update(email="li@grid.example")
    rule("by_email")
    assert come_in(client, "n-1").status_code == 403


@pytest.mark.parametrize("letter", ["ı", "İ"])
def test_an_email_of_other_letters_is_another_persons(letter, cast, db):
    User.objects.filter(pk=cast.li.pk).update(email="li@grid.example")
    rule("by_email")
    told = {"sub": "a", "email_verified": True}
    assert found(decide(SignInRule.objects.all(), told | {"email": "LI@grid.example"})) == cast.li
    assert found(decide(SignInRule.objects.all(), told | {"email": f"l{letter}@grid.example"})) is None


def test_a_tie_that_is_deleted_ends_its_sessions(provider, client, client_of):
    rule("by_username")
    come_in(client, "n-1")
    tie = OutsideIdentity.objects.get()
    assert client_of("admin").post(f"/admin/grid/outsideidentity/{tie.pk}/delete/", {"post": "yes"}).status_code == 302
    assert client.get("/incidents/").status_code == 302


@pytest.mark.parametrize("then", ["@evil", "sign-out", "map"])
def test_what_is_no_path_of_ours_is_forgotten(then, provider, client):
    rule("by_username")
    assert come_in(client, "n-1", then).url == "/"


def test_a_rule_opens_an_account_with_a_dated_posting(provider, client, cast):
    postings_by_group(days=10)
    assert come_in(client, "n-2").status_code == 302
    user = User.objects.get(username="newcomer")
    posting = user.postings.get()
    today = timezone.localdate()
    assert (user.name, user.has_usable_password()) == ("钱五", False)
    assert (posting.role, posting.area, posting.starts) == ("street_supervisor", STREET, today)
    assert posting.ends == today + timedelta(days=10)
    assert client.get("/incidents/").status_code == 200
    assert client.get("/password/").status_code == 403


def test_a_session_can_be_ended_there_after_a_new_password_here(provider, client, cast):
    rule("by_username")
    come_in(client, "n-1")
    old, new = client.session.session_key, "a longer word 47"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", given).status_code == 302
    assert client.session.session_key != old
    assert AccountSession.objects.get(outside__isnull=False).key == client.session.session_key


def test_a_posting_goes_on_with_each_sign_in_and_ends_with_its_claim(provider, client, cast):
    made = postings_by_group(days=10)
    come_in(client, "n-2")
    week_ago = timezone.localdate() - timedelta(days=7)
    Posting.objects.filter(user__username="newcomer").update(starts=week_ago, ends=week_ago + timedelta(days=10))
    come_in(Browser(), "n-2")
    posting = Posting.objects.get(user__username="newcomer")
    assert posting.ends == timezone.localdate() + timedelta(days=10)
    made.value = "other"
    made.save()
    assert "没有任职" in come_in(Browser(), "n-2").content.decode()
    posting.refresh_from_db()
    assert posting.ends == timezone.localdate()
    assert not Posting.objects.on(timezone.localdate()).filter(user__username="newcomer").exists()


def test_a_role_takes_only_areas_it_fits_and_that_there_are(provider, client, cast):
    Department.objects.get_or_create(code="labour", defaults={"name": "人社局"})
    postings_by_group(department_claim="bureau")
    come_in(client, "n-4")
    user = User.objects.get(username="twofold")
    assert [posting.area for posting in user.postings.all()] == [STREET]
    assert user.department.code == "labour"
    rule("post", role="community_supervisor", area_claim="area")
    come_in(Browser(), "n-4")
    assert {posting.area for posting in user.postings.all()} == {STREET, COMMUNITY}


def test_a_rule_opens_no_account_under_a_name_that_is_taken(provider, client, cast):
    rule("post", role="street_supervisor", area=STREET)
    answer = come_in(client, "n-3")
    assert answer.status_code == 403
    assert "同名账号" in answer.content.decode()


def test_no_rule_gives_more_to_who_was_made_an_administrator(provider, client, cast):
    User.objects.filter(pk=cast.admin.pk).update(username="newcomer")
    rule("by_username")
    postings_by_group()
    come_in(client, "n-2")
    assert client.session["_auth_user_id"] == str(cast.admin.pk)
    assert not Posting.objects.filter(given_to__isnull=False).exists()


def test_an_inactive_account_and_one_without_a_posting_are_refused(provider, client, cast):
    rule("by_username")
    User.objects.filter(pk=cast.li.pk).update(is_active=False)
    assert "已停用" in come_in(client, "n-1").content.decode()
    User.objects.filter(pk=cast.li.pk).update(is_active=True)
    Posting.objects.filter(user=cast.li).delete()
    assert "没有任职" in come_in(Browser(), "n-1").content.decode()
    assert not OutsideIdentity.objects.exists()


@pytest.mark.parametrize(
    ("then", "arrives"),
    [
        ("/incidents/?stage=open", "/incidents/?stage=open"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver@evil.example/", "/"),
    ],
)
def test_it_leads_to_pages_of_ours_alone(then, arrives, provider, client):
    rule("by_username")
    assert come_in(client, "n-1", then).url == arrives


def test_an_answer_works_once_and_in_its_own_browser(provider, client, cast):
    rule("by_username")
    address = Person().signs_in(go_out(client), "n-1").removeprefix("http://testserver")
    thief = Browser()
    go_out(thief)
    assert thief.get(address).status_code == 403
    assert not is_in(thief)
    assert client.get(address).status_code == 302
    again = client.get(address)
    assert again.status_code == 403
    assert "失效" in again.content.decode()


def test_an_answer_that_comes_late_is_refused(provider, client):
    rule("by_username")
    address = Person().signs_in(go_out(client), "n-1").removeprefix("http://testserver")
    session = client.session
    key = next(key for key in session.keys() if key.startswith("_state_outside_"))  # noqa: SIM118 - no mapping
    session[key] = {**session[key], "data": session[key]["data"] | {"at": session[key]["data"]["at"] - 601}}
    session.save()
    assert client.get(address).status_code == 403


def test_an_answer_of_another_issuer_is_refused(provider, client):
    rule("by_username")
    address = Person().signs_in(go_out(client), "n-1").removeprefix("http://testserver")
    parts = urlsplit(address)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert client.get(parts.path, told | {"iss": "https://other.example"}).status_code == 403
    assert client.get(parts.path, told).status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize("query", ["", "code=x", "code=x&state=y", "error=access_denied&state=x"])
def test_an_answer_nobody_asked_for_is_refused_in_words(query, provider, client):
    answer = client.get(f"/sign-in/outside/back/?{query}")
    assert answer.status_code == 403
    assert "回到登录页" in answer.content.decode()


def test_in_english_it_says_the_same(provider, client):
    client.cookies["django_language"] = "en"
    text = client.get("/sign-in/outside/back/?code=x&state=y").content.decode()
    assert "This sign-in is over." in text


def test_a_provider_that_does_not_answer_is_said(provider, client, settings):
    settings.OUTSIDE_PROVIDER = replace(provider, issuer="http://127.0.0.1:9")
    answer = client.get("/sign-in/outside/")
    assert answer.status_code == 503
    assert "连不上" in answer.content.decode()


def test_it_gives_a_new_session(provider, client):
    rule("by_username")
    address = Person().signs_in(go_out(client), "n-1").removeprefix("http://testserver")
    before = client.session.session_key
    client.get(address)
    assert client.session.session_key != before


def test_signing_out_leads_on_to_the_provider_and_ends_what_systems_hold(provider, client, cast):
    rule("by_username")
    person = Person()
    come_in(client, "n-1", person=person)
    RefreshToken.objects.create(user=cast.li, token="of a system", application=register())
    page = client.post("/sign-out/")
    assert not is_in(client)
    assert not AccountSession.objects.exists()
    assert not RefreshToken.objects.filter(revoked=None).exists()
    onward = page.context["address"]
    assert onward.startswith(provider.issuer + "/session/end?")
    asked = person.browser.get(onward)
    answer = person.sends(asked, logout="yes")
    assert answer.headers["Location"].startswith("http://testserver/sign-in/")
    # It asks for the name again: the session there is over too.
    assert "login" in person.browser.get(go_out(Browser())).text


def test_who_came_in_by_password_is_not_led_away(provider, client, cast):
    client.post("/sign-in/", {"username": "li", "password": "Wangge-demo-2026"})
    assert client.post("/sign-out/").status_code == 302


def test_a_sign_out_at_the_provider_ends_the_session_here(provider, sign_outs, client):
    rule("by_username")
    person, elsewhere = Person(), Browser()
    come_in(client, "n-1", person=person)
    come_in(elsewhere, "n-1")
    person.sends(person.browser.get(sign_out_there(client, provider)), logout="yes")
    sid = AccountSession.objects.get(key=client.session.session_key).outside_session
    # Other tests sign out too.
    message = next(one for one in iter(lambda: sign_outs.get(timeout=60), None) if sid_of(one) == sid)
    assert Browser().post("/sign-in/outside/ended/", message).status_code == 200
    assert client.get("/incidents/").status_code == 302
    assert elsewhere.get("/incidents/").status_code == 200
    assert Browser().post("/sign-in/outside/ended/", message).status_code == 400


def test_what_the_provider_told_stands_in_no_log_and_no_session(provider, client, caplog):
    rule("by_username")
    come_in(client, "n-1")
    assert "李四" not in caplog.text
    kept = json.dumps(dict(client.session.items()), ensure_ascii=False)
    assert "eyJ" not in kept
    assert "李四" not in kept
