"""The address everything written in the field is sent to: it …"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis.errors import Conflict, OutOfScope, Refused
from gis.models import Submission
from web.field import submissions
from web.field.holder import holder_of

ADDRESS = "/field/submissions/"


@pytest.fixture
def kinds(monkeypatch) -> dict:
    """The registry with one kind more, whose handler a test writes."""
    kinds = {"note": lambda body, photos, envelope: {"said": body["text"], "photos": len(photos)}}
    monkeypatch.setattr(submissions, "KINDS", kinds)
    return kinds


@pytest.fixture
def send(client_of, cast, kinds):
    """Send as a member of the cast; `changes` to the form, None leaves a field out."""

    def post(name="wang", sizes=None, **changes):
        now = timezone.now().timestamp() * 1000
        form = {"uuid": str(uuid4()), "kind": "note", "by": holder_of(cast[name]), "written": now, "sent": now}
        form |= {"body": json.dumps({"text": "路灯坏了"})} | changes
        announced = {} if sizes is None else {"HTTP_X_PHOTO_SIZES": sizes}
        browser = client_of(name, HTTP_ACCEPT="application/json", **announced)
        return browser.post(ADDRESS, {key: value for key, value in form.items() if value is not None})

    return post


def test_it_stores_and_says_so(send):
    answer = send(photo=[SimpleUploadedFile("a.jpg", b"1"), SimpleUploadedFile("b.jpg", b"2")])
    assert answer.json() == {"stored": True, "again": False, "outcome": {"said": "路灯坏了", "photos": 2}}


def test_it_answers_the_same_to_what_comes_again(send):
    uuid = str(uuid4())
    assert [send(uuid=uuid).json()["again"] for _ in range(3)] == [False, True, True]
    assert Submission.objects.filter(uuid=uuid).count() == 1


def test_it_refuses_other_content_and_shows_what_is_stored(send):
    uuid = str(uuid4())
    send(uuid=uuid)
    answer = send(uuid=uuid, body='{"text": "另一盏"}')
    assert answer.status_code == 409
    assert answer.json()["theirs"]["outcome"]["said"] == "路灯坏了"
    assert send(uuid=uuid, photo=[SimpleUploadedFile("a.jpg", b"1")]).status_code == 409


def test_it_corrects_a_wrong_clock(send, kinds):
    times = []
    kinds["note"] = lambda body, photos, envelope: times.append(envelope.at) or {}
    year_2031 = 1925000000000
    send(written=year_2031, sent=year_2031 + 3_600_000)
    assert abs(timezone.now() - timedelta(hours=1) - times[0]) < timedelta(seconds=20)


def test_it_says_why_it_refuses_and_keeps_nothing(send, kinds):
    def refuse(body, photos, envelope):
        raise Refused("空。", fix="写点什么。", fields={"text": "空"})

    uuid, fine = str(uuid4()), kinds["note"]
    kinds["note"] = refuse
    answer = send(uuid=uuid)
    assert answer.status_code == 422
    assert answer.json() == {"error": "空。", "fix": "写点什么。", "fields": {"text": "空"}}
    kinds["note"] = fine
    assert not send(uuid=uuid).json()["again"]


def test_it_shows_both_sides_of_what_changed_meanwhile(send, kinds):
    def conflict(body, photos, envelope):
        raise Conflict("变了。", theirs={"state": "empty"})

    kinds["note"] = conflict
    answer = send()
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"state": "empty"})


def test_it_never_says_whether_something_out_of_scope_exists(send, kinds):
    def elsewhere(body, photos, envelope):
        raise OutOfScope("cell 7")

    kinds["note"] = elsewhere
    answer = send()
    assert answer.status_code == 422
    assert "cell" not in answer.content.decode()


def test_it_takes_nobodys_item_under_another_name(send, cast):
    answer = send("zhou", by=holder_of(cast.wang))
    assert answer.status_code == 403
    assert Submission.objects.count() == 0


def test_it_asks_to_sign_in(db, client):
    assert client.post(ADDRESS, {}, HTTP_ACCEPT="application/json").status_code == 401


def test_it_refuses_a_kind_nobody_knows_softly(send):
    """An old page beside a new server, or the other way round: the text stays on the phone."""
    assert send(kind="poem").status_code == 422


@pytest.mark.parametrize(
    "nonsense",
    [
        {"uuid": None}, {"uuid": "7"}, {"body": None}, {"body": "["}, {"body": "[1]"}, {"body": '{"a": NaN}'},
        {"body": '{"a": "\\u0000"}'}, {"body": "[" * 100_000}, {"written": "soon"}, {"sent": "inf"}, {"written": None},
    ],
)  # fmt: skip
def test_it_refuses_nonsense(send, nonsense):
    assert send(**nonsense).status_code == 400


@pytest.mark.parametrize("sizes", ["1,3", "1", "1,2,3"])
def test_it_takes_no_form_that_broke_off_on_the_way(send, client_of, cast, sizes):
    """Django reads a form whose end never came as if it were whole."""
    photos = [SimpleUploadedFile("a.jpg", b"1"), SimpleUploadedFile("b.jpg", b"12")]
    assert send(photo=photos, sizes=sizes).status_code == 408
    assert Submission.objects.count() == 0
    for photo in photos:
        photo.seek(0)
    assert send(photo=photos, sizes="1,2").status_code == 200


def test_it_takes_no_heap_of_photos(send):
    photos = [SimpleUploadedFile(f"{n}.jpg", b"1") for n in range(submissions.MOST_PHOTOS + 1)]
    answer = send(photo=photos)
    assert answer.status_code == 422
    assert "photos" in answer.json()["fields"]


def test_it_drops_halves_of_characters_which_no_table_takes(send):
    """A text field that counts UTF-16 cuts a picture sign in two, and JSON carries the half."""
    assert send(body='{"text": "灯\\ud83d坏"}').json()["outcome"]["said"] == "灯坏"
    assert send(body='{"\\udc00text": "灯"}').json()["outcome"]["said"] == "灯"
