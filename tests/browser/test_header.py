"""The header at every width: every way to another page is in sight or in the menu, and nothing is cut off."""

import pytest
from playwright.sync_api import Page, expect

_WAYS = ".site-nav > ul > li > a"
_CUT = """[...document.querySelectorAll('.site-nav > ul > li')].filter((one) => {
  const [box, nav] = [one.getBoundingClientRect(), one.closest('nav').getBoundingClientRect()];
  return box.left < nav.left - 1 || box.right > Math.min(nav.right, innerWidth) + 1;
}).length"""


def opened(map_of, server, width: int, language: str) -> Page:
    page = map_of("zhou").page
    page.context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(server + "/plans/")
    page.evaluate("document.fonts.ready")
    return page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_in_reach_at_every_width(map_of, server, language):
    page = opened(map_of, server, 2400, language)
    every = page.locator(_WAYS).count()
    assert every > 8
    for width in (360, 720, 1080, 1280, 1440, 1720):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(_CUT) == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(_WAYS).count() + page.locator(".site-nav .menu a").count() == every
        expect(page.locator(_WAYS + "[aria-current]")).to_be_visible()


def test_what_does_not_fit_is_opened_by_keyboard(map_of, server):
    page = opened(map_of, server, 360, "zh-hans")
    page.locator(".site-nav summary").focus()
    page.keyboard.press("Enter")
    last = page.locator(".site-nav .menu a").last
    expect(last).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(last).to_be_hidden()
    expect(page.locator(".site-nav summary")).to_be_focused()
