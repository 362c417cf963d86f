"""A report from the map: ordered, made by a real worker, taken, and opened where there is no network."""

import re

import pytest

from tests.serving import do_jobs


@pytest.fixture
def ordered(map_of, server):
    """A function that orders a report of Li's map and lets it be made."""

    def order(kind: str):
        view = map_of("li")
        view.page.click("#report-button")
        view.page.get_by_role("button", name=re.compile(kind)).click()
        view.page.locator(".report-said progress").wait_for()
        do_jobs(server.database)
        with view.page.expect_download() as taken:
            view.page.locator(".report-said a").click()
        return view, taken.value

    return order


def test_the_web_map_opens_without_a_network_and_shows_the_figures(ordered, browser, tmp_path):
    view, taken = ordered("网页地图")
    figures = view.figures("cells", "population")
    taken.save_as(tmp_path / "map.html")
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 900})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{tmp_path}/map.html")
    page.locator(".leaflet-container canvas").first.wait_for()
    cells = dict(
        page.locator("table tbody tr").evaluate_all(
            "rows => rows.map(r => [r.cells[0].innerText, r.cells[3].innerText])"
        )
    )
    context.close()
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert {code: float(text.replace(",", "")) for code, text in cells.items()} == figures
    _delete(view)


def _delete(view) -> None:
    """Its owner takes the file away again: the page says so and offers it no more."""
    view.page.goto(view.server + "/reports/")
    view.page.get_by_role("button", name="删除文件").first.click()
    view.page.get_by_text("已过期").first.wait_for()
    assert view.page.locator("a[download]").count() == 0


def test_it_says_what_is_wrong_and_stays_usable(map_of):
    view = map_of("li")
    view.allow("500")
    view.page.route("**/reports/", lambda route: route.fulfill(status=500, body=""))
    view.page.click("#report-button")
    view.page.get_by_role("button", name=re.compile("图片")).click()
    view.page.locator("#report [role=alert]").wait_for()
    view.page.keyboard.press("Escape")
    assert view.page.locator("#report").is_hidden()
    assert view.page.evaluate("document.activeElement.id") == "report-button"
