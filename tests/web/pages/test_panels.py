"""The side panels of the map."""

import pytest

from gis.models import Building, Residence
from tests.web.pages.street import EAST, ELSEWHERE, STREET, A, B, D

pytestmark = pytest.mark.django_db


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def building(area: str) -> Building:
    return Building.objects.filter(area=area).earliest("code")


def test_it_shows_a_cell_with_code_figures_and_staff(staff):
    page = text(staff("paper-worker").get(f"/map/panel/cell/{A}/"))
    assert f'data-copy="{A}"' in page
    assert "<b>18</b><span>常住人口" in page
    assert 'href="tel:010-5550"' in page
    assert "80+" in page


def test_it_is_a_fragment_without_the_frame(staff):
    page = text(staff("paper-worker").get(f"/map/panel/cell/{A}/"))
    assert "<html" not in page
    assert page.count("<article") == 1


def test_it_links_to_the_filtered_lists(staff):
    page = text(staff("paper-worker").get(f"/map/panel/cell/{A}/"))
    assert f'href="/incidents/?area={A}&amp;state=open"' in page
    assert f'href="/incidents/?area={A}&amp;late=1"' in page
    assert f'href="/residents/?area={A}"' in page


def test_its_links_open(staff):
    browser = staff("paper-worker")
    page = text(browser.get(f"/map/panel/cell/{A}/"))
    for link in {part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if part[0] == "/"}:
        assert browser.get(link).status_code == 200, link


def test_it_names_the_areas_above_and_links_only_those_in_scope(staff):
    page = text(staff("paper-community").get(f"/map/panel/cell/{A}/"))
    assert f'href="/areas/{EAST}/"' in page
    assert "纸上街道" in page
    assert f'href="/areas/{STREET}/"' not in page


@pytest.mark.parametrize("path", ["area/{EAST}", "area/{STREET}", "cell/{A}"])
def test_it_shows_areas_and_cells_to_the_street(staff, path):
    assert "常住人口" in text(staff("paper-street").get(f"/map/panel/{path.format(EAST=EAST, STREET=STREET, A=A)}/"))


def test_it_shows_a_building_with_its_cell(staff):
    page = text(staff("paper-worker").get(f"/map/panel/building/{building(A).pk}/"))
    assert "东园北区1号楼" in page
    assert f'href="/cells/{A}/"' in page
    assert "<b>9</b><span>常住人口" in page


def test_it_leaves_out_people_for_a_role_without_the_right(staff):
    page = text(staff("paper-admin").get(f"/map/panel/cell/{A}/"))
    assert "常住人口" not in page
    assert "年龄与性别" not in page
    assert "<h3>事件" not in page
    assert "住房套数" in page


def test_it_hides_a_small_count_and_says_so(staff):
    Residence.objects.filter(pk__in=Residence.objects.filter(area=A).values("pk")[:15]).delete()
    page = text(staff("paper-street").get(f"/map/panel/cell/{A}/"))
    assert "人数过少，不显示" in page
    assert "<b>3</b>" not in page


@pytest.mark.parametrize("who", ["paper-other", "paper-worker"])
def test_it_is_not_found_for_another_area_and_says_no_more_than_for_none(staff, who):
    browser = staff(who, HTTP_ACCEPT="*/*")
    elsewhere = D if who == "paper-worker" else A
    refused = browser.get(f"/map/panel/cell/{elsewhere}/")
    assert refused.status_code == 404
    assert refused.json() == browser.get("/map/panel/cell/999999999999999/").json()


def test_it_is_not_found_for_another_building_or_area(staff):
    browser = staff("paper-other")
    assert browser.get(f"/map/panel/building/{building(B).pk}/").status_code == 404
    assert browser.get(f"/map/panel/area/{EAST}/").status_code == 404
    assert browser.get(f"/map/panel/area/{ELSEWHERE}/").status_code == 200


def test_it_speaks_english(staff):
    browser = staff("paper-worker", HTTP_ACCEPT_LANGUAGE="en")
    page = text(browser.get(f"/map/panel/cell/{A}/"))
    assert "<span>Residents</span>" in page
    assert "Grid worker" in page
    assert "Aged 80 or over" in page


def test_it_is_not_kept_by_the_browser(staff):
    assert staff("paper-worker").get(f"/map/panel/cell/{A}/")["Cache-Control"] == "no-store"
