"""Faces covered in the browser, by mouse, finger and keys; and what the public is then really given."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.waiting import until
from tests.gis.incidents.photos import a_jpeg

_SIZE = (800, 600)


@pytest.fixture
def opened(browser: Browser, server, sessions) -> Iterator[Callable[..., Page]]:
    """`opened()`: the editor of a photo of a new case, in Li's browser."""
    contexts, errors = [], []

    def an_editor(**looks) -> Page:
        view = {"viewport": {"width": 1280, "height": 1000}} | looks
        contexts.append(browser.new_context(locale="zh-CN", storage_state=sessions("li"), **view))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        _report_with_photo(page, server)
        page.locator("#public a[href*='public']").first.click()
        page.locator("a[href^='/photos/'][href$='/public/']").first.click()
        expect(page.locator("[data-stage] img")).to_be_visible()
        until(page, "document.querySelector('[data-stage] img').naturalWidth > 0")
        return page

    yield an_editor
    for context in contexts:
        context.close()
    assert errors == []


def _report_with_photo(page: Page, server) -> None:
    page.goto(server + "/buildings/")
    building = page.locator("main a[href^='/buildings/']").first.get_attribute("href")
    page.goto(f"{server.url}/incidents/new/?building={building.split('/')[2]}")
    category = page.locator("#category option", has_text=re.compile("垃圾")).first.get_attribute("value")
    page.select_option("#category", category)
    page.fill("#text", "楼前堆着东西，照片里有人")
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": a_jpeg(*_SIZE)}
    page.locator("input[type=file]").first.set_input_files(photo)
    page.click("form[data-report-form] button.primary")
    expect(page.locator("[data-case]")).to_be_visible()


def boxes(page: Page) -> list[list[float]]:
    """The black boxes as the form will send them."""
    text = page.locator("textarea[name=boxes]").input_value()
    return [[float(part) for part in line.split()] for line in text.splitlines()]


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the screen, of percent of the photo."""
    frame = page.locator("[data-stage]").bounding_box()
    return frame["x"] + frame["width"] * x / 100, frame["y"] + frame["height"] * y / 100


def near(box: list[float], expected: list[float], by: float = 1.0) -> bool:
    return all(abs(one - other) <= by for one, other in zip(box, expected, strict=True))


def published(page: Page) -> Image.Image:
    """The copy that anybody is sent, fetched without an account after the form was sent."""
    page.check("[name=seen]")
    page.click("button[value=publish]")
    address = page.locator("img[src^='/public-photos/']").first.get_attribute("src")
    stranger = page.context.browser.new_context()
    answer = stranger.request.get(re.sub(r"small/$", "", _whole(page, address)))
    assert answer.status == 200
    image = Image.open(io.BytesIO(answer.body()))
    stranger.close()
    assert not image.getexif()
    return image.convert("RGB")


def _whole(page: Page, path: str) -> str:
    return page.evaluate("path => new URL(path, location.href).href", path)


def is_black(image: Image.Image, box: list[float]) -> bool:
    left, top, width, height = (part / 100 for part in box)
    inside = image.crop((
        round(left * image.width) + 2, round(top * image.height) + 2,
        round((left + width) * image.width) - 2, round((top + height) * image.height) - 2,
    ))  # fmt: skip
    return max(high for _low, high in inside.getextrema()) < 24  # what JPEG leaves of black


def is_seen(image: Image.Image, x: float, y: float) -> bool:
    """Whether the photo shows there, not a box."""
    return max(image.getpixel((round(image.width * x / 100), round(image.height * y / 100)))) > 60


def test_a_box_drawn_moved_and_resized_by_the_mouse_is_black_for_everybody(opened, server):
    page = opened()
    page.mouse.move(*place(page, 10, 10))
    page.mouse.down()
    page.mouse.move(*place(page, 30, 40), steps=5)
    page.mouse.up()
    assert near(boxes(page)[0], [10, 10, 20, 30])
    page.mouse.move(*place(page, 20, 20))
    page.mouse.down()
    page.mouse.move(*place(page, 60, 30), steps=5)
    page.mouse.up()
    assert near(boxes(page)[0], [50, 20, 20, 30])
    corner = page.locator(".black-box .corner").bounding_box()
    page.mouse.move(corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2)
    page.mouse.down()
    page.mouse.move(*place(page, 80, 80), steps=5)
    page.mouse.up()
    [box] = boxes(page)
    assert near(box, [50, 20, 30, 60], 3)
    original = page.locator("[data-stage] img").get_attribute("src")
    image = published(page)
    assert is_black(image, box)
    assert is_seen(image, 10, 50)
    assert is_seen(image, 95, 95)
    stranger = page.context.browser.new_context()
    for address in (original, f"{original}small/", f"{original}public/"):
        assert stranger.request.get(_whole(page, address)).status == 401
    stranger.close()


def test_a_finger_draws_a_box_and_does_not_scroll_the_photo(opened):
    page = opened(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.locator("[data-stage]").scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)
    start, end = place(page, 20, 15), place(page, 60, 75)
    before = page.evaluate("scrollY")

    def touch(kind: str, points: list[tuple[float, float]]) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    touch("touchStart", [start])
    for step in range(1, 7):
        touch("touchMove", [tuple(a + (b - a) * step / 6 for a, b in zip(start, end, strict=True))])
    touch("touchEnd", [])
    assert page.evaluate("scrollY") == before
    [box] = boxes(page)
    assert near(box, [20, 15, 40, 60], 2)
    assert is_black(published(page), box)


def test_a_box_is_set_by_keys_alone_and_deleted(opened):
    page = opened()
    page.locator("[data-add]").focus()
    page.keyboard.press("Enter")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    assert boxes(page) == [[38, 39, 21, 22]]
    page.locator("[data-add]").focus()
    page.keyboard.press("Enter")
    assert len(boxes(page)) == 2
    page.keyboard.press("Delete")
    assert boxes(page) == [[38, 39, 21, 22]]
    image = published(page)
    assert is_black(image, [38, 39, 21, 22])
    assert is_seen(image, 10, 10)
