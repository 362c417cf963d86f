"""The records of areas, cells and buildings."""

import re
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from gis.models import Area, Building, Cell, CellVersion, Lineage
from tests.web.pages.street import EAST, STREET, WEST, A, C, square

pytestmark = pytest.mark.django_db


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def building(area: str = A) -> Building:
    return Building.objects.filter(area=area).earliest("code")


def test_an_area_lists_what_lies_in_it_with_figures(staff):
    page = text(staff("paper-street").get(f"/areas/{STREET}/"))
    assert f'href="/areas/{EAST}/">东社区' in page
    assert f'href="/areas/{WEST}/">西社区' in page
    assert "54" in page


def test_a_community_lists_its_cells(staff):
    assert f'href="/cells/{A}/"' in text(staff("paper-community").get(f"/areas/{EAST}/"))


def test_an_area_opens_the_map_where_it_lies(staff):
    assert 'href="/#15/40.10500/116.61500/990101001"' in text(staff("paper-street").get(f"/areas/{STREET}/"))


def test_an_area_without_outline_has_a_record_too(staff):
    Area.objects.filter(code=WEST).update(geometry=None)
    assert "西社区" in text(staff("paper-street").get(f"/areas/{WEST}/"))


def test_a_cell_lists_its_buildings_staff_and_history(staff):
    page = text(staff("paper-worker").get(f"/cells/{A}/"))
    assert "东园北区1号楼" in page
    assert "职员grid" in page
    assert "2024-01-01 起" in page


def test_a_retired_code_still_opens_with_its_last_boundary_and_its_successor(staff):
    old = CellVersion.objects.get(code=A)
    CellVersion.objects.filter(pk=old.pk).update(valid=DateRange(date(2024, 1, 1), date(2025, 1, 1)))
    new = CellVersion.objects.create(
        cell=Cell.objects.create(),
        code=EAST + "011",
        name="第11网格",
        geometry=square(116.60, 40.10, 0.005),
        valid=DateRange(date(2025, 1, 1)),
    )
    Lineage.objects.create(before=old, after=new, kind="split", share_area=0.5, share_households=0.4)
    page = text(staff("paper-community").get(f"/cells/{A}/"))
    assert "今天已不再使用" in page
    assert f'href="/cells/{new.code}/"' in page
    assert f'href="/cells/{A}/"' in text(staff("paper-community").get(f"/cells/{new.code}/"))


def test_a_building_shows_its_doors_by_floor_and_unit(staff):
    page = text(staff("paper-worker").get(f"/buildings/{building().pk}/"))
    assert page.count('class="door is-occupied"') == 3
    assert page.count('class="door is-empty"') == 1
    assert page.index(">201<") < page.index(">101<")


def test_a_door_opens_the_household_for_who_may_know_the_room(staff):
    door = building().dwellings.earliest("pk")
    page = text(staff("paper-worker").get(f"/buildings/{building().pk}/?door={door.pk}"))
    assert "1单元101 的住户" in page
    assert len(set(re.findall(r'href="/residents/(\d+)/"', page))) == 3
    assert "户主" in page


@pytest.mark.parametrize("who", ["paper-street", "paper-district", "paper-planner", "paper-admin"])
def test_a_door_stays_shut_for_the_others(staff, who):
    door = building().dwellings.earliest("pk")
    page = text(staff(who).get(f"/buildings/{building().pk}/?door={door.pk}"))
    assert 'id="household"' not in page
    assert 'href="?door=' not in page


def test_a_door_of_another_building_is_not_found(staff):
    door = building(C).dwellings.earliest("pk")
    assert staff("paper-worker").get(f"/buildings/{building().pk}/?door={door.pk}").status_code == 404


def test_a_building_of_another_street_is_not_found(staff):
    assert staff("paper-other").get(f"/buildings/{building().pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/areas/{STREET}/", "/areas/{EAST}/", "/cells/{A}/"])
def test_a_record_of_another_street_is_not_found(staff, path):
    assert staff("paper-other").get(path.format(STREET=STREET, EAST=EAST, A=A)).status_code == 404


def test_the_list_finds_a_building_however_it_is_spelt(staff):
    page = text(staff("paper-street").get("/buildings/", {"q": "东园北区1栋"}))
    assert page.count("<tr>") == 2
    assert "东园北区1号楼" in page


def test_the_list_filters_by_area_and_use(staff):
    browser = staff("paper-street")
    assert text(browser.get("/buildings/", {"area": C})).count('href="/buildings/') == 4  # two, the menu, "clear"
    assert "没有符合条件的楼栋" in text(browser.get("/buildings/", {"kind": "school"}))


def test_the_list_shows_those_without_a_cell(staff):
    Building.objects.filter(pk=building().pk).update(cell=None, area=EAST)
    page = text(staff("paper-street").get("/buildings/", {"no_cell": "1"}))
    assert "未划入网格" in page
    assert "共 1 条" in page


def test_the_list_says_what_to_do_when_there_is_nothing(staff):
    Building.objects.filter(area__startswith="990101002").update(area=EAST)
    assert "请管理员导入楼栋数据" in text(staff("paper-other").get("/buildings/"))


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1e9", ""])
def test_the_list_takes_any_page_number(staff, page):
    assert staff("paper-street").get("/buildings/", {"page": page}).status_code == 200


@pytest.mark.parametrize("area", ["11", "990101002", "%", "x" * 90, "９９０１０１００１"])
def test_the_list_ignores_an_area_that_is_not_the_readers(staff, area):
    assert "共 6 条" in text(staff("paper-street").get("/buildings/", {"area": area}))
