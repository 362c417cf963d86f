"""Programs that ask the API: `program_of("li")` holds a token in Li's name with all that a token may be given."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from gis.accounts.token import digest_of, new_text
from gis.models import Token
from tests.browsing import Browser
from tests.cast import POSTINGS
from web.administration.capabilities import token_capabilities

EVERYTHING = tuple(name for name, _word in token_capabilities())


class Program(Browser):
    """A client with a token, without cookies; `post_json` sends JSON."""

    def __init__(self, text: str, token: Token) -> None:
        super().__init__(HTTP_ACCEPT="application/json", HTTP_AUTHORIZATION=f"Bearer {text}")
        self.text, self.token = text, token

    def post_json(self, address: str, body: object, **headers: str):
        return self.post(address, json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def program_of(cast) -> Callable[..., Program]:
    def issue(name: str, capabilities: tuple[str, ...] = EVERYTHING, **facts) -> Program:
        text, now = new_text(), timezone.now()
        given = {"area": POSTINGS[name][1], "per_minute": 6000, "expires_at": now + timedelta(days=1)} | facts
        token = Token.objects.create(
            name="trial", user=cast[name], capabilities=list(capabilities), digest=digest_of(text), ending=text[-4:],
            issued_by=cast.admin, **given,
        )  # fmt: skip
        return Program(text, token)

    return issue
