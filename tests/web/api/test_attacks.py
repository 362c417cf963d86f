"""Whoever holds a token tries for more: others' cases and keys, more than one may, bodies that are none."""

import json

import pytest

from gis.codes.loading import load_table
from gis.incidents.mediation.keeping import keep_record
from gis.incidents.mediation.opening import DISPUTES
from gis.models import Assignment, Category, Component, Department, Incident
from tests.browsing import Browser
from tests.cast import CELL
from tests.gis.incidents.loop import a_case, go
from tests.gis.incidents.reported import report
from tests.gis.incidents.test_mediation import TOLD

CASES = "/api/v1/cases"


def test_a_departments_token_names_no_case_of_another(program_of, cast):
    """Neither to join a report to it nor to merge a case into it; what is not there is refused in the same words."""
    mine = Department.objects.order_by("code").first()
    case, theirs = a_case(), a_case()
    Assignment.objects.create(incident=case, department=mine, lead=True, since=go(cast, "li", case, "file"))
    program = program_of("li", department=mine)
    key = {"Idempotency-Key": "one"}
    answers = [program.post_json(CASES, {"same_as": number}, **key) for number in (theirs.number, "19700101-000000")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].content == answers[1].content
    merge = f"{CASES}/{case.number}/moves"
    merges = [
        program.post_json(merge, {"act": "duplicate", "target": number, "note": "x"}, **{"If-Match": "*"})
        for number in (theirs.number, "19700101-000000")
    ]
    assert [answer.status_code for answer in merges] == [422, 422]
    assert merges[0].content == merges[1].content
    assert not theirs.steps.filter(act="again").exists()


def test_the_mediation_of_a_dispute_is_told_nowhere(program_of, cast):
    load_table("dispute")
    case = report(CELL, category=Category.objects.filter(kind="community", major=DISPUTES).first())
    keep_record(case, TOLD | {"brief": "密䶮"}, cast.zhou, 0)
    program = program_of("zhou")
    for part in ("", "/steps", "/comments"):
        answer = program.get(f"{CASES}/{case.number}{part}")
        assert answer.status_code == 200
        assert "密䶮" not in json.dumps(answer.json(), ensure_ascii=False)
        assert "王调解" not in json.dumps(answer.json(), ensure_ascii=False)


def test_a_report_may_name_a_component_and_only_one_of_its_area(program_of, cast):
    place = Incident.objects.filter(area=CELL).first().position
    lamp = Component.objects.create(code="1101130010060101", kind="0101", position=place, area=CELL)
    category = Category.objects.filter(kind="community", retired=False).order_by("code").first()
    told = {"category": f"community/{category.code}", "component": lamp.code}
    answer = program_of("li").post_json(CASES, told, **{"Idempotency-Key": "one"})
    assert answer.status_code == 201, answer.content
    assert Incident.objects.get(number=answer.json()["number"]).component == lamp
    for body in (told | {"component": "9" * 16}, told):
        refused = program_of("li" if body != told else "chen").post_json(CASES, body, **{"Idempotency-Key": "two"})
        assert refused.status_code == 422
        assert list(refused.json()["fields"]) == ["component"]


def test_a_key_of_another_token_opens_nothing_of_it(program_of):
    case = Incident.objects.filter(area=CELL).first()
    body = {
        "category": f"community/{Category.objects.filter(kind='community', retired=False).first().code}",
        "longitude": case.position.x, "latitude": case.position.y, "description": "一件",
    }  # fmt: skip
    first, second = program_of("li"), program_of("li", ("incident.write",))
    number = first.post_json(CASES, body, **{"Idempotency-Key": "one"}).json()["number"]
    answer = second.post_json(CASES, body, **{"Idempotency-Key": "one"})
    assert answer["Idempotency-Replayed"] == "false"
    assert answer.json()["number"] != number


def test_a_body_that_is_too_large_is_refused(program_of):
    answer = program_of("li").post(
        CASES, b" " * 12_000_000, content_type="application/json", headers={"Idempotency-Key": "one"}
    )
    assert (answer.status_code, set(answer.json())) == (413, {"error", "fix", "fields"})


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"limit": ' + "9" * 5000 + "}", '{"limit": 1e400}', '{"a": "\\ud800"}']
)
def test_json_that_is_made_to_break_a_reader_is_refused(body, program_of):
    answer = program_of("li").post(f"{CASES}/search", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "fix", "fields"}


def test_it_can_be_read_without_decoding(program_of):
    """案件 stands as it is, so that whoever looks with curl sees what it says."""
    a_case()
    assert "\\u" not in program_of("li").get(f"{CASES}?limit=5").content.decode()


@pytest.mark.parametrize("verb", ["get", "post", "delete"])
def test_an_address_that_is_none_is_refused_in_our_words(verb, db):
    answer = getattr(Browser(), verb)("/api/v1/nothing/at/all")
    assert (answer.status_code, set(answer.json())) == (404, {"error", "fix", "fields"})
    assert "/api/v1/docs" in answer.json()["fix"]


def test_the_docs_are_where_programmers_look(db):
    answer = Browser().get("/api/v1/docs")
    assert (answer.status_code, answer.url) == (302, "/api/")
