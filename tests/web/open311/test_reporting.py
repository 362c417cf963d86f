"""Open311 written: a resident's report without a key, an account's with one, each under the rules of its door."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis.models import Attachment, Category, Follow, Incident, Reporter, Submission, Token
from tests.browsing import Browser, as_server
from tests.cast import CELL
from tests.gis.incidents.photos import SECRET, a_jpeg
from tests.gis.incidents.residents.reporting import PHONE, somewhere

ADDRESS = "/open311/v2/requests.json"


@pytest.fixture
def body(db) -> dict:
    point = somewhere()
    category = Category.objects.filter(kind="community", is_public=True, retired=False).order_by("code").first()
    return {"service_code": category.code, "lat": f"{point.y:.7f}", "long": f"{point.x:.7f}", "description": "路灯不亮"}


def sent(body: dict, status: int = 201, browser: Browser | None = None, **headers):
    with as_server():
        answer = (browser or Browser()).post(ADDRESS, body, headers=headers)
    assert answer.status_code == status, answer.content.decode()
    (told,) = answer.json()
    return told


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Incident, Follow, Reporter, Submission, Attachment))


def stored(told: dict) -> Incident:
    return Incident.objects.get(uuid=told["service_request_id"])


# Without a key


def test_it_is_a_residents_report(body):
    told = sent(body | {"first_name": "某", "last_name": "顾", "phone": PHONE, "email": "gu@example.org"})
    incident = stored(told)
    assert (incident.origin, incident.area, incident.description) == ("resident", CELL, "路灯不亮")
    assert incident.steps.get().actor is None
    with as_server():
        reporter = Reporter.objects.get(incident=incident) if Reporter.objects.exists() else None
    assert reporter is None or (reporter.name, reporter.phone_last4) == ("顾某", PHONE[-4:])
    link = told["service_notice"].rpartition("http://testserver")[2].split()[0]
    assert incident.number in Browser().get(link).content.decode()


def test_what_it_says_is_then_told_coarsely_and_without_its_words(body):
    told = sent(body | {"description": "密䶮", "phone": PHONE})
    answer = Browser().get(f"/open311/v2/requests/{told['service_request_id']}.json").content.decode()
    assert "密䶮" not in answer
    assert PHONE not in answer
    assert body["lat"] not in answer


def test_the_same_key_of_a_sender_stores_it_once(body):
    first = sent(body, **{"Idempotency-Key": "one"})
    assert sent(body, **{"Idempotency-Key": "one"}) == first
    assert sent(body, **{"Idempotency-Key": "two"}) != first
    sent(body | {"description": "又一件"}, 400, **{"Idempotency-Key": "one"})


def test_nobody_gets_anothers_link_by_their_key(body):
    first = sent(body, **{"Idempotency-Key": "one"})
    other = sent(body, 201, Browser(REMOTE_ADDR="198.51.100.9"), **{"Idempotency-Key": "one"})
    assert other["service_notice"] != first["service_notice"]


def test_it_is_limited_as_the_form_is(body, settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 2
    codes = Category.objects.filter(kind="community", is_public=False, retired=False).values_list("code", flat=True)[:4]
    answers = []
    for code in codes:
        with as_server():
            answers.append(Browser().post(ADDRESS, body | {"service_code": code}).status_code)
    assert answers == [201, 201, 429, 429]


def test_what_is_refused_is_counted_too(body, settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 1
    statuses = []
    for _ in range(42):
        statuses.append(Browser().post(ADDRESS, {"service_code": "nothing"}).status_code)
    assert statuses == [404] * 40 + [429] * 2


def test_a_form_of_another_sites_page_can_do_no_more_than_anybody(body, client_of):
    """A session that the browser sends along is not looked at."""
    with as_server():
        answer = client_of("li").post(ADDRESS, body)
    assert answer.status_code == 201
    assert stored(answer.json()[0]).steps.get().actor is None


@pytest.mark.parametrize(("change", "status"), [
    ({"service_code": ""}, 400),
    ({"service_code": "nothing"}, 404),
    ({"lat": ""}, 400),
    ({"lat": "", "long": ""}, 400),
    ({"lat": "north"}, 400),
    ({"lat": "nan"}, 400),
    ({"lat": "1e999"}, 400),
    ({"lat": "91"}, 400),
    ({"lat": "0", "long": "0"}, 400),
    ({"lat": "", "long": "", "address_string": "没有这样的地方䶮"}, 400),
    ({"description": "长" * 2001}, 400),
    ({"phone": "abc"}, 400),
    ({"last_name": "长" * 31}, 400),
    ({"api_key": "wg_wrong"}, 403),
])  # fmt: skip
@pytest.mark.parametrize("form", ["json", "xml"])
def test_nonsense_is_refused_and_leaves_nothing(form, change, status, body):
    before = counts()
    with as_server():
        answer = Browser().post(f"/open311/v2/requests.{form}", body | change)
    assert answer.status_code == status, answer.content.decode()
    assert f'"code": {status}' in answer.content.decode() or f"<code>{status}</code>" in answer.content.decode()
    assert counts() == before


def test_a_nul_is_left_out(body):
    assert stored(sent(body | {"description": "a\x00b"})).description == "ab"


def test_a_body_that_is_no_form_is_refused(body):
    bodies = [
        (b'{"service_code": "C0101"}', "application/json"),
        (b"\xff\xfe", "text/plain"),
        (b"--x\r\nnothing", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
    ]
    for content, kind in bodies:
        answer = Browser().post(ADDRESS, content, content_type=kind)
        assert answer.status_code == 400, kind
        assert answer.json()[0]["code"] == 400


def test_a_body_that_is_too_large_is_refused(body):
    answer = Browser().post(ADDRESS, body | {"description": "x" * 12_000_000})
    assert answer.status_code == 400


def test_a_photo_comes_along_without_what_the_camera_wrote(body):
    photo = SimpleUploadedFile("a.jpg", a_jpeg(), "image/jpeg")
    told = sent(body | {"photo": photo})
    kept = Attachment.objects.get(incident=stored(told))
    assert SECRET.encode() not in kept.read("full")


@pytest.mark.parametrize("content", [b"GIF89a/*<script>alert(1)</script>*/", b"<svg onload=alert(1)>", b"%PDF-1.4"])
def test_what_only_looks_like_a_photo_is_refused(content, body):
    before = counts()
    sent(body | {"photo": SimpleUploadedFile("a.jpg", content, "image/jpeg")}, 400)
    assert counts() == before


def test_what_hides_behind_a_photo_is_not_kept(body):
    """A file that is a JPEG and something else as well is drawn anew: the something else is gone."""
    photo = SimpleUploadedFile("a.jpg", a_jpeg() + b"<?php evil() ?>PK\x03\x04", "image/jpeg")
    kept = Attachment.objects.get(incident=stored(sent(body | {"photo": photo})))
    assert b"evil" not in kept.read("full")


def test_an_address_of_a_photo_is_not_fetched_and_that_is_said(body):
    told = sent(body | {"media_url": "http://169.254.169.254/latest/meta-data"})
    assert "media_url" in told["service_notice"]
    assert not Attachment.objects.filter(incident=stored(told)).exists()


# With one


@pytest.mark.parametrize("where", ["body", "header"])
def test_with_a_token_it_is_a_report_of_that_account(where, body, program_of, cast):
    program = program_of("li", ("incident.write",))
    key = {"api_key": program.text} if where == "body" else {}
    headers = {} if key else {"Authorization": f"Bearer {program.text}"}
    incident = stored(sent(body | key, **headers))
    assert (incident.origin, incident.steps.get().actor) == ("department", cast.li)
    assert Token.objects.get().used == 1


def test_a_token_in_an_address_is_none(body, program_of):
    program = program_of("li")
    with as_server():
        answer = Browser().post(f"{ADDRESS}?api_key={program.text}", body)
    assert stored(answer.json()[0]).origin == "resident"


@pytest.mark.parametrize(("name", "capabilities"), [("chen", ("incident.write",)), ("li", ("incident.read",))])
def test_a_token_reports_where_it_may_and_nowhere_else(name, capabilities, body, program_of):
    program, before = program_of(name, capabilities), counts()
    with as_server():
        answer = Browser().post(ADDRESS, body | {"api_key": program.text})
    assert answer.status_code in (400, 403), answer.content
    assert counts() == before


@pytest.mark.parametrize("change", [
    {"revoked_at": timezone.now()},
    {"issued_at": timezone.now() - timedelta(days=2), "expires_at": timezone.now() - timedelta(seconds=1)},
])  # fmt: skip
def test_one_that_has_ended_opens_nothing_and_does_not_fall_back_to_a_resident(change, body, program_of):
    program, before = program_of("li"), counts()
    Token.objects.update(**change)
    sent(body | {"api_key": program.text}, 403)
    assert counts() == before


def test_a_token_is_counted_by_the_minute(body, program_of, monkeypatch):
    program, now = program_of("li", per_minute=1), timezone.now().replace(second=20)
    monkeypatch.setattr(timezone, "now", lambda: now)
    sent(body | {"api_key": program.text})
    assert sent(body | {"api_key": program.text}, 429)["code"] == 429


def test_two_tokens_may_use_the_same_key(body, program_of):
    told = [
        sent(body | {"api_key": program_of(name).text}, **{"Idempotency-Key": "one"})["service_request_id"]
        for name in ("li", "wang")
    ]
    assert len(set(told)) == 2


def test_the_same_key_of_a_token_files_it_once(body, program_of):
    program = program_of("li")
    told = [sent(body | {"api_key": program.text}, **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert told[0] == told[1]
    assert Submission.objects.filter(kind="open311").count() == 1
