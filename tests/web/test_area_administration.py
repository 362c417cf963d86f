"""An administrator keeps the areas of the own ground: their names, outlines and the map beneath them."""

import html
import json

import pytest

from gis.models import Area
from tests.cast import OTHER_STREET, STREET


def test_areas_are_listed_and_changed_inside_the_area_only(street_admin):
    listed = _codes(street_admin, "/admin/grid/area/?all=")
    assert listed
    assert all(code.startswith(OTHER_STREET) for code in listed)
    other = Area.objects.get(code=STREET)
    street_admin.post(f"/admin/grid/area/{other.pk}/change/", {"name": "改名", "geometry": ""})
    assert Area.objects.get(code=STREET).name == other.name


def _codes(browser, address: str) -> set[str]:
    return {row.code for row in browser.get(address).context["cl"].result_list}


@pytest.mark.parametrize("code", [f"{STREET}099", "11011", "110114", "abc", ""])
def test_no_area_is_added_outside_the_area_or_without_a_level(code, street_admin):
    assert street_admin.post("/admin/grid/area/add/", {"code": code, "name": "新", "geometry": ""}).status_code == 200
    assert not Area.objects.filter(name="新").exists()


def test_an_area_is_added_with_its_level_and_outline(admin):
    ring = [[116.0, 40.0], [116.1, 40.0], [116.1, 40.1], [116.0, 40.0]]
    shape = json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]})
    answer = admin.post("/admin/grid/area/add/", {"code": f"{STREET}999", "name": "新社区", "geometry": shape})
    assert answer.status_code == 302
    added = Area.objects.get(code=f"{STREET}999")
    assert added.level == "community"
    assert added.area_m2 > 0


@pytest.mark.parametrize(
    "shape",
    [
        '{"type": "Point", "coordinates": [116, 40]}',
        '{"type": "MultiPolygon", "coordinates": [[[[0,0],[1,1],[1,0],[0,1],[0,0]]]]}',
        "not a shape",
        '{"type": "MultiPolygon"}',
    ],
)
def test_an_outline_that_is_none_is_refused(shape, admin):
    data = {"code": f"{STREET}998", "name": "新社区", "geometry": shape}
    assert admin.post("/admin/grid/area/add/", data).status_code == 200
    assert not Area.objects.filter(code=f"{STREET}998").exists()


def test_an_outline_that_nobody_touched_is_stored_as_it_was(admin):
    area = Area.objects.exclude(geometry=None).filter(code__startswith=STREET).first()
    page = admin.get(f"/admin/grid/area/{area.pk}/change/")
    shape = page.context["adminform"].form["geometry"].as_widget().split("hidden>")[1].split("<")[0]
    admin.post(f"/admin/grid/area/{area.pk}/change/", {"name": area.name, "geometry": html.unescape(shape)})
    assert Area.objects.get(pk=area.pk).geometry.equals_exact(area.geometry, 1e-12)


def test_the_base_map_shows_areas_in_scope_only(street_admin):
    found = street_admin.get("/admin/grid/area/surroundings/?box=116,40,117,41").json()["features"]
    codes = {feature["properties"]["code"] for feature in found if "code" in feature["properties"]}
    assert codes
    assert all(code.startswith(OTHER_STREET) for code in codes)


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "2,0,1,1", "0,0,inf,1", "-181,0,1,1"])
def test_the_base_map_refuses_a_window_that_is_none(box, admin):
    assert admin.get(f"/admin/grid/area/surroundings/?box={box}").status_code == 400
