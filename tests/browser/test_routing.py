"""Rules put in order in the browser, by mouse, finger and keys; and two who do so at a time."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.cast import OTHER_STREET, STREET

#: What the rules of this file are called, in the order in which they are written.
_NAMES = ["先一", "先二", "先三"]


@pytest.fixture
def tabs(browser: Browser, server, sessions) -> Iterator[Callable[..., Page]]:
    """`tabs("li")`: a page of hers; an error in any of them fails the test."""
    opened, errors = [], []

    def a_tab(name: str, **looks) -> Page:
        view = {"viewport": {"width": 1280, "height": 1400}} | looks
        opened.append(browser.new_context(locale="zh-CN", storage_state=sessions(name), **view))
        page = opened[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield a_tab
    for context in opened:
        context.close()
    assert errors == []


def rules_of(server, street: str) -> str:
    return f"{server.url}/routing/{street}/"


def begin(page: Page, address: str) -> None:
    """A draft of three rules, each for a person to decide."""
    page.goto(address)
    if page.locator("button[value=discard]").count():
        page.click("button[value=discard]")
    for name in _NAMES:
        page.goto(address + "rule/")
        page.fill("[name=name]", name)
        page.check("[name=by_hand][value=yes]")
        page.locator("form.record button.primary, form button.primary").last.click()
        expect(page.locator(".routing-rule h2", has_text=name)).to_be_visible()
    page.goto(address)  # without the mark that leads to the last rule


def order(page: Page) -> list[str]:
    return [name for name in page.locator(".routing-rule h2").all_inner_texts() if name in _NAMES]


def handle(page: Page, name: str) -> Locator:
    return page.locator(".routing-rule", has=page.locator("h2", has_text=name)).locator(".routing-number")


def middle(one: Locator) -> tuple[float, float]:
    one.scroll_into_view_if_needed()
    box = one.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, name: str, before: str) -> None:
    """Take a rule by its number with the mouse and lay it before another."""
    target = handle(page, before)
    page.mouse.move(*middle(handle(page, name)))
    page.mouse.down()
    x, y = middle(target)
    page.mouse.move(x, y - 5, steps=6)
    with page.expect_navigation():
        page.mouse.up()


def test_a_rule_is_dragged_by_the_mouse_and_the_order_is_kept(tabs, server):
    page = tabs("li")
    begin(page, rules_of(server, STREET))
    drag(page, "先三", "先一")
    assert order(page) == ["先三", "先一", "先二"]
    page.reload()
    assert order(page) == ["先三", "先一", "先二"]


def test_a_rule_is_moved_by_keys(tabs, server):
    page = tabs("li")
    begin(page, rules_of(server, STREET))
    page.locator(".routing-rule", has=page.locator("h2", has_text="先三")).locator("a.button").focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    assert order(page) == ["先一", "先三", "先二"]
    page.reload()
    assert order(page) == ["先一", "先三", "先二"]


def test_a_finger_drags_a_rule_and_does_not_scroll_the_page(tabs, server):
    begin(tabs("li"), rules_of(server, STREET))
    page = tabs("li", viewport={"width": 360, "height": 1600}, has_touch=True, is_mobile=True)
    page.goto(rules_of(server, STREET))
    (x, y), (_x, to) = middle(handle(page, "先二")), middle(handle(page, "先一"))
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, at: float | None = None) -> None:
        points = [] if at is None else [{"x": x, "y": at}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", y)
    for step in range(1, 9):
        touch("touchMove", y + (to - 8 - y) * step / 8)
    with page.expect_navigation():
        touch("touchEnd")
    assert order(page) == ["先二", "先一", "先三"]


def test_who_puts_in_order_what_another_has_changed_is_told(tabs, server):
    """Chen's street: nobody else's test works there."""
    mine, other = tabs("chen"), tabs("sun")
    begin(mine, rules_of(server, OTHER_STREET))
    other.goto(rules_of(server, OTHER_STREET))
    drag(other, "先二", "先一")
    drag(mine, "先三", "先一")
    expect(mine.locator("main")).to_contain_text("别人刚才改了这份草稿")
    mine.goto(rules_of(server, OTHER_STREET))
    assert order(mine) == ["先二", "先一", "先三"]
