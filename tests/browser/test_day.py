"""A worker's day at phone size: what is due, a visit recorded without signal, taken back, and stored exactly once."""

import os
import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone import PACKED, SENT_ALL
from tests.cast import CELL
from tests.databases import address_of

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def day_of(browser: Browser, server, sessions) -> Iterator[Callable[..., Page]]:
    """The day of a member of the cast, open on a phone."""
    contexts = []

    def open_day(name: str, **options) -> Page:
        looks = {**PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(**looks, storage_state=sessions(name))
        contexts.append(context)
        page = context.new_page()
        page.goto(server + "/field/#day")
        if name != "li":  # whose street is more than a phone holds
            page.evaluate(PACKED)
        return page

    yield open_day
    for context in contexts:
        context.close()


def stored(server, door: int) -> list[tuple]:
    """The visits at a door in the server's database in which a phone was told, with the digits it has now."""
    with psycopg.connect(address_of(server.database)) as connection:
        return connection.execute(
            "SELECT v.outcome, v.found, v.area, r.phone_last4 FROM grid_visit v JOIN grid_resident r"
            " ON r.id = v.resident_id WHERE v.dwelling_id = %s AND v.gave ? 'phone'",
            [door],
        ).fetchall()


def test_it_lists_who_is_due_in_walking_order_and_fits_a_small_phone(day_of):
    page = day_of("wang")
    expect(page.locator(".day-stop").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    late = [number.get_attribute("data-late") for number in page.locator(".day-number").all()]
    assert late == sorted(late, reverse=True)
    assert "true" in late
    small = page.evaluate(
        "[...document.querySelectorAll('.day a, .day button, .day summary, .day .segments label')]"
        ".filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 44).length"
    )
    assert small == 0


def filtered(page: Page, name: str) -> int:
    """Choose a filter and wait for its list; how many are on it."""
    choice = page.locator(f".day-filters label:has([value={name}])")
    number = int(choice.inner_text().split()[-1])
    page.check(f"[name=day-filter][value={name}]", force=True)
    expect(page.locator(".day-door:not(.day-checks .day-door)")).to_have_count(number)
    return number


def test_filters_show_fewer_and_more(day_of):
    page = day_of("wang")
    late, today, week = (filtered(page, name) for name in ("late", "today", "week"))
    assert 0 < late < today < week


def test_the_map_shows_the_numbered_walk(day_of):
    page = day_of("wang")
    page.get_by_role("button", name="在地图上看").click()
    expect(page.locator(".day-pin").first).to_be_visible()
    assert page.locator(".day-pin").count() == page.locator(".day-stop").count()
    page.locator(".day-pin").nth(1).click()
    expect(page.locator(".day-stop").nth(1).locator("a").first).to_be_focused()


def test_no_answer_is_one_tap_and_can_be_taken_back_while_it_waits(day_of):
    page = day_of("wang")
    expect(page.locator(".day-stop").first).to_be_visible()
    page.context.set_offline(True)
    before = page.locator(".day-door").count()
    page.get_by_role("button", name="无人应答").first.click()
    expect(page.locator(".day-done")).to_contain_text("等待发送")
    expect(page.locator(".day-door")).to_have_count(before - 1)
    page.locator(".day-done button").first.click()
    expect(page.locator(".day-door")).to_have_count(before)
    expect(page.locator(".day-done li:has-text('等待发送')")).to_have_count(0)


def test_a_visit_recorded_without_signal_is_stored_once_with_its_answers(day_of, server):
    door = door_without_a_phone(server)
    page = day_of("wang")
    filtered(page, "week")
    open_door(page, door)
    page.context.set_offline(True)
    page.get_by_label("电话未登记").first.fill("138 0013 8000")
    page.get_by_text("情况有变").click()
    page.get_by_role("button", name="保存，下一户").click()
    expect(page).not_to_have_url(re.compile(f"visit/{door}$"))
    assert stored(server, door) == []
    page.context.set_offline(False)
    page.goto(page.url.split("#")[0] + "#day")
    expect(page.locator(".standing")).to_contain_text("没有待发送")
    assert stored(server, door) == [("met", "changed", CELL, "8000")]


def open_door(page: Page, door: int) -> None:
    expect(page.locator(".day-stop").first).to_be_visible()
    page.goto(page.url.split("#")[0] + f"#day/visit/{door}")
    expect(page.locator(f"form[data-door='{door}']")).to_be_visible()


def door_without_a_phone(server) -> int:
    """A door of cell 1 at which one person is due within days, whose phone nobody knows (any longer)."""
    with psycopg.connect(address_of(server.database)) as connection:
        resident, door = connection.execute(
            "SELECT min(resident_id), dwelling_id FROM grid_visitdue WHERE area = %s AND due_on <= current_date + 4"
            " GROUP BY dwelling_id HAVING count(*) = 1 ORDER BY min(due_on) LIMIT 1",
            [CELL],
        ).fetchone()
        connection.execute(
            "UPDATE grid_resident SET phone_last4 = '', phone_sealed = NULL, phone_index = NULL WHERE id = %s",
            [resident],
        )
    return door


def test_two_phones_on_one_household_show_both_sides(day_of, server):
    door = door_without_a_phone(server)
    mine, other = day_of("wang"), day_of("zhou")
    for page in (mine, other):
        open_door(page, door)
    for page, phone in ((mine, "13800138000"), (other, "13900139000")):
        page.get_by_label("电话未登记").first.fill(phone)
    mine.context.set_offline(True)
    mine.get_by_role("button", name="保存，下一户").click()
    expect(mine).not_to_have_url(re.compile(f"visit/{door}$"))
    other.get_by_role("button", name="保存，下一户").click()
    expect(other).not_to_have_url(re.compile(f"visit/{door}$"))
    expect(other.locator(".standing")).to_contain_text("没有待发送")
    mine.context.set_offline(False)
    mine.goto(mine.url.split("#")[0] + "#waiting")
    both = mine.locator(".compare-field")
    expect(both).to_contain_text("***9000")
    expect(both).to_contain_text("13800138000")
    expect(both.locator("legend")).to_contain_text("电话")
    mine.get_by_role("button", name="按所选发送").click()
    expect(mine.locator(".standing")).to_contain_text("没有待发送")
    assert sorted(digits for *_rest, digits in stored(server, door)) == ["8000", "8000"]


def test_a_link_to_a_visit_opens_on_a_phone_that_has_nothing_yet(browser: Browser, server, sessions):
    door = door_without_a_phone(server)
    context = browser.new_context(**PHONE, locale="zh-CN", storage_state=sessions("wang"))
    page = context.new_page()
    page.goto(server + f"/field/#day/visit/{door}")
    expect(page.locator(f"form[data-door='{door}']")).to_be_visible()
    context.close()


def test_a_visit_the_server_has_can_be_taken_back(day_of, server):
    page = day_of("wang")
    expect(page.locator(".day-stop").first).to_be_visible()
    stored = page.locator(".day-done li", has_text="已保存")  # those of earlier tests among them
    before = stored.count()
    page.get_by_role("button", name="无人应答").first.click()
    expect(stored).to_have_count(before + 1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".day-done").evaluate("done => done.open || done.querySelector('summary').click()")
    page.evaluate(SENT_ALL)
    stored.first.get_by_role("button").click()
    page.evaluate("() => window.sent")
    expect(stored).to_have_count(before)
    expect(page.locator(".standing")).to_contain_text("没有待发送")
    with psycopg.connect(address_of(server.database)) as connection:
        [withdrawn] = connection.execute("SELECT count(*) FROM grid_visitwithdrawal").fetchone()
    assert withdrawn


def test_who_is_not_told_of_needs_sees_no_person(day_of):
    page = day_of("li")
    expect(page.locator("#field-view")).not_to_be_empty()
    assert page.locator(".day-people").count() == 0


def test_it_can_be_read_in_large_text_in_english_and_in_the_dark(day_of):
    page = day_of("wang", color_scheme="dark", locale="en-GB")
    expect(page.locator(".day-stop").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.evaluate("document.documentElement.dataset.size = 'large'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
