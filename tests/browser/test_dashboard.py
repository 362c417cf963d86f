"""The dashboard in a browser: it …"""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.cast import CELL, PASSWORD
from tests.databases import a_copy, moved_to
from tests.gis.incidents.reported import report
from tests.serving import Server, a_server


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server with its feed on a copy of the town, on which Django's connection works too."""
    log = tmp_path_factory.mktemp("dashboard") / "log"
    with django_db_blocker.unblock(), a_copy() as name, moved_to(name), a_server(name, log, live=True) as running:
        yield running


@pytest.fixture
def page(browser: Browser, town: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 700}, locale="zh-CN")
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(town + "/password/")
    page.fill("#id_username", "li")
    page.fill("#id_password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(lambda address: "sign-in" not in address)
    yield page
    context.close()
    assert complaints == []


def test_fits_a_phone_and_is_walked_by_keys(page, town):
    page.goto(town + "/dashboard/?days=30")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    marks = page.locator("#trend a.mark")
    assert marks.count() == 30
    expect(page.locator("#trend a.mark[tabindex='0']")).to_have_count(1)
    marks.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(marks.nth(28)).to_be_focused()
    expect(page.locator(".chart-tip")).to_be_visible()
    expect(page.locator(".chart-tip")).to_contain_text("件")
    page.keyboard.press("Home")
    expect(marks.first).to_be_focused()


def test_shows_on_a_wall_what_is_committed_without_a_reload(page, town):
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(town + "/dashboard/?screen=1")
    expect(page.locator("#dashboard-state")).to_have_text("实时")
    page.evaluate("window.stayed = true")
    today = page.locator(".tile b").first
    before = int(today.inner_text())
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    expect(page.locator("#screen-pause")).to_have_text("继续")
    report(area=CELL, at=timezone.now())
    expect(today).to_have_text(str(before + 1))
    expect(page.locator(".slide.shown")).to_have_attribute("data-slide", "本周值得注意")
    assert page.evaluate("window.stayed")
