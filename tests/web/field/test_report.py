"""A report of the field arrives once, whole or not at all."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.models import Attachment, Category, Incident, Submission, User
from tests.gis.incidents.photos import a_jpeg
from tests.web.pages.street import A, B, build_street
from web.field.categories import categories
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
    assert set(listed[0]) == {"number", "category", "major", "name", "place", "lat", "lon", "at", "state"}


@pytest.mark.parametrize("pole", [90, -90])
def test_it_refuses_a_position_at_a_pole(send, pole):
    assert send(lat=pole).status_code == 422
    assert send(lat=pole, lon=180, place="\ud800").status_code == 422
