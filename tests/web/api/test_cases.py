"""Cases through the API: found, read, reported once."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from gis.models import Assignment, Category, Department, Incident, Step, Submission
from tests.cast import CELL, OTHER_STREET, STREET
from tests.gis.incidents.reported import report

CASES = "/api/v1/cases"


@pytest.fixture
def here(db) -> dict:
    """A place in cell 1, and a category with a limit."""
    case = Incident.objects.filter(area=CELL).first()
    category = Category.objects.filter(kind="community", dispose_within__isnull=False, retired=False).first()
    return {
        "category": f"community/{category.code}",
        "longitude": case.position.x,
        "latitude": case.position.y,
        "description": "楼道里的灯不亮",
    }


def key(text: str = "one") -> dict[str, str]:
    return {"Idempotency-Key": text}


# Finding


def in_the_street() -> QuerySet:
    """The cases of the street, newest first, without those that were merged into another: on some days it has some."""
    cases = Incident.objects.filter(area__startswith=STREET).exclude(state="duplicate")
    return cases.order_by("-reported_at", "-pk")


def test_pages_hold_every_case_once_in_order(program_of):
    program, numbers, after = program_of("li"), [], ""
    Incident.objects.filter(pk=in_the_street()[3].pk).update(state="duplicate")
    while after is not None:
        page = program.get(f"{CASES}?limit=200&after={after}").json()
        numbers += [item["number"] for item in page["items"]]
        after = page["next"]
    assert numbers == list(in_the_street().values_list("number", flat=True))


def test_a_page_is_not_shifted_by_what_comes_in_meanwhile(program_of, here):
    program = program_of("li")
    first = program.get(f"{CASES}?limit=3").json()
    program.post_json(CASES, here, **key())
    second = program.get(f"{CASES}?limit=3&after={first['next']}").json()
    wanted = in_the_street()[1:7]
    assert [item["number"] for item in first["items"] + second["items"]] == [one.number for one in wanted]


@pytest.mark.parametrize(
    "mark", ["x", "====", "MjAyNg", "bm90aGluZyAx", "MjAyNi0wMS0wMSA1", "MjAyNi0wMS0wMVQwMDowMDowMCswMDowMCAtNQ"]
)
def test_a_mark_that_is_none_is_refused(mark, program_of):
    answer = program_of("li").get(f"{CASES}?after={mark}")
    assert answer.status_code == 422
    assert "after" in answer.json()["fields"]


def found(program, **wanted) -> list[dict]:
    answer = program.post_json(f"{CASES}/search", {"limit": 200} | wanted)
    assert answer.status_code == 200, answer.content
    return answer.json()["items"]


def test_a_filter_finds_what_fits_all_of_it(program_of):
    program = program_of("li")
    some = found(program)[0]
    by_category = found(program, categories=[some["category"]], states=["ended"], area=CELL[:12])
    wanted = Incident.objects.ended().filter(
        area__startswith=CELL[:12], category__code=some["category"].partition("/")[2]
    )
    wanted = wanted.filter(category__kind=some["category"].partition("/")[0])
    assert {item["number"] for item in by_category} == set(wanted.values_list("number", flat=True))


def test_words_are_found_in_place_and_description(program_of):
    Incident.objects.filter(pk=Incident.objects.filter(area=CELL).first().pk).update(description="紫色的长颈鹿")
    assert [item["description"] for item in found(program_of("li"), text="长颈鹿")] == ["紫色的长颈鹿"]


def test_late_cases_are_told_as_late(program_of):
    overdue = report(at=timezone.now() - timedelta(days=9), state="filed")
    Incident.objects.filter(pk=overdue.pk).update(due_at=timezone.now() - timedelta(days=1))
    late = found(program_of("li"), late=True)
    assert late
    assert all(item["late"] and item["closed_at"] is None for item in late)


@pytest.mark.parametrize(("wanted", "field"), [
    ({"categories": ["community/none"]}, "category"),
    ({"categories": ["0101"]}, "categories.0"),
    ({"departments": ["nobody"]}, "departments"),
    ({"states": ["asleep"]}, "states.0"),
    ({"first": "2026-02-02", "last": "2026-02-01"}, "last"),
    ({"last": "9999-12-31"}, "last"),
    ({"first": "0001-01-01"}, "first"),
    ({"limit": 0}, "limit"),
    ({"limit": 5000}, "limit"),
    ({"area": "abc"}, "area"),
    ({"colour": "red"}, "colour"),
    ({"text": "a\x00b"}, "text"),
    ({"text": "长" * 121}, "text"),
])  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused_by_its_name(wanted, field, program_of):
    answer = program_of("li").post_json(f"{CASES}/search", wanted)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


# Reading


def test_one_case_has_its_steps_tasks_and_moves(program_of):
    case = Incident.objects.filter(area=CELL, state="dispatched").first() or Incident.objects.filter(area=CELL).first()
    told = program_of("li").get(f"{CASES}/{case.number}").json()
    assert [step["id"] for step in told["steps"]] == list(case.steps.order_by("at", "pk").values_list("pk", flat=True))
    assert len(told["tasks"]) == case.assignments.filter(ended=None).count()
    assert {"comment", "answer"} <= {move["act"] for move in told["moves"]}
    assert not {"rate", "appeal", "again"} & {move["act"] for move in told["moves"]}


def test_one_that_has_not_changed_is_not_sent_again(program_of):
    program, case = program_of("li"), Incident.objects.filter(area=CELL).first()
    first = program.get(f"{CASES}/{case.number}")
    assert first["ETag"] == f'"{case.revision}"'
    again = program.get(f"{CASES}/{case.number}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_street_is_not_there(program_of):
    theirs = Incident.objects.filter(area__startswith=OTHER_STREET).first().number
    program = program_of("li")
    nothing = program.get(f"{CASES}/19700101-000000")
    for part in ("", "/steps", "/comments"):
        answer = program.get(f"{CASES}/{theirs}{part}")
        assert (answer.status_code, answer.content) == (404, nothing.content)


def test_a_department_reads_its_own_cases(program_of):
    department = Department.objects.first()
    case = Incident.objects.filter(area=CELL).exclude(department=department).first()
    program = program_of("sun", department=department)
    numbers = {item["number"] for item in found(program)}
    assert case.number not in numbers
    assert program.get(f"{CASES}/{case.number}").status_code == 404
    assert numbers == set(
        Incident.objects.filter(area__startswith="110113", department=department)
        .order_by("-reported_at", "-pk")[:200]
        .values_list("number", flat=True)
    ) | numbers & set(Assignment.objects.filter(department=department).values_list("incident__number", flat=True))
    Assignment.objects.create(incident=case, department=department, lead=False, since=case.steps.first())
    assert program.get(f"{CASES}/{case.number}").status_code == 200


def test_nothing_of_a_person_is_told(program_of):
    """Names of fields that would hold one: there are none."""
    case = Incident.objects.filter(area=CELL).first()
    told = json.dumps(program_of("li").get(f"{CASES}/{case.number}").json())
    assert not any(word in told for word in ("phone", "reporter", "resident_", "identity"))


# Reporting


def test_a_report_is_filed_where_it_lies(program_of, here):
    answer = program_of("li").post_json(CASES, here | {"origin": "hotline"}, **key())
    assert answer.status_code == 201, answer.content
    case = Incident.objects.get(number=answer.json()["number"])
    assert (case.area, case.origin, case.state, case.description) == (CELL, "hotline", "reported", "楼道里的灯不亮")
    assert case.due_at is not None
    assert answer["Location"] == f"{CASES}/{case.number}"
    assert case.steps.get().actor.username == "li"


def test_the_same_key_files_it_once(program_of, here):
    program = program_of("li")
    answers = [program.post_json(CASES, here, **key()) for _ in range(3)]
    assert {answer.json()["number"] for answer in answers} == {answers[0].json()["number"]}
    assert [answer["Idempotency-Replayed"] for answer in answers] == ["false", "true", "true"]
    assert Submission.objects.filter(kind="api").count() == 1


def test_the_same_key_with_another_report_is_refused(program_of, here):
    program = program_of("li")
    program.post_json(CASES, here, **key())
    answer = program.post_json(CASES, here | {"description": "又一件"}, **key())
    assert answer.status_code == 409
    assert Submission.objects.filter(kind="api").count() == 1


def test_two_tokens_may_have_the_same_key(program_of, here):
    numbers = {program_of(name).post_json(CASES, here, **key()).json()["number"] for name in ("li", "wang")}
    assert len(numbers) == 2


def test_a_report_that_was_refused_may_come_again_with_its_key(program_of, here):
    program = program_of("li")
    assert program.post_json(CASES, here | {"longitude": 0, "latitude": 0}, **key()).status_code == 422
    assert program.post_json(CASES, here, **key()).status_code == 201


def test_a_report_without_a_key_is_refused(program_of, here):
    answer = program_of("li").post_json(CASES, here)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["Idempotency-Key"]


@pytest.mark.parametrize(("change", "field"), [
    ({"category": "community/none"}, "category"),
    ({"category": None}, "category"),
    ({"longitude": None}, "longitude"),
    ({"longitude": None, "latitude": None}, "place"),
    ({"longitude": 200}, "longitude"),
    ({"latitude": "north"}, "latitude"),
    ({"building": "00000000000000000"}, "place"),
    ({"building": "x"}, "building"),
    ({"description": "长" * 2001}, "description"),
    ({"description": "a\x00b"}, "description"),
    ({"description": "\ud800"}, "description"),
    ({"origin": "rumour"}, "origin"),
    ({"same_as": "19700101-000000"}, "same_as"),
    ({"reported_at": "2199-01-01T00:00:00Z"}, "at"),
    ({"reported_at": "2026-03-05T14:30:00"}, "reported_at"),
    ({"reported_at": "0001-01-01T00:00:00+14:00"}, "reported_at"),
    ({"reported_at": "9999-12-31T23:59:59-12:00"}, "reported_at"),
    ({"reporter": "张三"}, "reporter"),
])  # fmt: skip
def test_a_report_that_makes_no_sense_is_refused_and_leaves_nothing(change, field, program_of, here):
    before = Incident.objects.count(), Step.objects.count(), Submission.objects.count()
    answer = program_of("li").post_json(CASES, here | change, **key())
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["fields"], answer.json()
    assert (Incident.objects.count(), Step.objects.count(), Submission.objects.count()) == before


def test_a_time_is_of_its_zone(program_of, here):
    answer = program_of("li").post_json(CASES, here | {"reported_at": "2026-03-05T14:30:00+08:00"}, **key())
    case = Incident.objects.get(number=answer.json()["number"])
    assert case.reported_at == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


def test_one_more_voice_opens_no_second_case(program_of, here):
    case = report(area=CELL, at=timezone.now())
    before = Incident.objects.count()
    answer = program_of("li").post_json(CASES, {"same_as": case.number, "description": "我也看到了"}, **key())
    assert (answer.status_code, answer.json()["joined"]) == (201, True)
    assert Incident.objects.count() == before
    assert case.steps.filter(act="again", note="我也看到了").exists()


@pytest.mark.parametrize("name", ["chen", "zhao"])
def test_who_may_not_report_there_cannot(name, program_of, here):
    answer = program_of(name).post_json(CASES, here, **key())
    assert answer.status_code in (403, 422)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"1", b"\xff\xfe", b'{"category": NaN}', b"{}" * 2])
def test_what_is_no_report_is_refused(body, program_of):
    answer = program_of("li").post(CASES, body, content_type="application/json", headers=key())
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "fix", "fields"}
