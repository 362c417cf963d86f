"""A small department's system: what one needs to sign people in by Wangge, and the pages of one that is served."""

import base64
import hashlib
import json
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from jwcrypto import jwk, jwt

from gis.models import ClientSystem, Department
from tests.browsing import Browser

BACK, OUT = "https://labour.example/back", "https://labour.example/bye"
SECRET = "the secret of the labour system 0123456789"


def register(back: str = BACK, out: str = OUT, name: str = "就业服务", **more) -> ClientSystem:
    """As the administrator's page registers it."""
    department, _made = Department.objects.get_or_create(code="labour", defaults={"name": "人社局"})
    return ClientSystem.objects.create(
        name=name, department=department, redirect_uris=back, post_logout_redirect_uris=out, client_secret=SECRET,
        client_type="confidential", authorization_grant_type="authorization-code", algorithm="RS256",
        **more,
    )  # fmt: skip


class Party:
    """The side of the department: keeps the state, the nonce and the PKCE verifier of one sign-in."""

    def __init__(self, system: ClientSystem, back: str = BACK) -> None:
        self.id, self.back, self.department = system.client_id, back, system.department.name
        self.state, self.nonce, self.verifier = (secrets.token_urlsafe(32) for _ in range(3))

    def asks(self, **changes) -> dict:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code", "client_id": self.id, "redirect_uri": self.back, "state": self.state,
            "nonce": self.nonce, "scope": "openid profile posting", "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        } | changes  # fmt: skip
        return {name: value for name, value in asked.items() if value is not None}

    def address(self, **changes) -> str:
        return "/sign-on/authorize/?" + urlencode(self.asks(**changes))

    def exchange(self, code: str, **changes) -> dict:
        """The form that a code is changed for tokens with."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "client_id": self.id,
            "client_secret": SECRET, "code_verifier": self.verifier,
        } | changes  # fmt: skip
        return {name: value for name, value in form.items() if value is not None}


def consent(browser: Browser, party: Party, **changes):
    """Agree on the page as it is shown: every hidden field back."""
    page = browser.get(party.address(**changes))
    assert page.status_code == 200, page.content.decode()[:500]
    hidden = {name: value or "" for name, value in page.context["form"].initial.items()}
    return browser.post("/sign-on/authorize/", hidden | {"allow": "on"})


def code_of(browser: Browser, party: Party) -> str:
    """The code that the browser brings back to the department's system."""
    answer = consent(browser, party)
    assert answer.status_code == 302
    back = told_back(answer["Location"])
    assert back["state"] == party.state
    assert back["iss"].endswith("/sign-on")
    return back["code"]


def take(form: dict):
    """Ask for tokens as a program does."""
    return Browser(HTTP_ACCEPT="*/*").post("/sign-on/token/", form)


def tokens_of(browser: Browser, party: Party) -> dict:
    """The whole way, to the tokens."""
    answer = take(party.exchange(code_of(browser, party)))
    assert answer.status_code == 200, answer.content
    return answer.json()


def ask(token: str):
    """Ask who it is."""
    return Browser(HTTP_ACCEPT="*/*").get("/sign-on/userinfo/", HTTP_AUTHORIZATION=f"Bearer {token}")


def renewal(party: Party, held: dict) -> dict:
    """The form that asks for new tokens."""
    return {
        "grant_type": "refresh_token", "refresh_token": held["refresh_token"], "client_id": party.id,
        "client_secret": SECRET,
    }  # fmt: skip


def told_back(location: str) -> dict:
    """The parameters of the address that a browser is sent back to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def read_token(text: str, keys: dict, audience: str) -> dict:
    """The claims of an ID token, its signature, end and audience checked as OpenID Connect says."""
    published = jwk.JWKSet.from_json(json.dumps(keys))
    checked = jwt.JWT(jwt=text, key=published, algs=["RS256"], check_claims={"aud": audience, "exp": None})
    return json.loads(checked.claims)
