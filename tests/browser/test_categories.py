"""Whoever keeps the rules at work on the categories: one is added, changed from a day to come, and that withdrawn."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

_LATER = (timezone.localdate() + timedelta(days=40)).isoformat()


@pytest.fixture
def at_work(browser: Browser, server, sessions) -> Iterator[BrowserContext]:
    """Li's browser on a narrow phone; a script error in it fails the test."""
    context = browser.new_context(locale="zh-CN", storage_state=sessions("li"), viewport={"width": 360, "height": 780})
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []


def added(page: Page, server, name: str) -> None:
    """A category of the street's own; its page is open then."""
    page.goto(server + "/categories/new/")
    page.fill("#name", name)
    page.fill("#major", "环境卫生")
    page.fill("#dispose_within", "3")
    page.select_option("[name=dispose_unit]", "work_day")
    page.fill("#reason", "台风季")
    page.get_by_role("button", name="添加").click()
    expect(page.locator("h1")).to_contain_text(name)


def test_a_change_to_come_is_previewed_kept_and_withdrawn_without_a_pointer(at_work, server):
    page = at_work.new_page()
    added(page, server, "树木倒伏一")
    page.fill("#name", "树木倒伏挡路")
    page.fill("#starts", _LATER)
    page.fill("#reason", "说得更清楚")
    page.press("#reason", "Enter")
    preview = page.locator("#preview")
    expect(preview).to_contain_text(_LATER)
    expect(preview.locator("ins")).to_have_text("树木倒伏挡路")
    preview.get_by_role("button", name="确认更改").press("Enter")
    expect(page.locator(".life-list .life-later")).to_contain_text("树木倒伏挡路")
    expect(page.locator("svg.life.big rect")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="撤回").press("Enter")
    expect(page.locator(".category-log")).to_contain_text("已撤回")
    expect(page.locator(".life-list .life-later")).to_have_count(0)


def test_the_second_of_two_editors_sees_what_the_first_made(at_work, server):
    mine, other = at_work.new_page(), at_work.new_page()
    added(mine, server, "树木倒伏二")
    other.goto(mine.url)
    mine.fill("#synonyms", "断枝")
    mine.fill("#reason", "补充说法")
    mine.press("#reason", "Enter")
    other.fill("#dispose_within", "5")
    other.fill("#reason", "来得及")
    other.press("#reason", "Enter")
    other.get_by_role("button", name="确认更改").click()
    expect(other.locator(".life-list")).to_contain_text("5 工作日")
    mine.get_by_role("button", name="确认更改").click()
    expect(mine.locator(".notice.error")).to_contain_text("处置时限")
    expect(mine.locator("#synonyms")).to_have_value("断枝")
    mine.get_by_role("button", name="确认更改").click()
    expect(mine.locator(".facts")).to_contain_text("断枝")
    expect(mine.locator(".facts")).to_contain_text("5 工作日")
