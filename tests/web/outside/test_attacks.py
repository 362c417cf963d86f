"""Tokens that do not hold, and a provider that lies: nobody comes in, and the page says what to do."""

import base64
import hmac
import json
import time
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from joserfc.jwk import KeySet, OctKey, RSAKey

from gis.models import AccountSession, Allowance, OutsideIdentity, SignInRule
from tests.browsing import Browser
from tests.web.outside.hostile import SECRET, Liar, a_liar
from web.outside.protocol import SKEW, client_of, forget_providers
from web.second_factor import codes

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def liar(settings, cast):
    forget_providers()
    with a_liar() as (liar, provider):
        settings.OUTSIDE_PROVIDER = provider
        SignInRule.objects.create(effect="by_username")
        yield liar


def begun(browser: Browser) -> dict:
    """A sign-in on its way: its state and nonce."""
    answer = browser.get("/sign-in/outside/")
    assert answer.status_code == 302, answer.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def returned(browser: Browser, state: str, **more):
    return browser.get("/sign-in/outside/back/", {"code": "c", "state": state} | more)


def refused(answer, browser: Browser) -> bool:
    text = answer.content.decode()
    return answer.status_code == 403 and "没有通过核对" in text and "eyJ" not in text and not browser.session.get(
        "_auth_user_id"
    )  # fmt: skip


def test_it_lets_in_whom_a_right_token_names(liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    assert returned(client, asked["state"]).status_code == 302
    assert client.session["_auth_user_id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"], "azp": "wangge"},
        {"aud": ["wangge", "another"], "azp": "another"},
        {"aud": None},
        {"nonce": "of an earlier sign-in"},
        {"nonce": None},
        {"exp": int(time.time()) - SKEW - 60},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": "n\x00"},
        {"sub": "n" * 256},
        {"sub": ["n-1"]},
        {"at_hash": "wrong"},
    ],
)
def test_a_claim_that_is_wrong_lets_nobody_in(changes, liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(**{"nonce": asked["nonce"]} | changes))
    assert refused(returned(client, asked["state"]), client)
    assert not OutsideIdentity.objects.exists()


def test_clocks_may_differ_by_so_much(liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"], exp=int(time.time()) - SKEW + 30))
    assert returned(client, asked["state"]).status_code == 302


def unsigned(liar: Liar, claims: dict) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."


def by_secret(liar: Liar, claims: dict) -> str:
    return liar.sign(claims, OctKey.import_key(SECRET), alg="HS256", kid="one")


def by_public_key(liar: Liar, claims: dict) -> str:
    """By hand: the library does not let itself be used so."""
    parts = ({"alg": "HS256", "kid": "one"}, claims)
    said = ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
    seal = hmac.digest(liar.keys[0].as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


def by_a_stranger(liar: Liar, claims: dict) -> str:
    return liar.sign(claims, RSAKey.generate_key(2048, {"kid": "one"}))


def by_a_key_of_its_own(liar: Liar, claims: dict) -> str:
    stranger = RSAKey.generate_key(2048, {"kid": "two"})
    return liar.sign(claims, stranger, jwk=stranger.as_dict(private=False), jku=f"{liar.issuer}/other")


def cut(liar: Liar, claims: dict) -> str:
    return liar.sign(claims)[:-20]


def altered(liar: Liar, claims: dict) -> str:
    head, _body, signature = liar.sign(claims).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims | {"preferred_username": "sun"}).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


def nothing(_liar: Liar, _claims: dict) -> str:
    return ""


def no_object(liar: Liar, _claims: dict) -> str:
    head, _body, signature = liar.sign({}).split(".")
    return f"{head}.{base64.urlsafe_b64encode(b'[1]').decode().rstrip('=')}.{signature}"


@pytest.mark.parametrize(
    "forge", [unsigned, by_secret, by_public_key, by_a_stranger, by_a_key_of_its_own, cut, altered, nothing, no_object]
)
def test_a_signature_that_does_not_hold_lets_nobody_in(forge, liar, client):
    asked = begun(client)
    liar.id_token = forge(liar, liar.claims(asked["nonce"]))
    assert refused(returned(client, asked["state"]), client)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": "http://plain.example/auth"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"jwks_uri": "http://plain.example/keys"},
    ],
)
def test_metadata_of_another_or_in_the_clear_are_refused(spoilt, liar, client):
    liar.metadata |= spoilt
    answer = client.get("/sign-in/outside/")
    assert refused(answer, client)


def test_an_answer_must_name_its_issuer_where_the_provider_promises_it(liar, client):
    liar.metadata["authorization_response_iss_parameter_supported"] = True
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    assert refused(returned(client, asked["state"]), client)
    assert "/token" not in liar.asked
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    assert returned(client, asked["state"], iss=liar.issuer).status_code == 302


def test_more_about_another_person_is_refused(liar, client):
    liar.metadata["userinfo_endpoint"] = f"{liar.issuer}/userinfo"
    liar.userinfo = {"sub": "n-9", "preferred_username": "sun"}
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    answer = returned(client, asked["state"])
    assert refused(answer, client)
    assert "代号 sub" in answer.content.decode()


@pytest.mark.parametrize(
    ("amr", "is_in"),
    [
        (["pwd", "mfa"], True),
        (["pwd", "otp"], True),
        (["pin", "hwk"], True),
        (["otp"], False),
        (["pwd"], False),
        (["pwd", "pin"], False),
        (None, False),
    ],
)
def test_a_second_step_is_asked_for_unless_the_provider_has_had_two_proofs(amr, is_in, liar, client, cast):
    secret = codes.new_secret()
    codes.take(cast.li, secret, 1)
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"], amr=amr, sid="s-1"))
    assert returned(client, asked["state"]).url == ("/" if is_in else "/sign-in/second/")
    assert ("_auth_user_id" in client.session) == is_in
    if not is_in:
        assert client.post("/sign-in/second/", {"code": pyotp.TOTP(secret).now()}).url == "/"
    assert AccountSession.objects.get().outside_session == "s-1"
    assert client.get("/incidents/").status_code == 200


@pytest.mark.parametrize(("amr", "status"), [(["pwd", "mfa"], 200), (["pwd"], 302)])
def test_whoever_had_two_proofs_there_sets_up_none_here(amr, status, liar, client, settings):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"], amr=amr))
    returned(client, asked["state"])
    assert client.get("/incidents/").status_code == status
    client.get("/second-factor/")  # no password of ours is asked for: who comes from outside may have none
    assert client.get("/second-factor/").context["by_password"] is False


def test_what_is_signed_goes_before_what_is_told_beside(liar, client, cast):
    liar.metadata["userinfo_endpoint"] = f"{liar.issuer}/userinfo"
    liar.userinfo = {"sub": "n-1", "preferred_username": "sun"}
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    returned(client, asked["state"])
    assert client.session["_auth_user_id"] == str(cast.li.pk)


def test_a_new_key_is_fetched_and_one_withdrawn_is_forgotten(liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    returned(client, asked["state"])
    old = liar.keys[0]
    liar.keys = [RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})]
    liar.published = KeySet(liar.keys).as_dict(private=False)
    other = Browser()
    asked = begun(other)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    assert returned(other, asked["state"]).status_code == 302
    third = Browser()
    asked = begun(third)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]), old)
    assert refused(returned(third, asked["state"]), third)


def test_keys_never_seen_are_fetched_for_once_in_half_a_minute(liar, settings):
    stranger = RSAKey.generate_key(2048, {"kid": "three"})
    message = {"logout_token": liar.sign(signed_out(liar), stranger)}

    def asked_for_keys() -> int:
        Browser().post("/sign-in/outside/ended/", message)
        return liar.asked.count("/keys")

    assert [asked_for_keys() for _ in range(3)] == [2, 2, 2]  # once because there were none, once anew
    client_of(settings.OUTSIDE_PROVIDER)._forced_at -= 31
    assert [asked_for_keys() for _ in range(3)] == [3, 3, 3]


def test_a_sign_in_is_counted_once(liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    returned(client, asked["state"])
    assert Allowance.objects.get(what="outside").used == 1
    returned(client, asked["state"])  # the same answer again is none of a sign-in that was begun
    returned(Browser(), "never begun")
    assert Allowance.objects.get(what="outside").used == 3


def test_going_out_again_and_again_fills_no_session(liar, client):
    for _ in range(8):
        begun(client)
    assert len([key for key in dict(client.session.items()) if key.startswith("_state_")]) <= 4


def signed_out(liar: Liar, **changes) -> dict:
    now = int(time.time())
    told = {
        "iss": liar.issuer, "sub": "n-1", "aud": "wangge", "iat": now, "exp": now + 120, "jti": f"j-{time.time_ns()}",
        "events": {EVENT: {}},
    } | changes  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"iat": int(time.time()) - 3600},
        {"exp": int(time.time()) - 3600},
        {"events": None},
        {"events": {"https://other.example/event": {}}},
        {"events": [EVENT]},
        {"nonce": "n"},
        {"jti": None},
        {"sub": None},
        {"sub": 5},
        {"sub": "n\x00"},
    ],
)
def test_a_sign_out_that_does_not_hold_ends_nothing(changes, liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"]))
    returned(client, asked["state"])
    message = {"logout_token": liar.sign(signed_out(liar, **changes))}
    assert Browser().post("/sign-in/outside/ended/", message).status_code == 400
    assert AccountSession.objects.exists()


def test_a_sign_out_names_the_person_or_the_session(liar, client):
    asked = begun(client)
    liar.id_token = liar.sign(liar.claims(asked["nonce"], sid="s-1"))
    returned(client, asked["state"])
    for whom, left in (({"sub": "n-2"}, 1), ({"sub": None, "sid": "s-2"}, 1), ({"sub": None, "sid": "s-1"}, 0)):
        message = {"logout_token": liar.sign(signed_out(liar, **whom))}
        assert Browser().post("/sign-in/outside/ended/", message).status_code == 200
        assert AccountSession.objects.count() == left
    assert client.get("/incidents/").status_code == 302


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.", "5" * 5000])
def test_a_sign_out_that_is_none_is_refused(text, liar):
    assert Browser().post("/sign-in/outside/ended/", {"logout_token": text}).status_code == 400
