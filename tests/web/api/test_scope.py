"""The API's addresses × everyone of the cast: closed without a token, and of another street nothing is told."""

import json

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat

from gis.models import Attachment, Incident
from tests.browsing import Browser
from tests.cast import COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.incidents.loop import a_case
from tests.web.api.test_moves import photo
from tests.web.gate.walked import BY_TOKEN
from tests.web.walking import Belongings, addresses, told

SECRET = "密䶮"
VERBS = ("get", "post", "put", "delete", "head", "options")


@pytest.fixture
def things(program_of, cast) -> Belongings:
    """Everything of 胜利街道, each text of its cases and steps with the secret sign, one of them with a photo."""
    case = a_case()
    program_of("li").post(f"/api/v1/cases/{case.number}/photos", {"photo": photo(), "note": SECRET})
    inside = Incident.objects.filter(area__startswith=STREET)
    inside.update(description=Concat(F("description"), Value(SECRET)), place=Value(SECRET))
    return Belongings.of(STREET)


@pytest.mark.parametrize("page", BY_TOKEN, ids=lambda page: page.name)
def test_nobody_enters_without_a_token(page, things, client_of):
    for browser in (Browser(), client_of("li"), client_of("admin")):
        for address in addresses(page, things)[:4]:
            answers = [getattr(browser, verb)(address) for verb in VERBS]
            assert {answer.status_code for answer in answers} == {401}, address
            assert not any(SECRET in told(answer) for answer in answers)


@pytest.mark.parametrize("name", EVERYONE)
def test_each_is_told_of_their_own_areas_only(name, program_of, things):
    program = program_of(name)
    seen = []
    for page in BY_TOKEN:
        for address in addresses(page, things):
            answers = [program.get(address), program.post_json(address, {}), program.post_json(address, {"limit": 200})]
            seen += [page.name for answer in answers if SECRET in told(answer)]
            assert all(answer.status_code < 500 for answer in answers), address
    readers = {"li", "sun", "he", "zhou", "wang"}
    assert bool(seen) == (name in readers)
    if name in ("li", "sun"):
        assert {"api:cases", "api:search", "api:case", "api:steps", "api:comments"} <= set(seen)


def test_whoever_has_the_other_street_moves_nothing_here(program_of, things):
    program, number = program_of("chen"), things.objects["incident"].number
    before = Incident.objects.get(number=number)
    bodies = {"moves": {"act": "file"}, "comments": {"text": "x"}}
    for part, body in bodies.items():
        answer = program.post_json(f"/api/v1/cases/{number}/{part}", body, **{"If-Match": "*"})
        assert answer.status_code == 404
        missing = program.post_json(f"/api/v1/cases/19700101-000000/{part}", body, **{"If-Match": "*"})
        assert answer.content == missing.content
    assert Incident.objects.get(number=number).revision == before.revision


def test_a_photo_is_behind_the_second_wall(program_of, things):
    """A view that forgot its filter would still find no photo of another area: the database hides it."""
    assert Attachment.objects.exists()
    uuid = Attachment.objects.first().uuid
    chen = program_of("chen")
    assert chen.get(f"/api/v1/photos/{uuid}/full").status_code == 404


def test_no_answer_names_an_area_of_elsewhere(program_of, things):
    answer = program_of("chen").post_json("/api/v1/cases/search", {"limit": 200})
    areas = {item["area"][:9] for item in answer.json()["items"]}
    assert areas == {OTHER_STREET}
    assert STREET not in json.dumps(answer.json())


def test_a_case_it_may_not_read_is_not_named_as_the_one_another_went_into(program_of):
    merged, kept = a_case(), a_case()
    Incident.objects.filter(pk=merged.pk).update(state="duplicate", merged_into=kept)
    address = f"/api/v1/cases/{merged.number}"
    assert program_of("zhou").get(address).json()["merged_into"] == kept.number
    Incident.objects.filter(pk=kept.pk).update(area=f"{STREET}007001")
    assert program_of("zhou").get(address).json()["merged_into"] == ""
    assert kept.number not in program_of("zhou").get("/api/v1/cases?state=duplicate").content.decode()
    assert program_of("li").get(address).json()["merged_into"] == kept.number


def test_names_of_accounts_are_not_found_out_by_asking(program_of):
    zhou = program_of("zhou")
    for act, status in (("comment", 201), ("file", 201), ("dispatch", 422)):
        for handler in ("admin", "nobody-of-that-name"):
            case = a_case()
            if act == "dispatch":
                zhou.post_json(f"/api/v1/cases/{case.number}/moves", {"act": "file"}, **{"If-Match": "*"})
            wish = {"act": act, "note": "说明", "team": COMMUNITY, "handler": handler}
            answer = zhou.post_json(f"/api/v1/cases/{case.number}/moves", wish, **{"If-Match": "*"})
            assert answer.status_code == status
            if status == 422:
                assert "不在所选" in answer.json()["fields"]["handler"]
