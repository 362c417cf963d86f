"""The plan workspace in a real browser: paint, take back, lock, two planners, a phone, the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import until
from tests.cast import STREET

_IDLE = "Boolean(window.wangge && wangge.idle && wangge.idle())"


@pytest.fixture
def plan(map_of, server) -> str:
    """The address of a plan of the street, as Zhao begins it with the form."""
    page = map_of("zhao").page
    page.goto(server + "/plans/new/")
    page.get_by_label("名称").fill("工作台")
    page.select_option("#area", STREET)
    page.get_by_role("button", name="新建", exact=True).click()
    page.wait_for_url("**/plans/*-*/")
    return page.url


@pytest.fixture
def desk(map_of, server, plan):
    """Opens the workspace for somebody."""

    def opened(name: str = "zhao", allow: str = "409", **looks) -> Page:
        town = map_of(name, plan.removeprefix(server.url), **looks)
        town.allow("409", allow, "ERR_INTERNET_DISCONNECTED")  # overtaken, and cut off
        until(town.page, _IDLE)
        return town.page

    return opened


def revision(page: Page) -> int:
    return page.evaluate("wangge.revision()")


def cell_of(page: Page, tile: int) -> int:
    return page.evaluate("(id) => wangge.cellOf(id)", tile)


def take_up(page: Page, tool: str) -> dict:
    """A tile at a border in the middle of the map, the cell beside it chosen, and a tool in hand."""
    border = page.evaluate("wangge.border()")
    page.evaluate("(id) => wangge.show(id, 18.5)", border["id"])
    page.evaluate("([cell, tool]) => wangge.choose(cell, tool)", [border["to"], tool])
    until(page, _IDLE)
    return border


def spot(page: Page, tile: int) -> tuple[float, float]:
    at = page.evaluate("(id) => wangge.spot(id)", tile)
    return at["x"], at["y"]


def stepped(page: Page, to: int) -> None:
    until(page, f"wangge.revision() === {to} && wangge.idle()")


def test_a_tile_is_painted_and_taken_back_across_a_reload(desk):
    page = desk()
    border = take_up(page, "click")
    before = page.evaluate("(cell) => wangge.figures(cell).tiles", border["to"])
    page.mouse.click(*spot(page, border["id"]))
    stepped(page, 1)
    assert cell_of(page, border["id"]) == border["to"]
    assert page.evaluate("(cell) => wangge.figures(cell).tiles", border["to"]) == before + 1
    page.reload()
    until(page, _IDLE)
    assert cell_of(page, border["id"]) == border["to"]
    page.locator("#map").focus()
    page.keyboard.press("Control+z")
    stepped(page, 2)
    assert cell_of(page, border["id"]) == border["from"]
    assert page.evaluate("(cell) => wangge.figures(cell).tiles", border["to"]) == before
    page.keyboard.press("Control+Shift+Z")
    stepped(page, 3)
    assert cell_of(page, border["id"]) == border["to"]


def test_a_rectangle_shows_what_it_would_change_and_waits_for_a_yes(desk):
    page = desk()
    page.evaluate("localStorage.setItem('wangge.plan', JSON.stringify({ ask: true }))")
    page.reload()
    until(page, _IDLE)
    border = take_up(page, "box")
    x, y = spot(page, border["id"])
    page.mouse.move(x - 4, y - 4)
    page.mouse.down()
    page.mouse.move(x + 4, y + 4, steps=3)
    page.mouse.up()
    expect(page.locator("tr.pending")).not_to_have_count(0)
    assert revision(page) == 0
    page.keyboard.press("Escape")
    expect(page.locator("tr.pending")).to_have_count(0)
    page.mouse.move(x - 4, y - 4)
    page.mouse.down()
    page.mouse.move(x + 4, y + 4, steps=3)
    page.mouse.up()
    page.keyboard.press("Enter")
    stepped(page, 1)
    assert cell_of(page, border["id"]) == border["to"]


def test_a_locked_cell_gives_no_tile_away(desk):
    page = desk()
    border = take_up(page, "choose")
    page.evaluate("(cell) => wangge.choose(cell, 'choose')", border["from"])
    page.locator("#cell-lock").click()
    stepped(page, 1)
    page.evaluate("(cell) => wangge.choose(cell, 'click')", border["to"])
    page.mouse.click(*spot(page, border["id"]))
    expect(page.locator(".map-notice")).to_contain_text("已锁定")
    assert (revision(page), cell_of(page, border["id"])) == (1, border["from"])


def test_two_planners_see_each_other_and_nothing_is_overwritten(desk, map_of):
    one, other = desk(), desk()
    border = take_up(one, "click")
    take_up(other, "click")
    one.mouse.click(*spot(one, border["id"]))
    stepped(one, 1)
    away = other.evaluate("wangge.border(40)")
    other.evaluate("(id) => wangge.show(id, 18.5)", away["id"])
    other.evaluate("(cell) => wangge.choose(cell, 'click')", away["to"])
    other.mouse.click(*spot(other, away["id"]))
    until(other, "wangge.revision() >= 1 && wangge.idle()")
    if revision(other) == 1:  # overtaken: the step is offered again
        other.locator("#pending-apply").click()
    stepped(other, 2)
    assert cell_of(other, border["id"]) == border["to"]
    assert cell_of(other, away["id"]) == away["to"]
    until(one, "wangge.revision() === 2")
    assert cell_of(one, away["id"]) == away["to"]


def test_a_step_waits_for_the_network_and_arrives(desk, map_of):
    page = desk()
    border = take_up(page, "click")
    page.context.set_offline(True)
    page.mouse.click(*spot(page, border["id"]))
    expect(page.locator("#pending-drop")).to_be_visible()
    page.context.set_offline(False)
    stepped(page, 1)
    assert cell_of(page, border["id"]) == border["to"]


def test_everything_is_in_reach_on_a_phone(desk):
    page = desk(phone=True)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = """[...document.querySelectorAll('.plan button')].filter((one) => one.checkVisibility())
      .map((one) => [one.id || one.textContent, one.getBoundingClientRect()])
      .filter(([id, box]) => id !== 'side-handle' && box.height && (box.height < 43 || box.width < 43))
      .map(([id]) => id)"""
    assert page.evaluate(small) == []
    border = take_up(page, "click")
    page.touchscreen.tap(*spot(page, border["id"]))
    stepped(page, 1)
    assert cell_of(page, border["id"]) == border["to"]


def test_a_tile_is_moved_by_keyboard_alone(desk):
    page = desk()
    border = take_up(page, "choose")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")  # onto the tile in the middle
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    stepped(page, 1)
    assert cell_of(page, border["id"]) == border["to"]


def test_problems_are_gone_through_by_key(desk):
    page = desk()
    until(page, "wangge.board().problems !== null")
    count = page.evaluate("wangge.board().problems.length")
    page.locator("#map").focus()
    page.keyboard.press("n")
    if count:
        expect(page.locator(".problem-at")).to_have_text(f"1/{count}")
        page.keyboard.press("Shift+N")
        expect(page.locator(".problem-at")).to_have_text(f"{count}/{count}")
    else:
        expect(page.locator("#plan-problems")).to_contain_text("没有问题")


def test_who_may_not_draw_has_no_tools(desk):
    page = desk("li")
    expect(page.locator(".plan-reading")).to_be_visible()
    expect(page.locator("#plan-tools button")).to_have_count(0)
    expect(page.locator("#plan-undo")).to_have_count(0)
    assert page.locator("tr[data-number]").count() > 0


def test_a_border_is_moved_by_keyboard_alone(desk):
    page = desk()
    take_up(page, "drag")
    until(page, "wangge.handles() > 2")
    page.locator("#map").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")  # to a dot, then to another
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # taken up and put down where it was: nothing has happened
    assert revision(page) == 0
    for key in ("Enter", "ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    until(page, "wangge.revision() === 1 || document.querySelector('.map-notice')")
    assert revision(page) == 1
    page.keyboard.press("Control+z")
    stepped(page, 2)


def test_a_weight_shows_what_it_would_change_before_it_is_saved(desk):
    page = desk()
    page.locator("#plan-wish summary").first.click()
    number = page.locator("tr[data-number]").first.get_attribute("data-number")
    before = page.evaluate("(cell) => wangge.figures(Number(cell))", number)
    page.locator("#wish-households-slider").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.locator("#wish-households").input_value() == "2"
    expect(page.locator(".plan-outlook")).not_to_be_empty()
    expect(page.locator("tr.pending")).not_to_have_count(0)
    page.get_by_role("button", name="保存目标").click()
    stepped(page, 1)
    expect(page.locator(".plan-outlook")).to_be_empty()
    after = page.evaluate("(cell) => wangge.figures(Number(cell))", number)
    assert after["work"] == pytest.approx(2 * before["work"])


def test_colours_say_how_far_each_cell_is_from_its_target_and_stay_so(desk):
    page = desk()
    swatches = page.locator(".plan-cells tbody .swatch")
    colours = "all => all.map((one) => one.style.background)"
    by_cell = swatches.evaluate_all(colours)
    page.get_by_role("radio", name="偏差").check(force=True)
    legend = page.get_by_role("list", name="图例")
    expect(legend).to_contain_text("±10% 以内")
    by_deviation = swatches.evaluate_all(colours)
    assert by_deviation != by_cell
    assert len(by_deviation) == len(by_cell)
    page.reload()
    until(page, _IDLE)
    expect(page.get_by_role("radio", name="偏差")).to_be_checked()
    page.get_by_role("radio", name="住户密度").check(force=True)
    expect(legend).to_contain_text("户/公顷")


def loose_dot(page: Page) -> tuple[float, float]:
    """A dot on a shared border, on no outline, that lies free on the map; the corner of a tile."""
    until(page, "wangge.handles() > 2 && wangge.idle()")
    dots = page.evaluate("wangge.dots()")
    frame = page.locator("#map").bounding_box()
    free = [dot for dot in dots if not dot["fixed"] and 150 < dot["x"] - frame["x"] < frame["width"] - 150]
    found = min(free, key=lambda dot: abs(dot["y"] - frame["y"] - frame["height"] / 2))
    return found["x"], found["y"]


def whole_border(page: Page) -> list:
    return page.evaluate("wangge.dots().map(({ x, y }) => [Math.round(x), Math.round(y)])")


def test_a_border_is_dragged_by_the_mouse_with_its_figures_and_taken_back_across_a_reload(desk):
    page = desk()
    take_up(page, "drag")
    x, y = loose_dot(page)
    before = whole_border(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y + 7, steps=4)
    expect(page.locator("#plan-hint")).to_contain_text("松开后生效")
    until(page, "wangge.board().pending.trial !== null")  # figures before it is let go
    assert revision(page) == 0
    page.mouse.up()
    stepped(page, 1)
    until(page, "JSON.stringify(wangge.dots().map(({x, y}) => [Math.round(x), Math.round(y)])) !== " + str(before))
    view = page.evaluate("wangge.border()")
    page.reload()
    until(page, _IDLE)
    assert revision(page) == 1
    page.locator("#map").focus()
    page.keyboard.press("Control+z")
    stepped(page, 2)
    page.keyboard.press("Control+y")
    stepped(page, 3)
    assert page.evaluate("wangge.border()") == view


def test_a_place_between_two_dots_can_be_dragged_and_where_it_cannot_go_is_said_in_time(desk):
    page = desk(allow="422")
    border = take_up(page, "drag")
    x, y = loose_dot(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 600, y, steps=4)
    expect(page.locator("#plan-hint")).to_contain_text("请拖到近一些的地方")
    page.keyboard.press("Escape")
    page.mouse.up()
    assert (revision(page), page.evaluate("wangge.board().pending")) == (0, None)
    page.evaluate("(id) => wangge.show(id, 19)", border["id"])
    away = spot(page, border["id"])
    page.mouse.click(*away)  # beside every border: the cell there is chosen
    until(page, f"wangge.board().chosen === {border['from']}")
