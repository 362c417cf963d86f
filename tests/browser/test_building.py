"""A building on a phone: the grid, a door's form, new doors, without signal, and two phones on one household."""

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
SENT = re.compile("没有待发送|nothing waiting")


@pytest.fixture
def building_of(browser: Browser, server, sessions) -> Iterator[Callable[..., Page]]:
    """A building of cell 1 open on the phone of a member of the cast."""
    contexts = []

    def open_building(name: str, building: int, **options) -> Page:
        looks = {**PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = browser.new_context(**looks, storage_state=sessions(name))
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server}/field/#building/{building}")
        return page

    yield open_building
    for context in contexts:
        context.close()


def ask(server, query: str, *parameters):
    with psycopg.connect(address_of(server.database)) as connection:
        return connection.execute(query, parameters).fetchall()


@pytest.fixture
def homes(server) -> list[tuple[int, int, str, str]]:
    """Doors behind which somebody lives, of the building of the cell that has most: building, key, unit, room."""
    return ask(
        server,
        "WITH home AS (SELECT building_id, id, unit, room FROM grid_dwelling d WHERE area = %s AND EXISTS ("
        " SELECT FROM grid_residence s WHERE s.dwelling_id = d.id AND s.ends IS NULL AND s.kind = 'living'))"
        " SELECT * FROM home WHERE building_id = ("
        " SELECT building_id FROM home GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) ORDER BY id",
        CELL,
    )


def open_door(page: Page, building: int, key: int) -> None:
    page.goto(page.url.split("#")[0] + f"#building/{building}?door={key}")
    expect(page.locator(".door-form")).to_be_visible()


def choose(page: Page, name: str, value: str) -> None:
    page.check(f"input[name='{name}'][value='{value}']", force=True)


def state_of(server, key: int) -> tuple:
    return ask(server, "SELECT state, answer FROM grid_dwelling WHERE id = %s", key)[0]


def test_the_grid_fits_a_small_phone_and_every_door_says_what_it_shows(building_of, homes):
    page = building_of("wang", homes[0][0])
    expect(page.locator(".door-tile").first).to_be_visible()
    expect(page.locator(".door-progress")).to_contain_text("已核实")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        "[...document.querySelectorAll('.building a, .building button, .building summary')]"
        ".filter((one) => one.getClientRects().length && getComputedStyle(one).display !== 'inline')"
        ".filter((one) => one.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
    assert all("，" in said for said in page.locator(".door-tile .visually-hidden").all_text_contents())


def test_a_room_is_found_by_typing(building_of, homes):
    building, _key, unit, room = homes[-1]
    page = building_of("wang", building)
    page.locator(".building input[type=search]").fill(f"{unit}-{room}" if unit else room)
    page.locator(".building [aria-live] .door-tile").first.click()
    expect(page.locator("h1")).to_contain_text(room)


def test_a_door_is_saved_and_the_next_one_opens(building_of, homes, server):
    building, key, _unit, room = homes[0]
    page = building_of("wang", building)
    open_door(page, building, key)
    choose(page, "answer", "answered")
    choose(page, "state", "rented")
    page.get_by_role("button", name="保存，下一户").click()
    expect(page.locator("h1")).not_to_contain_text(room)
    expect(page.locator(".door-form")).to_be_visible()
    expect(page.locator(".standing")).to_contain_text(SENT)
    assert state_of(server, key) == ("rented", "answered")


def test_an_empty_form_is_not_saved(building_of, homes):
    building, key, *_ = homes[0]
    page = building_of("wang", building)
    open_door(page, building, key)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("还没有填写")


def test_a_household_is_written_without_signal_and_stored_once(building_of, homes, server):
    building, key, *_ = homes[1]
    page = building_of("wang", building)
    open_door(page, building, key)
    page.context.set_offline(True)
    choose(page, "answer", "answered")
    page.locator(".door-person input[value='stays']").first.check(force=True)
    page.get_by_role("button", name="登记新住户").click()
    page.get_by_label("姓名").fill("甲乙丙")
    page.get_by_role("button", name="保存", exact=True).click()
    tile = page.locator(".door-tile:has(.is-waiting)")
    expect(tile).to_be_visible()
    tile.click()
    expect(page.locator(".door-person", has_text="甲乙丙")).to_contain_text("等待发送")
    who = (
        "SELECT count(*) FROM grid_residence s JOIN grid_resident r ON r.id = s.resident_id"
        " WHERE s.dwelling_id = %s AND r.name = '甲乙丙'"
    )
    assert ask(server, who, key) == [(0,)]
    page.context.set_offline(False)
    expect(page.locator(".standing")).to_contain_text(SENT)
    assert ask(server, who, key) == [(1,)]
    assert state_of(server, key)[1] == "answered"


def test_a_floor_is_shown_before_it_is_added_and_taken_back(building_of, homes, server):
    building = homes[0][0]
    page = building_of("wang", building)
    page.get_by_role("link", name="新增楼层、单元或户室").click()
    page.get_by_text("新增楼层", exact=True).click()
    floor = page.get_by_label("楼层（地下填 −1）")
    floor.fill("88")
    expect(page.locator(".door-adding details[open] output")).to_contain_text("8801")
    page.locator(".door-adding details[open] .primary").click()
    expect(page.locator(".door-tile", has_text="8801")).to_be_visible()
    expect(page.locator(".standing")).to_contain_text(SENT)
    count = "SELECT count(*) FROM grid_dwelling WHERE building_id = %s AND floor = 88"
    assert ask(server, count, building)[0][0] > 0
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".door-tile", has_text="8801")).to_have_count(0)
    expect(page.locator(".standing")).to_contain_text(SENT)
    assert ask(server, count, building) == [(0,)]


def test_two_phones_on_one_household_see_both_sides(building_of, homes, server):
    building, key, *_ = homes[2]
    one, other = building_of("wang", building), building_of("zhou", building)
    for page in (one, other):
        page.evaluate(PACKED)
        open_door(page, building, key)
    one.context.set_offline(True)
    choose(one, "answer", "answered")
    choose(one, "state", "empty")
    one.get_by_role("button", name="保存", exact=True).click()
    choose(other, "answer", "answered")
    choose(other, "state", "rented")
    other.evaluate(SENT_ALL)
    other.get_by_role("button", name="保存", exact=True).click()
    other.evaluate("() => window.sent")
    one.context.set_offline(False)
    one.goto(one.url.split("#")[0] + "#waiting")
    expect(one.locator(".waiting-item[data-state='conflict']")).to_be_visible()
    one.get_by_role("link", name="修改").click()
    sides = one.locator(".door-form .compare-field", has_text="居住状态")
    expect(sides).to_contain_text("我写的：空置")
    expect(sides).to_contain_text("别人已保存：出租")
    assert state_of(server, key)[0] == "rented"
    one.get_by_role("button", name="保存", exact=True).click()
    expect(one.locator(".standing")).to_contain_text(SENT)
    assert state_of(server, key)[0] == "empty"


def test_a_building_without_doors_says_how_to_begin(building_of, server):
    bare = ask(
        server,
        "SELECT id FROM grid_building b WHERE area = %s AND NOT EXISTS"
        " (SELECT FROM grid_dwelling d WHERE d.building_id = b.id) ORDER BY id LIMIT 1",
        CELL,
    )[0][0]
    page = building_of("wang", bare)
    page.get_by_label("层数").fill("3")
    page.get_by_label("每个单元每层几户").fill("9")
    expect(page.locator("output")).to_contain_text("户")
    page.locator(".door-adding .primary").click()
    expect(page.locator(".door-tile", has_text="301")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_who_sees_no_people_sees_doors_and_may_change_nothing(building_of, homes):
    page = building_of("zhao", homes[0][0])
    expect(page.locator("#field-view")).not_to_be_empty()
    assert page.locator(".door-form, .door-adding, .door-person").count() == 0
