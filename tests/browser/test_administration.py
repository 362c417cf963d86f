"""The administrator's pages in the real browser: the outline's map works under the content security policy."""

import json
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import COMMUNITY

#: A community whose outline may stay changed: plans of it, opened by later tests, would have ground without a cell.
ELSEWHERE = "110113002035"
pytestmark = pytest.mark.skipif(not os.environ.get("CHROMIUM"), reason="no Chromium on this machine")


@pytest.fixture(params=["zh-CN"])
def admin(request, browser: Browser, server, sessions) -> Iterator[Page]:
    """A page on which the administrator is signed in; whatever the browser complains of fails the test."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, locale=request.param, storage_state=sessions("admin")
    )
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda asked: complaints.append(f"{asked.url} {asked.failure}"))
    page.on("request", lambda asked: asked.url.startswith(server.url) or complaints.append(asked.url))
    yield page
    context.close()
    # leaflet.draw speaks of Leaflet's own past; a page left while its base map loads is no fault.
    meant = ("ERR_ABORTED", "Deprecated use of _flat")
    assert [text for text in complaints if not any(part in text for part in meant)] == []


def open_area(page: Page, server, code: str = COMMUNITY) -> None:
    page.goto(server + f"/admin/grid/area/?q={code}")
    page.click(f"#result_list a:text-is('{code}')")
    page.wait_for_selector(".outline-map path.leaflet-interactive, .outline-map .leaflet-overlay-pane path")


def outline(page: Page) -> list:
    return json.loads(page.input_value("textarea[name=geometry]", strict=True) or "null")["coordinates"]


def test_it_draws_the_outline_among_its_roads_and_neighbours(admin, server):
    open_area(admin, server)
    expect(admin.locator(".outline-name").first).to_be_visible()
    assert admin.locator(".outline-map path").count() > 10
    assert admin.locator(".outline-note").text_content() == ""


def test_a_vertex_that_is_dragged_moves_alone(admin, server):
    open_area(admin, server, ELSEWHERE)
    before = outline(admin)
    admin.click(".leaflet-draw-edit-edit")
    corner = admin.locator(".leaflet-editing-icon").first.bounding_box()
    admin.mouse.move(corner["x"] + 3, corner["y"] + 3)
    admin.mouse.down()
    admin.mouse.move(corner["x"] + 33, corner["y"] + 23, steps=4)
    admin.mouse.up()
    admin.click(".leaflet-draw-actions a >> nth=0")
    after = outline(admin)
    moved = [one for one, other in zip(before[0][0], after[0][0], strict=True) if one != other]
    assert 1 <= len(moved) <= 2  # the first corner closes the ring too
    admin.click("input[name=_continue]")
    admin.wait_for_selector(".messagelist .success, .errornote")
    assert admin.locator(".errornote").count() == 0
    assert outline(admin) == after


@pytest.mark.parametrize("admin", ["en-GB", "zh-CN"], indirect=True)
def test_every_page_of_it_opens_without_a_complaint(admin, server):
    admin.goto(server + "/admin/")
    links = {link.get_attribute("href") for link in admin.locator("#content-main a").all()}
    for link in sorted(link for link in links if link and link.startswith("/admin/")):
        assert admin.goto(server + link).status == 200, link
    admin.goto(server + "/admin/grid/cellversion/")
    admin.click("#result_list tbody tr:first-child a")
    admin.wait_for_selector(".outline-map path")
    assert admin.locator(".leaflet-draw-toolbar").count() == 0


def test_a_new_account_is_opened_with_its_posting(admin, server):
    admin.goto(server + "/admin/grid/user/add/")
    admin.fill("#id_username", "qian")
    admin.fill("#id_password1", "long enough 47")
    admin.fill("#id_password2", "long enough 47")
    admin.click(".add-row a")
    admin.select_option("#id_postings-0-role", "community_supervisor")
    admin.fill("#id_postings-0-area", COMMUNITY)
    admin.fill("#id_postings-0-starts", "2026-01-01")
    admin.click("input[name=_save]")
    admin.wait_for_selector(".messagelist .success")
    assert admin.input_value("#id_postings-0-area") == COMMUNITY
