"""Components: their list, record and panel, those of the map's window, and a report that points at one."""

from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point

from gis import crs
from gis.models import Category, Component, Incident
from tests.web.pages.street import A, C, D

WINDOW = "116.60,40.10,116.63,40.11"


@pytest.fixture
def lamps(street) -> dict[str, Component]:
    places = {A: (116.605, 40.107), C: (116.625, 40.107), D: (116.605, 40.207)}
    made = [
        Component(
            code=f"9901010118{number:06d}", kind="0118", place="纸上大街沿线", owner="路灯单位", care_name="路灯队",
            state="damaged", area=area, position=Point(*at, srid=crs.STORE),
        )
        for number, (area, at) in enumerate(places.items(), start=1)
    ]  # fmt: skip
    return {one.area: one for one in Component.objects.bulk_create(made)}


def told(**changes) -> dict:
    category = Category.objects.get(kind="community", code="C0401").pk
    return {"uuid": str(uuid4()), "category": category, "text": "灯不亮", "origin": "worker"} | changes


def test_the_list_holds_those_in_scope_and_can_be_narrowed(staff, lamps):
    page = staff("paper-street").get("/components/").content.decode()
    assert lamps[A].code in page
    assert lamps[C].code in page
    assert lamps[D].code not in page
    assert lamps[C].code not in staff("paper-street").get("/components/", {"area": A}).content.decode()
    nothing = staff("paper-street").get("/components/", {"kind": "0102", "q": "纸"}).content.decode()
    assert "没有符合条件的部件" in nothing


def test_a_record_says_whose_it_is_and_what_was_reported(staff, lamps):
    lamp = lamps[A]
    staff("paper-worker").post("/incidents/new/", told(component=lamp.pk))
    incident = Incident.objects.get(component=lamp)
    page = staff("paper-community").get(f"/components/{lamp.code}/").content.decode()
    for said in ("路灯", "破损", "路灯队", incident.number, "上报它的问题"):
        assert said in page
    panel = staff("paper-community").get(f"/map/panel/component/{lamp.code}/")
    assert incident.number in panel.content.decode()
    assert panel["Cache-Control"] == "no-store"
    assert staff("paper-other").get(f"/components/{lamp.code}/").status_code == 404
    assert staff("paper-other").get(f"/map/panel/component/{lamp.code}/").status_code == 404


def test_whoever_reads_no_incident_sees_none_on_a_record(staff, lamps):
    staff("paper-worker").post("/incidents/new/", told(component=lamps[A].pk))
    page = staff("paper-planner").get(f"/components/{lamps[A].code}/").content.decode()
    assert Incident.objects.get(component=lamps[A]).number not in page
    assert "上报它的问题" not in page


def test_the_map_is_sent_those_of_its_window_in_scope(staff, lamps):
    answer = staff("paper-community").get("/map/components/", {"bbox": WINDOW}).json()
    assert [one[2:] for one in answer["components"]] == [[lamps[A].code, 0, "damaged"]]
    assert answer["classes"] == [["路灯", "lamp"]]
    assert answer["more"] is False


@pytest.mark.parametrize("box", ["", "nan,1,2,3", "116,40,117,41", "inf,0,inf,0", "116.7,40,116.6,40"])
def test_a_window_that_is_none_is_refused(staff, box):
    assert staff("paper-community").get("/map/components/", {"bbox": box}).status_code == 400


def test_a_report_that_points_at_one_is_where_it_stands(staff, lamps):
    form = staff("paper-worker").get("/incidents/new/", {"component": lamps[A].pk}).content.decode()
    chosen = Category.objects.get(kind="community", code="C0401").pk
    assert f'<option value="{lamps[A].pk}" selected>' in form
    assert f'<option value="{chosen}" selected>' in form
    staff("paper-worker").post("/incidents/new/", told(component=lamps[A].pk))
    incident = Incident.objects.get(component=lamps[A])
    assert (incident.area, incident.position.coords) == (A, lamps[A].position.coords)
    assert lamps[A].code in staff("paper-community").get(f"/incidents/{incident.number}/").content.decode()


def test_the_form_offers_what_stands_near(staff, lamps):
    near = {"lat": "40.10705", "lon": "116.60505"}
    assert lamps[A].code in staff("paper-worker").get("/incidents/new/", near).content.decode()
    far = {"lat": "40.102", "lon": "116.609"}
    assert lamps[A].code not in staff("paper-worker").get("/incidents/new/", far).content.decode()


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "999999999", "1e400"])
def test_a_component_that_is_not_there_is_refused_by_its_field(staff, lamps, wrong):
    before = Incident.objects.count()
    answer = staff("paper-worker").post("/incidents/new/", told(component=wrong, lat="40.107", lon="116.605"))
    assert answer.status_code == 422
    assert Incident.objects.count() == before


def test_one_of_another_area_cannot_be_pointed_at(staff, lamps):
    answer = staff("paper-worker").post("/incidents/new/", told(component=lamps[D].pk))
    assert answer.status_code == 422
    assert "没有找到这个部件" in answer.content.decode()
    form = staff("paper-worker").get("/incidents/new/", {"component": lamps[D].pk}).content.decode()
    assert lamps[D].code not in form


def test_a_component_with_an_open_case_is_shown_as_reported_to_who_may_read_it(staff, lamps):
    staff("paper-worker").post("/incidents/new/", told(component=lamps[A].pk))
    for name, condition in (("paper-community", "reported"), ("paper-planner", "damaged")):
        answer = staff(name).get("/map/components/", {"bbox": WINDOW}).json()
        assert [lamps[A].code, 0, condition] in [one[2:] for one in answer["components"]]
        page = staff(name).get("/components/", {"state": condition}).content.decode()
        assert lamps[A].code in page
        panel = staff(name).get(f"/map/panel/component/{lamps[A].code}/").content.decode()
        assert f'data-condition="{condition}"' in panel


def test_what_the_map_shows_is_a_table_too(staff, lamps):
    page = staff("paper-street").get("/map/components/list/", {"bbox": "115,39,118,42"}).content.decode()
    assert f'data-component="{lamps[A].code}"' in page
    assert f'data-component="{lamps[C].code}"' in page
    assert lamps[D].code not in page
    assert '<td class="number">2</td><td class="number">0</td><td class="number">2</td>' in page
    empty = staff("paper-street").get("/map/components/list/", {"bbox": "10,10,11,11"}).content.decode()
    assert "视野内没有城市部件" in empty


def test_the_search_box_finds_a_component_by_its_code_in_scope(staff, lamps):
    found = staff("paper-street").post("/search/", {"q": lamps[A].code}).json()["results"]
    assert [(one["kind"], one["code"], one["point"]) for one in found] == [
        ("component", lamps[A].code, list(lamps[A].position.coords))
    ]
    begun = staff("paper-street").post("/search/", {"q": "9901010118"}).json()["results"]
    assert {one["code"] for one in begun if one["kind"] == "component"} == {lamps[A].code, lamps[C].code}
    assert staff("paper-other").post("/search/", {"q": lamps[A].code}).json()["results"] == []


def test_the_record_opens_the_map_with_its_component_chosen(staff, lamps):
    page = staff("paper-street").get(f"/components/{lamps[A].code}/").content.decode()
    assert f"/p{lamps[A].code}?parts=1" in page


def test_what_is_reported_about_the_same_component_is_offered_first(staff, lamps):
    """A second lamp stands two metres away and has a case of the same kind, reported a moment ago."""
    lamp, place = lamps[A], lamps[A].position
    twin = Component.objects.create(
        code="9901010118000009", kind="0118", area=A, position=Point(place.x + 2e-5, place.y, srid=crs.STORE)
    )
    worker = staff("paper-worker")
    worker.post("/incidents/new/", told(component=lamp.pk, text="歪了"))
    worker.post("/incidents/new/", told(component=twin.pk))
    asked = told(component=lamp.pk, lat=str(twin.position.y), lon=str(twin.position.x))
    found = worker.post("/incidents/similar/", asked, headers={"Accept": "application/json"}).json()["similar"]
    first, second = (Incident.objects.get(number=one["number"]).component for one in found[:2])
    assert (first, second) == (lamp, twin)
    assert "同一部件" in found[0]["reasons"]
    assert "同一部件" not in found[1]["reasons"]
