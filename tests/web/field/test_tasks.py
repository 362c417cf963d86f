"""Cases on the phone: what waits for whom, and the move that is sent in."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.models import Attachment, Incident
from tests.cast import CELL, COMMUNITY
from tests.gis.incidents.loop import a_case, brought_to, go
from tests.gis.incidents.photos import a_jpeg
from web.field.holder import holder_of
from web.field.tasks import tasks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client_of, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def post(name: str, body: dict, photos=(), uuid: str = ""):
        now = timezone.now().timestamp() * 1000
        form = {"uuid": uuid or str(uuid4()), "kind": "move", "by": holder_of(cast[name]), "written": now, "sent": now}
        files = [SimpleUploadedFile("photo.jpg", content) for content in photos]
        return client_of(name, HTTP_ACCEPT="application/json").post(
            "/field/submissions/", form | {"body": json.dumps(body), "photo": files}
        )

    return post


def tasks(cast, name: str, area: str = CELL) -> dict[str, dict]:
    access = cast[name].access
    return {task["number"]: task for task in tasks_of(cast[name], access, Scope.of([area]))}


def to_verify(cast) -> Incident:
    incident = a_case()
    go(cast, "zhou", incident, "verify")
    return incident


def test_a_worker_is_told_what_waits_for_a_look_and_what_to_do(cast):
    incident = to_verify(cast)
    told = tasks(cast, "wang")[incident.number]
    assert told["moves"][0] == {"act": "confirm", "name": "现场核实", "needsNote": True}
    assert told["revision"] == incident.revision
    assert a_case().number not in tasks(cast, "wang")


def test_a_team_is_told_what_it_has_to_deal_with(cast):
    incident = brought_to(cast, "filed")
    go(cast, "zhou", incident, "dispatch", team=COMMUNITY)
    assert tasks(cast, "wang")[incident.number]["moves"][0]["act"] == "take"
    go(cast, "wang", incident, "take")
    assert tasks(cast, "wang")[incident.number]["moves"][0]["act"] == "dispose"
    go(cast, "wang", incident, "dispose")
    assert incident.number not in tasks(cast, "wang")


def test_a_move_is_made_once_with_its_photo(cast, send):
    incident, uuid = to_verify(cast), str(uuid4())
    body = {"number": incident.number, "act": "confirm", "note": "属实，已堵住半边楼道", "base": incident.revision}
    first = send("wang", body, [a_jpeg()], uuid)
    assert first.json()["outcome"] == {"number": incident.number, "url": f"/incidents/{incident.number}/"}
    assert send("wang", body, [a_jpeg()], uuid).json()["again"]
    step = incident.steps.get(act="confirm")
    assert (step.actor, step.note) == (cast.wang, "属实，已堵住半边楼道")
    with applied(Scope.of([CELL])):
        assert Attachment.objects.filter(step=step).count() == 1
    assert incident.number not in tasks(cast, "wang")


def test_what_happened_meanwhile_is_told(cast, send):
    incident = to_verify(cast)
    seen = incident.revision
    go(cast, "zhou", incident, "comment", note="物业说已经清了")
    body = {"number": incident.number, "act": "confirm", "note": "属实", "base": seen}
    answer = send("wang", body)
    assert answer.status_code == 409
    theirs = answer.json()["theirs"]
    assert theirs["base"] == incident.revision
    assert "周书记 内部备注 物业说已经清了" in theirs["since"]
    assert send("wang", body | {"base": theirs["base"]}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"act": "close"}, {"act": "nonsense"}, {"note": " "}, {"number": "x"}, {"base": "1"}, {"base": True}, {"note": 5}],
)
def test_what_cannot_be_stays_on_the_phone_with_its_reason(cast, send, change):
    incident = to_verify(cast)
    body = {"number": incident.number, "act": "confirm", "note": "属实", "base": incident.revision}
    answer = send("wang", body | change)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not incident.steps.filter(actor=cast.wang).exists()


def test_another_street_has_no_say(cast, send):
    incident = to_verify(cast)
    body = {"number": incident.number, "act": "confirm", "note": "属实", "base": incident.revision}
    assert send("chen", body).status_code == 422
    assert tasks(cast, "chen", "110113002") == {} or incident.number not in tasks(cast, "chen", "110113002")


def test_what_lay_on_the_phone_for_long_says_when_it_came(cast, client_of, settings, tmp_path):
    """The time is the phone's word: whoever reads the case sees both."""
    incident = to_verify(cast)
    now = timezone.now().timestamp() * 1000
    body = {"number": incident.number, "act": "confirm", "note": "属实", "base": incident.revision}
    form = {"uuid": str(uuid4()), "kind": "move", "by": holder_of(cast.wang), "written": now - 3_600_000, "sent": now}
    assert client_of("wang", HTTP_ACCEPT="application/json").post(
        "/field/submissions/", form | {"body": json.dumps(body)}
    ).json()["stored"]  # fmt: skip
    assert "received" in incident.steps.get(act="confirm").facts
    assert "收到" in client_of("zhou").get(f"/incidents/{incident.number}/").content.decode()
