"""我在哪 on a phone: the position once on asking, a tap anywhere, with and without network."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.phone import PACKED

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(browser: Browser, server, sessions) -> Iterator[BrowserContext]:
    """Wang's phone."""
    looks = {**PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    context = browser.new_context(**looks, storage_state=sessions("wang"), bypass_csp=True)
    yield context
    context.close()


@pytest.fixture
def here(phone: BrowserContext, server) -> Page:
    page = phone.new_page()
    page.goto(server + "/field/#here")
    page.evaluate(PACKED)
    return page


def stand(phone: BrowserContext, page: Page, accuracy: float = 12, beyond: float = 0) -> None:
    """Let the phone be in the middle of its first building; `beyond` degrees further east."""
    lon, lat = page.evaluate(
        """async () => { const { buildings } = await window.wangge.app.pack.get("ground");
             const [ring] = buildings[0].rings, odd = (_, i) => i % 2, even = (_, i) => !(i % 2);
             const middle = (list) => (Math.min(...list) + Math.max(...list)) / 2;
             return [middle(ring.filter(even)), middle(ring.filter(odd))]; }"""
    )
    phone.grant_permissions(["geolocation"])
    phone.set_geolocation({"longitude": lon + beyond, "latitude": lat, "accuracy": accuracy})


def test_it_says_building_cell_and_worker_once_asked(phone, here):
    expect(here.locator(".here-answer")).to_be_empty()
    stand(phone, here)
    here.get_by_role("button", name="查我的位置").click()
    answer = here.locator(".here-card")
    label = here.evaluate("async () => (await window.wangge.app.pack.get('ground')).buildings[0].label")
    expect(answer.get_by_role("heading")).to_have_text(label)
    expect(answer).to_contain_text("第1网格")
    expect(answer).to_contain_text("±12 米")
    expect(answer.get_by_role("list", name="网格员")).to_contain_text("王")
    expect(answer.get_by_role("link", name="打开楼栋")).to_be_visible()


def test_it_works_without_network(phone, here):
    stand(phone, here)
    phone.set_offline(True)
    here.get_by_role("button", name="查我的位置").click()
    expect(here.locator(".here-card")).to_contain_text("第1网格")


def test_a_place_outside_says_so_and_no_more(phone, here):
    stand(phone, here, beyond=0.5)
    here.get_by_role("button", name="查我的位置").click()
    expect(here.locator(".here-card")).to_contain_text("这里不在您的网格内")
    expect(here.locator(".here-workers")).to_have_count(0)


def test_a_refused_position_says_what_to_do(phone, here):
    here.get_by_role("button", name="查我的位置").click()
    expect(here.locator(".here-answer")).to_contain_text("没有定位权限")


def test_a_tap_on_the_map_is_answered_alike_and_a_map_app_remembered(here):
    here.locator(".ground-map").click(position={"x": 150, "y": 150})
    card = here.locator(".here-card")
    expect(card).to_be_visible()
    link = card.get_by_role("link", name="高德地图")
    expect(link).to_have_attribute("href", re.compile(r"^amapuri://route/plan/\?.*dlat=40\.\d{6}&dlon=116\.\d{6}"))
    link.evaluate("link => { link.addEventListener('click', event => event.preventDefault()); link.click(); }")
    expect(card.get_by_role("link", name="用高德地图导航")).to_be_visible()
