"""Reporting from a desk: the form, what like it is open, the photos on the record."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis.models import Attachment, Building, Category, Incident
from tests.gis.incidents.photos import a_jpeg
from tests.web.pages.street import A, C

ADDRESS = "/incidents/new/"
IN_A = {"lat": "40.107", "lon": "116.605"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def told(**changes) -> dict:
    category = Category.objects.get(kind="community", code="C0402").pk
    return {"uuid": str(uuid4()), **IN_A, "category": category, "text": "井盖丢了", "origin": "resident"} | changes


def photo(content: bytes | None = None, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or a_jpeg(200, 100))


def test_it_opens_with_the_place_of_the_address(staff):
    page = staff("paper-community").get(ADDRESS, IN_A).content.decode()
    assert "东社区第1网格" in page
    assert "井盖缺失破损" in page
    building = Building.objects.filter(area=A).first()
    assert building.label in staff("paper-community").get(ADDRESS, {"building": building.pk}).content.decode()


def test_without_a_place_it_says_how_to_choose_one(staff):
    page = staff("paper-street").get(ADDRESS).content.decode()
    assert "去地图上选" in page
    outside = staff("paper-worker").get(ADDRESS, {"lat": "40.105", "lon": "116.62"}).content.decode()
    assert "辖区之外约" in outside


def test_it_stores_and_opens_the_record(staff):
    answer = staff("paper-community").post(ADDRESS, told(photo=photo()), follow=True)
    incident = Incident.objects.latest("pk")
    assert answer.redirect_chain[-1][0] == f"/incidents/{incident.number}/"
    assert (incident.area, incident.origin, incident.description) == (A, "resident", "井盖丢了")
    page = answer.content.decode()
    assert f"已上报，编号 {incident.number}" in page
    attachment = incident.attachments.get()
    assert f"/photos/{attachment.uuid}/small/" in page
    panel = staff("paper-community").get(f"/map/panel/incident/{incident.number}/").content.decode()
    assert f"/photos/{attachment.uuid}/" in panel


def test_posted_twice_it_is_stored_once(staff, street):
    browser, before = staff("paper-community"), Incident.objects.count()
    form = told()
    first, second = browser.post(ADDRESS, form), browser.post(ADDRESS, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Incident.objects.count() == before + 1


def test_what_is_refused_is_said_and_what_was_written_stays(staff, street):
    before = Incident.objects.count()
    answer = staff("paper-community").post(ADDRESS, told(photo=photo(b"%PDF-1.7", "a.jpg")))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "PDF" in page
    assert "井盖丢了" in page
    assert Incident.objects.count() == before
    assert staff("paper-community").post(ADDRESS, told(lat="", lon="")).status_code == 422
    assert staff("paper-community").post(ADDRESS, told(category="")).status_code == 422
    assert staff("paper-community").post(ADDRESS, told(lat="x", category="1e999", building="-1")).status_code == 422


def test_it_joins_what_is_the_same(staff, street):
    known = Incident.objects.get(area=A, state="reported")
    answer = staff("paper-community").post(ADDRESS, told(same_as=known.number, photo=photo()), follow=True)
    page = answer.content.decode()
    assert "又有人上报" in page
    assert f"已并入 {known.number}" in page
    assert known.attachments.count() == 1


@pytest.mark.parametrize("name", ["paper-planner", "paper-officer", "paper-admin"])
def test_who_reports_nothing_gets_no_form(staff, name):
    assert staff(name).get(ADDRESS).status_code == 403
    assert staff(name).post(ADDRESS, told()).status_code == 403
    assert staff(name).post("/incidents/similar/", IN_A).status_code == 403


def test_similar_ones_are_shown_as_a_part_and_as_json(staff, street):
    known = Incident.objects.get(area=A, state="reported")
    asked = {"lat": 40.105, "lon": 116.605, "category": known.category_id, "text": "暴露垃圾"}
    part = staff("paper-worker", HTTP_HX_REQUEST="true").post("/incidents/similar/", asked).content.decode()
    assert "是同一件事吗" in part
    assert known.number in part
    told_json = staff("paper-worker", HTTP_ACCEPT="application/json").post("/incidents/similar/", asked).json()
    assert told_json["similar"][0]["number"] == known.number
    assert told_json["similar"][0]["reasons"][:2] == ["同类", "1 米"] or "米" in told_json["similar"][0]["reasons"][1]
    assert staff("paper-other", HTTP_ACCEPT="application/json").post("/incidents/similar/", asked).json() == {
        "similar": []
    }
    assert staff("paper-worker").get("/incidents/similar/").status_code == 405


def test_a_photo_is_for_those_who_read_the_incident(staff, client):
    staff("paper-street").post(ADDRESS, told(lat="40.105", lon="116.625", photo=photo()))
    attachment = Attachment.objects.get()
    assert attachment.incident.area == C
    for address, size in ((f"/photos/{attachment.uuid}/", 200), (f"/photos/{attachment.uuid}/small/", 200)):
        opens = {name: staff(name).get(address).status_code for name in (
            "paper-street", "paper-district", "paper-officer", "paper-worker", "paper-community", "paper-other",
            "paper-planner", "paper-admin",
        )}  # fmt: skip
        assert opens == {
            "paper-street": size, "paper-district": 200, "paper-officer": 200, "paper-worker": 404,
            "paper-community": 404, "paper-other": 404, "paper-planner": 403, "paper-admin": 403,
        }  # fmt: skip
        assert client.get(address).status_code == 302


def test_a_photo_is_sent_so_that_nothing_else_can_be_made_of_it(staff):
    staff("paper-street").post(ADDRESS, told(photo=photo()))
    answer = staff("paper-street").get(f"/photos/{Attachment.objects.get().uuid}/")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content[:2] == b"\xff\xd8"


def test_a_photo_whose_file_is_gone_is_not_found(staff, tmp_path):
    staff("paper-street").post(ADDRESS, told(photo=photo()))
    for file in tmp_path.rglob("*.jpg"):
        file.unlink()
    assert staff("paper-street").get(f"/photos/{Attachment.objects.get().uuid}/").status_code == 404
