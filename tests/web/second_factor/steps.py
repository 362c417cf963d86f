"""What somebody with a second step does: reads the app, sets it up, gives the password, gives codes."""

import time

import pyotp

from gis.models import SecondFactor
from gis.people.sealing import open_seal
from tests.cast import PASSWORD


def shown_by_app(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes away."""
    return pyotp.TOTP(secret.replace(" ", "")).at(int(time.time()) + 30 * steps)


def code_at(user, steps: int = 0) -> str:
    """The same of somebody's phone, which has their secret."""
    return shown_by_app(open_seal(SecondFactor.objects.get(user=user).secret), steps)


def forget_used(user) -> None:
    """As if half minutes had gone by since the last code."""
    SecondFactor.objects.filter(user=user).update(last_step=0)


def new_phone(browser):
    """Scan what the page shows and enter the code; the page after."""
    code = shown_by_app(browser.get("/second-factor/").context["secret"])
    return browser.post("/second-factor/", {"code": code, "password": PASSWORD})


def set_up(browser) -> list[str]:
    """The codes on paper."""
    page = new_phone(browser)
    assert page.status_code == 200, page.content.decode()
    return page.context["codes"]


def give_password(browser, next_page: str = ""):
    """Li's, the first step."""
    return browser.post("/sign-in/", {"username": "li", "password": PASSWORD, "next": next_page})


def is_in(browser) -> bool:
    """Whether somebody has signed in."""
    return "_auth_user_id" in browser.session
