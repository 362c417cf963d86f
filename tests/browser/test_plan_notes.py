"""Comments in the workspace of a plan: pinned to a place on a phone, seen live, answered and settled by the planner."""

from playwright.sync_api import Page, expect

from tests.browser.test_planning import desk, plan, spot, take_up  # noqa: F401  the same workspace
from tests.browser.waiting import until


def point_at(page: Page) -> None:
    """Take the tool, and touch the tile in the middle."""
    tile = take_up(page, "choose")["id"]
    page.evaluate("wangge.choose(null)")
    page.locator("#side-handle").click()
    page.locator("#talk summary").click()
    page.get_by_role("button", name="在地图上指一个位置").click()
    x, y = spot(page, tile)
    until(page, f"document.elementFromPoint({x}, {y})?.closest('#map')")  # the sheet has gone down
    page.touchscreen.tap(x, y)


def test_a_place_is_pointed_at_on_a_phone_and_heard_of_and_settled(desk):  # noqa: F811
    planner = desk()
    reader = desk("li", phone=True)
    point_at(reader)
    expect(reader.locator("#talk-new")).to_be_focused()
    expect(reader.locator(".talk-about")).to_contain_text("位置已指出")
    reader.keyboard.type("边界请沿河走")
    reader.locator(".talk-form").get_by_role("button", name="留言", exact=True).click()
    expect(reader.locator(".talk-text")).to_have_text("边界请沿河走")
    expect(reader.locator(".talk-about")).not_to_contain_text("位置已指出")

    pin = planner.locator(".note-pin")
    expect(pin).to_have_count(1)  # without a reload; without a feed at the next sign of life
    pin.focus()
    planner.keyboard.press("Enter")
    expect(planner.locator(".talk li.chosen")).to_contain_text("边界请沿河走")
    planner.locator(".talk").get_by_role("button", name="回复").click()
    planner.keyboard.type("已改")
    planner.locator(".talk form").get_by_role("button", name="回复").click()
    expect(planner.locator(".talk-answer")).to_contain_text("已改")
    planner.locator(".talk").get_by_role("button", name="已处理").click()
    expect(planner.locator(".talk")).to_contain_text("没有未处理的留言")
    expect(pin).to_have_count(0)
    reader.reload()
    expect(reader.locator("#talk summary")).to_be_visible()
    expect(reader.locator("#talk summary .badge")).to_have_count(0)


def test_a_place_is_pointed_at_by_keyboard(desk):  # noqa: F811
    page = desk()
    page.locator("#map").focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".note-pin.draft")).to_have_count(1)
    expect(page.locator("#talk-new")).to_be_focused()
    page.get_by_role("button", name="不指位置").click()
    expect(page.locator(".note-pin")).to_have_count(0)


def test_what_was_refused_stays_in_the_form(desk):  # noqa: F811
    page = desk("li", allow="422")
    page.locator("#talk summary").click()
    page.locator("#talk-new").fill("长" * 500)
    page.evaluate("document.querySelector('#talk-new').value += '长'")
    page.context.set_offline(True)
    page.locator(".talk-form").get_by_role("button", name="留言", exact=True).click()
    expect(page.locator("#talk > .field-error")).not_to_be_empty()
    assert page.locator("#talk-new").input_value() == "长" * 501
    page.context.set_offline(False)
    page.locator(".talk-form").get_by_role("button", name="留言", exact=True).click()
    expect(page.locator("#talk > .field-error")).to_contain_text("500")
    assert page.locator("#talk-new").input_value() == "长" * 501
