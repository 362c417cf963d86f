"""A report of the field arrives once, whole or not at all."""

import gzip
import json
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis import crs
from gis.accounts.scope import Scope
from gis.models import Attachment, Category, Component, Incident, Submission, User
from tests.gis.incidents.photos import a_jpeg
from tests.web.pages.street import A, B, D, build_street
from web.field.categories import categories
from web.field.components import components
from web.field.holder import holder_of
from web.field.open_incidents import open_incidents


@pytest.fixture
def worker(db, settings, tmp_path) -> User:
    settings.MEDIA_ROOT = tmp_path
    build_street()
    return User.objects.get(username="paper-worker")


@pytest.fixture
def send(worker):
    from tests.browsing import Browser

    browser = Browser(HTTP_ACCEPT="application/json")
    browser.force_login(worker, backend="web.sign_in.PostingsBackend")
    category = Category.objects.get(kind="community", code="C0402").pk

    def post(photos=(), uuid=None, **changes):
        now = timezone.now().timestamp() * 1000
        body = {"category": category, "lat": 40.107, "lon": 116.605, "error": 8, "text": ""} | changes
        form = {"uuid": uuid or str(uuid4()), "kind": "report", "by": holder_of(worker), "written": now, "sent": now}
        files = [SimpleUploadedFile("photo.jpg", content) for content in photos]
        return browser.post("/field/submissions/", form | {"body": json.dumps(body), "photo": files})

    return post


def test_it_becomes_an_incident_with_its_number_and_photos(send):
    outcome = send([a_jpeg(), a_jpeg()]).json()["outcome"]
    incident = Incident.objects.get(number=outcome["number"])
    assert (incident.area, incident.origin, incident.attachments.count()) == (A, "worker", 2)
    assert outcome == {"number": incident.number, "url": f"/incidents/{incident.number}/", "joined": False}


def test_it_comes_again_and_is_stored_once(send, tmp_path):
    uuid = str(uuid4())
    first, again = send([a_jpeg()], uuid).json(), send([a_jpeg()], uuid).json()
    assert (first["outcome"], first["again"], again["again"]) == (again["outcome"], False, True)
    assert (Attachment.objects.count(), Incident.objects.filter(uuid=uuid).count()) == (1, 1)
    assert len(list(tmp_path.rglob("*.jpg"))) == 2


def test_a_bad_photo_is_named_and_nothing_stored(send, tmp_path):
    before, answer = Incident.objects.count(), send([a_jpeg(), b"%PDF-1.7"])
    assert answer.status_code == 422
    assert "PDF" in answer.json()["fields"]["photo-2"]
    assert (Incident.objects.count(), Submission.objects.count(), list(tmp_path.rglob("*.jpg"))) == (before, 0, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lat": None, "lon": None}, "place"), ({"lat": 95}, "place"), ({"lat": "north"}, "lat"), ({"lat": [1]}, "lat"),
        ({"lat": True}, "lat"), ({"lon": None}, "place"), ({"lon": 116.7}, "place"), ({"category": None}, "category"),
        ({"category": 1.5}, "category"), ({"category": 10**30}, "category"), ({"category": {}}, "category"),
        ({"text": 7}, "text"), ({"text": "字" * 30_000}, "text"), ({"place": []}, "place"),
        ({"same_as": "20200101-1"}, "same_as"), ({"same_as": 5}, "same_as"), ({"building": -3}, "building"),
        ({"building": 1}, "place"), ({"error": "wide"}, "error"),
    ],
)  # fmt: skip
def test_it_refuses_by_field_and_stores_nothing(send, changes, field):
    before, answer = Incident.objects.count(), send(**changes)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert answer.json()["fix"]
    assert Incident.objects.count() == before


def test_the_pack_lists_categories_for_who_may_report(worker):
    (cover,) = [one for one in categories(worker.access, Scope.of([A])) if one["code"] == "C0402"]
    assert cover["urgent"]
    assert "jgqs" in cover["keys"]
    assert cover["major"] == "设施损坏"
    planner = User.objects.get(username="paper-planner")
    assert categories(planner.access, Scope.of([A])) == []


def test_the_pack_lists_what_is_open_there_without_words_or_reporter(worker):
    listed = open_incidents(worker.access, Scope.of([A, B]))
    assert {one["number"] for one in listed} == set(
        Incident.objects.filter(area=A).exclude(state="closed").values_list("number", flat=True)
    )
    assert set(listed[0]) == {"number", "category", "major", "name", "place", "lat", "lon", "at", "state", "component"}


@pytest.mark.parametrize("pole", [90, -90])
def test_it_refuses_a_position_at_a_pole(send, pole):
    assert send(lat=pole).status_code == 422
    assert send(lat=pole, lon=180, place="\ud800").status_code == 422


@pytest.fixture
def covers(worker) -> dict[str, Component]:
    """A manhole cover in the worker's own cell, one in the next, and one in another street."""
    places = {A: (116.605, 40.107), B: (116.615, 40.107), D: (116.605, 40.207)}
    return {
        area: Component.objects.create(
            code=f"9901010102{number:06d}", kind="0102", area=area, position=Point(*at, srid=crs.STORE)
        )
        for number, (area, at) in enumerate(places.items(), start=1)
    }


def test_it_points_at_a_component(send, covers):
    number = send(component=covers[A].pk).json()["outcome"]["number"]
    assert Incident.objects.get(number=number).component == covers[A]


@pytest.mark.parametrize("wrong", ["another_cell", "another_street", "gone", "nonsense"])
def test_a_component_that_is_not_there_is_refused_and_the_rest_can_be_sent_without_it(send, covers, wrong):
    keys = {"another_cell": covers[B].pk, "another_street": covers[D].pk, "gone": covers[A].pk, "nonsense": "lamp"}
    covers[A].delete()
    before, uuid = Incident.objects.count(), str(uuid4())
    answer = send([a_jpeg()], uuid, component=keys[wrong])
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["component"])
    assert answer.json()["fix"]
    assert (Incident.objects.count(), Submission.objects.count()) == (before, 0)
    number = send([a_jpeg()], uuid, component=None).json()["outcome"]["number"]
    incident = Incident.objects.get(number=number)
    assert (incident.component, incident.attachments.count()) == (None, 1)


def test_the_pack_lists_what_a_report_there_may_point_at(worker, covers):
    listed = components(worker.access, Scope.of([A, B]))
    assert listed["rows"] == [[covers[A].pk, covers[A].code, "0102", 116.605, 40.107]]
    assert listed["classes"] == {"0102": ["污水井盖", "C0402"]}
    nothing = {"classes": {}, "rows": []}
    assert components(worker.access, Scope.of([B])) == nothing
    planner = User.objects.get(username="paper-planner")
    assert components(planner.access, Scope.of([A])) == nothing


def test_a_hundred_components_weigh_little_in_the_pack(worker):
    """What the README says: less than 2.5 kB as they go over the line."""
    Component.objects.bulk_create(
        Component(
            code=f"99010101{number % 30 + 1:02d}{number:06d}", kind=f"01{number % 30 + 1:02d}", area=A,
            position=Point(116.6 + (number * 7919 % 9973) / 1e6, 40.1 + (number * 6101 % 9967) / 1e6, srid=crs.STORE),
        )
        for number in range(100)
    )  # fmt: skip
    whole = json.dumps(components(worker.access, Scope.of([A])), ensure_ascii=False, separators=(",", ":")).encode()
    assert (len(whole) < 7_000, len(gzip.compress(whole, 6)) < 2_500) == (True, True)
