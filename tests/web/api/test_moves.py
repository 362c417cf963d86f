"""Moves through the API: the workflow's, on the case as it was seen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gis.models import Attachment, Department, Incident, Webhook
from tests.cast import COMMUNITY, STREET
from tests.gis.incidents.loop import WAY, a_case, brought_to
from tests.gis.incidents.photos import SECRET, a_jpeg
from tests.web.api.conftest import EVERYTHING

CASES = "/api/v1/cases"


def make(program, case: Incident, act: str, seen: int | str | None = None, **told):
    seen = case.revision if seen is None else seen
    return program.post_json(f"{CASES}/{case.number}/moves", {"act": act} | told, **{"If-Match": f'"{seen}"'})


def test_the_usual_way_leads_to_the_end(program_of, cast):
    case, programs = a_case(), {name: program_of(name) for name in ("zhou", "he", "wang")}
    for name, act in WAY:
        more = {"departments": ["civil"]} if act == "dispatch" else {}
        answer = make(programs[name], case, act, note="已看过", **more)
        assert answer.status_code == 201, (act, answer.content)
        case.refresh_from_db()
        assert answer.json() == {
            "number": case.number, "revision": case.revision, "state": case.state, "step": case.steps.last().pk,
        }  # fmt: skip
        assert answer["ETag"] == f'"{case.revision}"'
    assert case.state == "closed"


def test_a_webhook_is_told_by_the_serving_login_too(program_of, cast):
    """Noting and asking for the job are within the rights of requests."""
    hook = Webhook(name="trial", url="https://8.8.8.8/", area=STREET, created_by=cast.admin)
    hook.new_secret()
    hook.save()
    assert make(program_of("li"), a_case(), "file").status_code == 201
    assert hook.deliveries.get().step.act == "file"


def test_what_is_listed_can_be_made_and_nothing_else(program_of, cast):
    program, case = program_of("zhou"), a_case()
    listed = {move["act"] for move in program.get(f"{CASES}/{case.number}").json()["moves"]}
    for act in ("file", "dispatch", "take", "close", "rework", "suspend"):
        status = make(program, case, act, note="x").status_code
        assert (status in (201, 422)) == (act in listed), act
        case.refresh_from_db()
        listed = {move["act"] for move in program.get(f"{CASES}/{case.number}").json()["moves"]}


def test_one_who_was_overtaken_is_told_by_what(program_of, cast):
    case = a_case()
    seen = case.revision
    make(program_of("li"), case, "file", note="李先立案")
    answer = make(program_of("zhou"), case, "reject", seen=seen, note="不归我们管")
    assert answer.status_code == 412
    assert answer.json()["theirs"]["revision"] == seen + 1
    assert [step["note"] for step in answer.json()["theirs"]["steps"]] == ["李先立案"]
    assert Incident.objects.get(pk=case.pk).state == "filed"


def test_whoever_does_not_say_what_was_seen_is_asked(program_of, cast):
    case, program = a_case(), program_of("li")
    for header in ({}, {"If-Match": ""}, {"If-Match": "seven"}, {"If-Match": '"-1"'}, {"If-Match": '"1", "2"'}):
        answer = program.post_json(f"{CASES}/{case.number}/moves", {"act": "file"}, **header)
        assert answer.status_code == 428, header
        assert list(answer.json()["fields"]) == ["If-Match"]
    assert program.post_json(f"{CASES}/{case.number}/moves", {"act": "file"}, **{"If-Match": "*"}).status_code == 201


def test_a_token_that_may_not_make_it_cannot(program_of, cast):
    case = a_case()
    reading = tuple(name for name in EVERYTHING if name != "case.accept")
    assert make(program_of("li", reading), case, "file").status_code == 403
    assert make(program_of("chen"), case, "file").status_code == 404
    assert Incident.objects.get(pk=case.pk).state == "reported"


@pytest.mark.parametrize(("told", "field"), [
    ({"act": "dispatch"}, "departments"),
    ({"act": "dispatch", "departments": ["nobody"]}, "departments"),
    ({"act": "dispatch", "team": "abc"}, "team"),
    ({"act": "dispatch", "team": COMMUNITY, "handler": "nobody"}, "handler"),
    ({"act": "reject"}, "note"),
    ({"act": "duplicate"}, "target"),
    ({"act": "rate"}, "act"),
    ({"act": "undo"}, "act"),
    ({"act": "explode"}, "act"),
    ({"act": "dispatch", "until": "someday"}, "until"),
    ({"act": "file", "state": "closed"}, "state"),
])  # fmt: skip
def test_one_that_lacks_something_is_refused_by_its_name(told, field, program_of, cast):
    case = brought_to(cast, "filed")
    answer = make(program_of("li"), case, **told)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert Incident.objects.get(pk=case.pk).revision == case.revision


def test_comments_and_answers_are_apart(program_of, cast):
    program, case = program_of("li"), a_case()
    for text, public in (("内部看法", False), ("我们周五来修", True)):
        answer = program.post_json(f"{CASES}/{case.number}/comments", {"text": text, "public": public})
        assert answer.status_code == 201, answer.content
    told = program.get(f"{CASES}/{case.number}/comments").json()["items"]
    assert [(one["note"], one["is_public"]) for one in told] == [("内部看法", False), ("我们周五来修", True)]


def test_an_empty_comment_is_refused(program_of, cast):
    answer = program_of("li").post_json(f"{CASES}/{a_case().number}/comments", {"text": ""})
    assert list(answer.json()["fields"]) == ["text"]


def photo(name: str = "a.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_jpeg() if content is None else content, "image/jpeg")


def test_photos_come_with_a_move_and_can_be_had_back_without_their_origin(program_of, cast):
    case, program = brought_to(cast, "in_progress"), program_of("he")
    answer = program.post(
        f"{CASES}/{case.number}/photos", {"photo": [photo(), photo()], "act": "dispose", "note": "已清运"},
        headers={"If-Match": f'"{case.revision}"'},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "disposed"
    step = program.get(f"{CASES}/{case.number}").json()["steps"][-1]
    assert len(step["photos"]) == 2
    for size in ("full", "small"):
        shown = program.get(step["photos"][0][size])
        assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (
            200,
            "image/jpeg",
            "private, no-store",
        )
        assert SECRET.encode() not in shown.content


def test_photos_alone_are_a_comment(program_of, cast):
    case = a_case()
    answer = program_of("li").post(f"{CASES}/{case.number}/photos", {"photo": photo()})
    assert answer.status_code == 201
    assert (case.steps.last().act, case.steps.last().attachments.count()) == ("comment", 1)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_verb_that_is_none_is_refused_in_our_words(method, program_of):
    answer = getattr(program_of("li"), method)(f"{CASES}/1/moves")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert set(answer.json()) == {"error", "fix", "fields"}


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload=alert(1)>", a_jpeg()[:200]])
def test_what_is_no_photo_is_refused_and_nothing_is_done(content, program_of, cast):
    case = a_case()
    answer = program_of("li").post(f"{CASES}/{case.number}/photos", {"photo": photo(content=content), "note": "x"})
    assert answer.status_code in (400, 422)
    assert Incident.objects.get(pk=case.pk).revision == case.revision


def test_five_photos_are_one_too_many(program_of, cast):
    sent = {"photo": [photo() for _ in range(5)], "note": "x"}
    answer = program_of("li").post(f"{CASES}/{a_case().number}/photos", sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["photos"])


def test_a_photo_of_another_street_is_not_there(program_of, cast):
    case = a_case()
    program_of("li").post(f"{CASES}/{case.number}/photos", {"photo": photo(), "note": "x"})
    uuid = Attachment.objects.get(incident=case).uuid
    assert program_of("li").get(reverse("api:photo", args=[uuid, "full"])).status_code == 200
    assert program_of("chen").get(reverse("api:photo", args=[uuid, "full"])).status_code == 404
    department = Department.objects.exclude(code="civil").first()
    assert program_of("sun", department=department).get(reverse("api:photo", args=[uuid, "small"])).status_code == 404
