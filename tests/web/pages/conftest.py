"""What the tests of pages share: the paper street, and a browser for each of its staff."""

from collections.abc import Callable

import pytest


@pytest.fixture
def street(db: None) -> None:
    from tests.web.pages.street import build_street

    build_street()


@pytest.fixture
def staff(street: None) -> Callable:
    """`staff("paper-street")`: a browser in which that person of the paper street is signed in."""
    from gis.models import User
    from tests.browsing import Browser

    def sign_in(name: str, **defaults):
        browser = Browser(**defaults)
        browser.force_login(User.objects.get(username=name), backend="web.sign_in.PostingsBackend")
        return browser

    return sign_in
