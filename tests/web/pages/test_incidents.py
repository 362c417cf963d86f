"""The list of incidents and an incident's record."""

import pytest

from gis.models import Incident
from tests.web.pages.street import A, D

pytestmark = pytest.mark.django_db
LATE = "99001001001-2"


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_it_lists_those_in_scope(staff):
    assert "共 9 条" in text(staff("paper-street").get("/incidents/"))
    assert "共 3 条" in text(staff("paper-worker").get("/incidents/"))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"state": "open"}, 6),
        ({"state": "ended"}, 3),
        ({"late": "1"}, 3),
        ({"days": "30"}, 6),
        ({"days": "5", "state": "open"}, 3),
        ({"area": A}, 3),
        ({"major": "环境卫生"}, 9),
        ({"first": "2020-01-01", "last": "2020-12-31"}, 0),
        ({"state": "nonsense", "first": "yesterday", "late": "x", "building": "x"}, 9),
        ({"first": "2020-02-31"}, 9),
        ({"days": "999999999"}, 9),
    ],
)
def test_it_filters(staff, query, number):
    page = text(staff("paper-street").get("/incidents/", query))
    assert (f"共 {number} 条" in page) if number else ("没有符合条件的事件" in page and "清除筛选" in page)


def test_it_searches_text_without_putting_it_into_the_address(staff):
    answer = staff("paper-street").post("/incidents/", {"text": "第2处", "state": "open"}, follow=True)
    assert "共 3 条" in text(answer)
    assert "state=open" in answer.redirect_chain[0][0]
    assert "%" not in answer.redirect_chain[0][0]


def test_it_marks_the_late_ones(staff):
    assert text(staff("paper-worker").get("/incidents/")).count("badge late") == 1


def test_it_offers_only_categories_that_happened(staff):
    Incident.objects.exclude(number__startswith="99").delete()
    page = text(staff("paper-street").get("/incidents/"))
    assert ">环境卫生<" in page
    assert "自然灾害与应急" not in page


@pytest.mark.parametrize("who", ["paper-planner", "paper-admin"])
def test_it_refuses_roles_that_do_not_read_incidents(staff, who):
    browser = staff(who)
    assert browser.get("/incidents/").status_code == 403
    assert browser.get(f"/incidents/{LATE}/").status_code == 403


def test_a_record_tells_every_step_in_order(staff):
    page = text(staff("paper-worker").get(f"/incidents/{LATE}/"))
    steps = page[page.index('class="timeline"') :]
    assert steps.index("待受理") < steps.index("处置中") < steps.index("已超时")


def test_a_record_says_how_late_it_is(staff):
    page = text(staff("paper-worker").get(f"/incidents/{LATE}/"))
    assert "已超" in page
    assert "badge late" in page


def test_a_record_of_a_closed_incident_is_not_late(staff):
    page = text(staff("paper-worker").get("/incidents/99001001001-1/"))
    assert "已超" not in page
    assert "用时" in page


def test_a_record_links_to_its_cell_and_its_place_on_the_map(staff):
    page = text(staff("paper-worker").get(f"/incidents/{LATE}/"))
    assert f'href="/cells/{A}/"' in page
    assert 'href="/#18/40.10500/116.60500?pin"' in page


def test_a_record_of_another_street_is_not_found(staff):
    number = Incident.objects.filter(area=D).earliest("pk").number
    browser = staff("paper-street")
    assert browser.get(f"/incidents/{number}/").status_code == 404
    assert browser.get("/incidents/no-such-number/").status_code == 404


def test_it_speaks_english(staff):
    page = text(staff("paper-worker", HTTP_ACCEPT_LANGUAGE="en").get(f"/incidents/{LATE}/"))
    assert "Exposed rubbish" in page
    assert "late-by" in page
