"""A supervisor's open map hears what is committed: it …"""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gis.models import Area, CellVersion, Incident
from tests.browser.map_page import MapPage
from tests.cast import CELL, PASSWORD
from tests.databases import a_copy, moved_to
from tests.gis.incidents.reported import a_category, report
from tests.serving import Server, a_server


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server with its feed on a copy of the town, on which Django's connection works too."""
    log = tmp_path_factory.mktemp("live") / "log"
    with django_db_blocker.unblock(), a_copy() as name, moved_to(name), a_server(name, log, live=True) as running:
        yield running


@pytest.fixture
def open_map(browser: Browser, town: Server) -> Iterator[Callable[..., MapPage]]:
    contexts = []

    def of(name: str) -> MapPage:
        context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        sign_in(page, town, name)
        map_page = MapPage(page, town.url)
        map_page.go("/")
        expect(button(page)).to_have_attribute("data-state", "live")
        return map_page

    yield of
    for context in contexts:
        context.close()


def sign_in(page: Page, town: Server, name: str) -> None:
    page.goto(town + "/password/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(lambda address: "sign-in" not in address)


def button(page: Page):
    return page.locator(".live-button")


def notices(page: Page):
    return page.locator(".live-notice")


def middle(area: str = CELL) -> dict:
    point = CellVersion.objects.get(code=area).geometry.point_on_surface
    return {"area": area, "lon": point.x, "lat": point.y}


def test_it_shows_a_new_incident_at_its_place_and_leads_to_its_record(open_map):
    li, chen = open_map("li"), open_map("chen")
    incident = report(**middle(), category=a_category("市容", "井盖破损"))
    community = Area.objects.get(code=CELL[:12]).short_name
    expect(notices(li.page)).to_have_count(1)
    expect(notices(li.page)).to_contain_text(f"新上报：井盖破损 · {community}")
    here = li.spot(incident.position.x, incident.position.y)
    box = li.page.locator(".live-flash").bounding_box()
    assert abs(box["x"] + box["width"] / 2 - here.x) < 2
    assert abs(box["y"] + box["height"] / 2 - here.y) < 2
    Incident.objects.filter(pk=incident.pk).update(state="dispatched")
    expect(notices(li.page).first).to_contain_text("已派遣：井盖破损")
    expect(button(chen.page)).to_have_attribute("aria-label", "实时")  # and nothing of it
    notices(li.page).first.locator("a").click()
    expect(li.page).to_have_url(f"{li.server}/incidents/{incident.number}/")


def test_it_counts_again_without_being_asked(open_map):
    li = open_map("li")
    li.page.select_option("#indicator", "open")
    rows = li.page.locator("#ranking tbody tr")
    expect(rows.first).to_be_visible()
    before = li.page.locator("#ranking").inner_text()
    cell = CellVersion.objects.filter(code__startswith=CELL[:9]).order_by("code").last().code
    for _ in range(30):
        report(**middle(cell))
    expect(li.page.locator("#ranking")).not_to_have_text(before, use_inner_text=True)


def test_it_keeps_the_news_behind_the_button_and_can_be_hushed(open_map):
    li = open_map("li")
    button(li.page).click()
    li.page.get_by_label("暂停弹出提示").check()
    button(li.page).click()
    report(**middle())
    expect(button(li.page)).to_have_attribute("aria-label", "实时，1 条未看")
    expect(notices(li.page)).to_have_count(0)
    button(li.page).click()
    expect(li.page.locator(".live-entries a")).to_have_count(1)
    li.page.locator(".live-entries button").click()
    expect(li.page.locator(".leaflet-popup-content")).to_contain_text("打开记录")
    li.page.locator(".live-entries button").press("Escape")
    expect(button(li.page)).to_be_focused()


def test_it_comes_back_by_itself_from_a_killed_feed_and_a_cut_line_and_misses_nothing(open_map, town):
    li = open_map("li")
    li.allow("Failed to load resource", "net::ERR")
    town.feed.kill()
    expect(button(li.page)).to_have_attribute("data-state", "waiting")
    report(**middle())
    town.feed.start()
    expect(button(li.page)).to_have_attribute("data-state", "live")
    expect(notices(li.page)).to_have_count(1)
    li.page.context.set_offline(True)
    expect(button(li.page)).to_contain_text("离线")
    report(**middle())
    li.page.context.set_offline(False)
    expect(button(li.page)).to_have_attribute("data-state", "live")
    expect(notices(li.page)).to_have_count(2)
    assert li.complaints() == []


def test_it_says_that_one_must_sign_in_again_and_goes_on_after_it(open_map, town):
    li = open_map("li")
    li.page.context.clear_cookies()
    li.page.evaluate("dispatchEvent(new Event('offline'))")  # whoever wakes up looks again
    expect(button(li.page)).to_have_attribute("data-state", "ended")
    button(li.page).click()
    expect(li.page.locator(".live-says")).to_contain_text("请重新登录")
    elsewhere = li.page.context.new_page()
    sign_in(elsewhere, town, "li")
    elsewhere.close()
    li.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(button(li.page)).to_have_attribute("data-state", "live")


def test_it_renews_shapes_and_names_that_have_changed(open_map):
    li = open_map("li")
    CellVersion.objects.filter(code__startswith=CELL[:12]).update(name="新名")
    deadline = time.monotonic() + 60
    while "新名" not in li.page.evaluate("wangge.labels()"):
        assert time.monotonic() < deadline, "the old name still stands there"
        li.page.wait_for_timeout(25)
