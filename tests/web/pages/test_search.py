"""Search and "what is here", as the map page asks them."""

import pytest

from gis.models import Building
from tests.web.pages.street import EAST, A

pytestmark = pytest.mark.django_db


def results(browser, **query) -> list[dict]:
    return browser.get("/search/", query).json()["results"]


def test_it_answers_with_what_the_map_needs(staff):
    first = results(staff("paper-street"), q="东园北区1栋")[0]
    building = Building.objects.get(compound__name="东园北区", number="1号楼")
    assert first["kind"] == "building"
    assert first["id"] == building.pk
    assert first["title"] == "东园北区1号楼"
    assert first["panel"] == f"/map/panel/building/{building.pk}/"
    assert first["point"] == pytest.approx([116.6025, 40.1025], abs=1e-4)


def test_every_result_opens(staff):
    browser = staff("paper-street")
    for words in ("东园", "东社区", "网格", "纸上", A, EAST, "99001001001"):
        for one in results(browser, q=words):
            for address in (one["panel"], one.get("url")):
                assert address is None or browser.get(address).status_code == 200, one


def test_it_says_where_a_cell_belongs(staff):
    cell = next(one for one in results(staff("paper-street"), q=A) if one["kind"] == "cell")
    assert cell["subtitle"] == "网格 · 东社区"
    assert len(cell["bbox"]) == 4


def test_it_finds_incidents_for_roles_that_read_them(staff):
    assert [one["kind"] for one in results(staff("paper-street"), q="99001001001-")] == ["incident"] * 3
    assert results(staff("paper-planner"), q="99001001001-") == []


def test_a_number_of_an_incident_is_not_read_as_an_address(staff):
    browser = staff("paper-street")
    number = results(browser, q="99001001001-")[0]["code"]
    answer = browser.post("/search/", {"q": number}).json()
    assert {one["code"] for one in answer["results"]} == {number}
    assert answer["missing"] is None


def test_it_finds_nothing_of_another_street(staff):
    for words in ("东园北区", "东社区", A, "99001001001-1", "1号楼"):
        assert all("东" not in one["title"] + one["subtitle"] for one in results(staff("paper-other"), q=words))


def test_it_gives_the_nearest_building(staff):
    answer = staff("paper-street").get("/search/", {"q": "", "lat": "40.104", "lon": "116.6025"}).json()
    assert answer["nearest"]["title"] == "东园北区1号楼"
    assert answer["nearest"]["metres"] == 111


@pytest.mark.parametrize("typed", ["", " ", "%", "'; --", "\\", "楼" * 500])
def test_it_takes_anything(staff, typed):
    assert staff("paper-street").get("/search/", {"q": typed}).status_code == 200


@pytest.mark.parametrize("path", ["/search/?q=%00", "/cells/%00/", "/buildings/?area=%00"])
def test_a_nul_is_refused(staff, path):
    assert staff("paper-street").get(path).status_code == 400


def test_at_names_cell_building_and_area(staff):
    here = staff("paper-street").get("/map/at/", {"lat": "40.1025", "lon": "116.6025"}).json()
    assert here["cell"] == {"code": A, "name": "第1网格"}
    assert here["building"]["name"] == "东园北区1号楼"
    assert here["area"]["code"] == EAST


def test_at_is_empty_elsewhere(staff):
    here = staff("paper-other").get("/map/at/", {"lat": "40.1025", "lon": "116.6025"}).json()
    assert not any(here.values())
    assert {"cell", "building", "area", "workers"} <= set(here)


def test_at_refuses_what_is_no_position(staff):
    assert staff("paper-street", HTTP_ACCEPT="*/*").get("/map/at/", {"lat": "x"}).status_code == 400


def test_a_number_alone_that_is_not_there_says_which_is_nearest(staff):
    answer = staff("paper-street").post("/search/", {"q": "99号楼3单元402"}).json()
    assert answer["results"] == []
    assert "没有 99 号" in answer["missing"]["text"]
    assert answer["missing"]["nearest"]
    others = staff("paper-other").post("/search/", {"q": "99号楼3单元402"}).json()["missing"]
    assert "隔壁园" in others["text"]
    assert not {one["id"] for one in others["nearest"]} & {one["id"] for one in answer["missing"]["nearest"]}
