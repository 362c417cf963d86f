"""A provider outside for the run, and rules as an administrator would write them."""

from collections.abc import Iterator

import pytest

from tests.web.outside.provider import a_listener, a_provider
from web.outside.protocol import forget_providers


@pytest.fixture(scope="session")
def running() -> Iterator[tuple]:
    with a_listener() as (address, taken), a_provider("http://testserver", address) as provider:
        yield provider, taken


@pytest.fixture
def provider(running, settings, cast):
    """The provider, and Wangge set to rely on it."""
    forget_providers()
    settings.OUTSIDE_PROVIDER = running[0]
    return running[0]


@pytest.fixture
def sign_outs(running):
    """The messages of sign-outs that the provider has sent."""
    return running[1]
