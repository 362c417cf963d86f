"""The dashboard page: what each role is shown, where its links lead, and what it does with what it cannot read."""

import re
from html import unescape

import pytest

from gis.models import Incident
from layers import incident_copy
from tests.web.pages.street import DISTRICT, EAST, ELSEWHERE, OTHER_STREET, STREET, A, D

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_cold():
    incident_copy.forget()
    yield
    incident_copy.forget()


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def tiles(page: str) -> list[str]:
    return re.findall(r'<li class="tile[^"]*">.*?<b>([^<]*)', page, re.DOTALL)


def test_a_supervisor_sees_the_area_at_a_glance(staff):
    page = text(staff("paper-street").get("/dashboard/"))
    assert "纸上街道" in page
    # Today, yesterday, seven days, open, late, on time: in each of three cells one open and late, one open with time.
    assert tiles(page) == ["0", "3", "3", "6", "3", "0.0%"]
    assert "0/3" in page


def test_every_link_to_a_list_shows_as_many_as_it_says(staff):
    browser = staff("paper-street")
    page = text(browser.get("/dashboard/?days=365"))
    links = re.findall(r'<a href="(/incidents/\?[^"]+)">(\d+)</a>', page)
    assert len(links) > 10
    for address, number in dict(links).items():
        shown = text(browser.get(unescape(address)))
        assert (f"共 {number} 条" in shown) if int(number) else ("没有符合条件的事件" in shown), address


def test_a_click_leads_down_to_the_cell_and_back_up(staff):
    browser = staff("paper-street")
    assert f"?area={EAST}" in text(browser.get("/dashboard/"))
    community = text(browser.get("/dashboard/", {"area": EAST}))
    assert f"?area={A}" in community
    assert f"?area={STREET}" in community
    cell = text(browser.get("/dashboard/", {"area": A}))
    assert tiles(cell)[3:5] == ["2", "1"]
    assert "先看这些网格" not in cell


@pytest.mark.parametrize("area", [ELSEWHERE, OTHER_STREET, D, DISTRICT, "110113001", STREET + "999"])
def test_another_area_is_not_found(staff, area):
    assert staff("paper-street").get("/dashboard/", {"area": area}).status_code == 404


@pytest.mark.parametrize("query", [{"days": "x"}, {"first": "2026-13-01"}, {"state": "nonsense"}, {"area": "'"}])
def test_what_cannot_be_read_is_left_out_and_said(staff, query):
    page = text(staff("paper-street").get("/dashboard/", query))
    assert "已忽略" in page
    assert tiles(page)[3] == "6"


def test_an_unknown_step_is_refused_with_the_fix(staff):
    answer = staff("paper-street").get("/dashboard/", {"step": "hour"})
    assert answer.status_code == 400
    assert "请选择日、周或月" in answer.content.decode()


def test_a_filter_that_matches_nothing_says_how_to_go_on(staff):
    page = text(staff("paper-street").get("/dashboard/", {"major": "公共卫生与动物"}))
    assert "没有符合条件的事件" in page
    assert "清除" in page
    assert tiles(page)[3:] == ["0", "0", "–"]


def test_words_searched_for_do_not_stand_in_an_address(staff):
    answer = staff("paper-street").post("/dashboard/", {"text": "第2处", "area": STREET}, follow=True)
    page = text(answer)
    assert tiles(page)[3:5] == ["3", "3"]
    assert "“第2处”" in page
    assert not re.search(r'href="[^"]*(%E7%AC%AC|第)', page)


def test_a_planner_sees_people_and_no_incident(staff):
    page = text(staff("paper-planner").get("/dashboard/"))
    assert tiles(page) == []
    assert "不显示事件" in page
    assert "年龄与性别" in page


def test_an_administrator_sees_neither_incidents_nor_people(staff):
    page = text(staff("paper-admin").get("/dashboard/"))
    assert tiles(page) == []
    assert "常住人口" not in page
    assert "楼栋" in page


def test_an_officer_sees_counts(staff):
    page = text(staff("paper-officer").get("/dashboard/"))
    assert tiles(page)[3] == "8"
    assert "住在这里的人" in page


def test_rates_per_resident_are_shown_to_who_may_count_people(staff):
    """Thirty-six live in 东社区, where six incidents were reported in a year; in 西社区 eighteen and three."""
    assert "166.7" in text(staff("paper-street").get("/dashboard/?days=400"))


def test_an_empty_area_is_a_page_too(staff):
    Incident.objects.all().delete()
    page = text(staff("paper-street").get("/dashboard/"))
    assert tiles(page) == ["0", "0", "0", "0", "0", "–"]
    assert "没有未结的事件" in page


def test_it_speaks_english(staff):
    page = text(staff("paper-street", HTTP_ACCEPT_LANGUAGE="en").get("/dashboard/"))
    assert "What stands out this week" in page
    assert "Overdue" in page or "overdue" in page
