"""A case on the phone: found in today's round, answered on the spot without signal, stored once there is some."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone import PACKED, SENT_ALL
from tests.cast import CELL
from tests.databases import address_of
from tests.gis.incidents.photos import a_jpeg

_PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}


@pytest.fixture
def case(server) -> str:
    """The number of a case in Wang's cell that waits for a look."""
    with psycopg.connect(address_of(server.database)) as connection:
        return connection.execute(
            "UPDATE grid_incident SET state = 'verifying', asked = 'look', stage_due_at = now() - interval '1 hour'"
            " WHERE id = (SELECT max(id) FROM grid_incident WHERE area = %s) RETURNING number",
            [CELL],
        ).fetchone()[0]


@pytest.fixture
def page(browser: Browser, server, sessions, case) -> Iterator[Page]:
    context = browser.new_context(**_PHONE, storage_state=sessions("wang"))
    page = context.new_page()
    page.goto(server + "/field/#day")
    page.evaluate(PACKED)
    yield page
    context.close()


def test_a_case_is_answered_on_the_spot_without_signal(page, server, case):
    page.locator(f".day-door[href='#day/task/{case}']").tap()
    expect(page.get_by_role("radio", name="现场核实")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.set_offline(True)
    page.get_by_role("button", name="提交").tap()
    expect(page.get_by_role("alert")).to_contain_text("请写一句")
    page.get_by_label("现场情况").fill("属实，杂物堆到二层")
    page.set_input_files("input[type=file][multiple]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_jpeg()})
    expect(page.locator(".report-photos img")).to_have_count(1)
    page.evaluate(SENT_ALL)
    page.get_by_role("button", name="提交").tap()
    expect(page.locator(".standing")).to_contain_text("1 条待发送")
    expect(page.locator(f".day-door[href='#day/task/{case}']")).to_have_count(0)
    page.context.set_offline(False)
    page.evaluate("() => window.sent")
    with psycopg.connect(address_of(server.database)) as connection:
        found = connection.execute(
            "SELECT s.note, i.asked, (SELECT count(*) FROM grid_attachment a WHERE a.step_id = s.id) FROM grid_step s"
            " JOIN grid_incident i ON i.id = s.incident_id WHERE i.number = %s AND s.act = 'confirm'",
            [case],
        ).fetchall()
    assert found == [("属实，杂物堆到二层", "", 1)]
