"""The residents' form in a real browser, on a phone: a tap on the map, a word for the kind, and the link at the end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "locale": "zh-CN"}


def test_a_resident_reports_by_a_tap_and_gets_a_link(page: Page, server) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server + "/report/")
    page.get_by_role("button", name="在地图上点").click()
    until(page, "document.querySelector('.ground-sheet')?.width > 0")
    page.locator("#resident-map").click(position={"x": 150, "y": 150})
    expect(page.locator("[data-place-said]")).not_to_be_empty()
    page.get_by_label("用一个词找").fill("jinggai")
    page.get_by_label("井盖缺失破损").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    assert re.search(r"/case/[a-z2-7]{32}/", page.url)
    assert page.context.cookies() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_place_is_found_by_its_name_and_a_position_by_asking(page: Page, server) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 40.1300004, "longitude": 116.66})
    page.goto(server + "/report/")
    page.get_by_label("查小区、道路或门牌").fill("胜利小区")
    page.locator(".place-choice").first.click()
    assert page.locator("[name=lat]").input_value()
    page.get_by_role("button", name="用我的位置").click()
    expect(page.locator("[name=lat]")).to_have_value("40.130000")
