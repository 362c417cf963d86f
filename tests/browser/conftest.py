"""The real browser on the real server. Nothing but the server itself can be reached from these pages.

* `map_of("li")`: a page with the map open, that member of the cast signed in; `map_of("li", phone=True)` on a phone.
* `places_of("li", "cell")`: the cells or areas that member may see, without opening a map.
* Every page is watched: a script error, an error on the console or a breach of the content security policy fails the
  test, unless the test says `allow(...)` to a part of the message.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from tests.browser.map_page import MapPage
from tests.cast import PASSWORD

# Playwright's synchronous interface runs a loop in this thread, and Django would refuse its own connection there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# What is expected may come late: another part of the suite, its database and Chromium share two cores.
expect.set_options(timeout=60_000)

_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # Nothing but this machine can be reached. Playwright's interception would do it too, at the price of a round trip
    # for every request and of the browser's cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip
_DESK = {"viewport": {"width": 1400, "height": 900}}
_PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("CHROMIUM"):
        return
    for item in items:
        if "map_of" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "args": _QUIET}


@pytest.fixture(scope="session")
def sessions(browser: Browser, server) -> Callable[[str], dict]:
    """Sign in through the form once a member of the cast, and remember the cookies."""
    kept: dict[str, dict] = {}

    def of(name: str) -> dict:
        if name not in kept:
            kept[name] = _sign_in(browser, server, name)
        return kept[name]

    return of


def _sign_in(browser: Browser, server, name: str) -> dict:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(server + "/password/")  # a light page that asks to sign in
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(lambda address: "sign-in" not in address)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def places_of(playwright: Playwright, server, sessions) -> Callable[[str, str], list[dict]]:
    kept: dict[str, list[dict]] = {}

    def of(name: str, level: str) -> list[dict]:
        if name not in kept:
            asking = playwright.request.new_context(base_url=server.url, storage_state=sessions(name))
            kept[name] = asking.get("/map/places/").json()["places"]
            asking.dispose()
        return [place for place in kept[name] if place["level"] == level]

    return of


@pytest.fixture
def map_of(browser: Browser, server, sessions) -> Iterator[Callable[..., MapPage]]:
    opened: list[tuple[BrowserContext, MapPage]] = []

    def open_map(name: str, address: str = "/", phone: bool = False, **options) -> MapPage:
        looks = _PHONE if phone else _DESK
        context = browser.new_context(
            **looks, locale="zh-CN", timezone_id="Asia/Shanghai", storage_state=sessions(name), **options
        )
        page = MapPage(context.new_page(), server.url)
        opened.append((context, page))
        page.go(address)
        return page

    yield open_map
    for context, _ in opened:
        context.close()
    for _, page in opened:
        assert page.complaints() == []
