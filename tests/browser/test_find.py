"""Finding an address: in the box on the map, and on the phone with signal and without."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone_of(browser: Browser, server, sessions) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_find(name: str, **options) -> Page:
        looks = {**PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(**looks, storage_state=sessions(name))
        contexts.append(context)
        page = context.new_page()
        page.goto(server + "/field/#building")
        expect(page.locator(".building-list a").first).to_be_visible()
        page.goto(server + "/field/#find")
        return page

    yield open_find
    for context in contexts:
        context.close()


def a_door(page: Page) -> tuple[str, str]:
    """A building with a door in the worker's cell: 某某小区3号楼, and its unit and room as one types them."""
    page.goto(re.sub("#.*", "#building", page.url))
    label = page.locator(".building-list a b", has_text=re.compile(r"号楼$")).first.inner_text()
    page.goto(re.sub("#.*", "#find", page.url))
    return label, label.removesuffix("号楼")


def test_it_finds_a_building_with_signal_and_opens_it(phone_of):
    page = phone_of("wang")
    label, plain = a_door(page)
    page.get_by_role("searchbox").fill(f"{plain}栋")
    first = page.locator(".find-list a").first
    expect(first).to_contain_text(label)
    expect(first.locator("mark").first).to_be_visible()
    expect(first).to_have_css("min-height", "56px")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    first.click()
    expect(page.get_by_role("heading", name=label)).to_be_visible()


def test_it_finds_the_same_without_signal_and_says_what_is_not_there(phone_of):
    page = phone_of("wang")
    label, plain = a_door(page)
    page.context.set_offline(True)
    page.get_by_role("searchbox").fill(f"{plain}幢")
    expect(page.locator(".find-list a").first).to_contain_text(label)
    page.get_by_role("searchbox").fill(f"{plain}9999号楼".replace(re.search(r"\d+$", plain)[0], "", 1))
    expect(page.locator(".find-missing")).to_contain_text("没有 9999 号")


def test_it_says_how_far_when_asked_and_only_then(phone_of):
    page = phone_of("wang", permissions=["geolocation"], geolocation={"latitude": 40.128, "longitude": 116.653})
    _, plain = a_door(page)
    page.get_by_role("searchbox").fill(plain)
    expect(page.locator(".find-list a").first).to_be_visible()
    expect(page.locator(".find-list")).not_to_contain_text("约")
    page.get_by_role("button", name="离我多远").click()
    expect(page.locator(".find-list a").first).to_contain_text(re.compile("约 .*(米|公里)"))


def test_the_map_marks_what_was_typed_and_posts_it(map_of):
    town = map_of("wang")
    results = town.ask("/search/?q=1号楼")["results"]
    building = next(one for one in results if one["title"].endswith("号楼"))
    asked = []
    town.page.on("request", lambda request: asked.append(request.url))
    town.page.fill("#search", building["title"])
    expect(town.page.locator("#search-results mark").first).to_have_text(re.compile("."))
    assert not any("q=" in address for address in asked)
    town.page.fill("#search", re.sub(r"\d+号楼", "9999号楼", building["title"]))
    expect(town.page.locator("#search-results")).to_contain_text("没有 9999 号")
    first = town.page.locator("#search-results [data-index]").first
    expect(first).to_contain_text("号楼")
    town.page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    assert first.evaluate("line => line.getBoundingClientRect().height") >= 44


def test_who_may_see_names_finds_a_resident(map_of):

    town = map_of("wang")
    listed = town.page.request.get(town.page.url.split("/?")[0].rstrip("/") + "/residents/").text()
    name = re.search(r'<a href="/residents/\d+/"[^>]*>([一-鿿]{2,4})</a>', listed)[1]
    town.page.fill("#search", name)
    expect(town.page.locator("#search-results [data-index]", has_text=name).first).to_contain_text("居民")
