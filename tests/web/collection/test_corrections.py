"""The pages of corrections: the owner's queue, one side by side, the proposer's own, and saying what is wrong."""

import pytest

from gis.models import Correction, CorrectionNotice, Dwelling, Reading, Resident
from gis.people.sealing import blind_index, seal
from tests.cast import CELL
from tests.gis.collection.test_correcting import asked, officer
from tests.gis.collection.test_known import say
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db) -> Resident:
    person = lodger(Dwelling.objects.filter(area=CELL, residences=None).first())
    Resident.objects.filter(pk=person.pk).update(name="甲乙丙")
    return Resident.objects.get(pk=person.pk)


def text(answer) -> str:
    return answer.content.decode()


def test_the_queue_shows_what_the_record_holds_beside_what_was_said(cast, client_of, person):
    say("meal_help", "0", 30, "civil", resident=person)
    one = asked(cast, "meal_help", person.pk, "1")
    told = text(client_of("he").get(f"/corrections/?field={one.field_id}"))
    assert "甲**" in told
    assert "甲乙丙" not in told
    assert str(one.uuid) in told
    noted = Reading.objects.filter(by=cast.he, residents__contains=[person.pk]).get()
    assert (noted.act, noted.fields) == ("list", [f"#{one.field_id}", "name"])


def test_whoever_answers_none_is_led_to_their_own(client_of):
    assert client_of("wang").get("/corrections/").headers["Location"] == "/corrections/mine/"
    assert client_of("zhao").get("/corrections/mine/").status_code == 403


def test_a_masked_value_is_opened_with_a_reason_that_is_noted(cast, client_of, person):
    one = asked(cast, "emergency_phone", person.pk, "13800139999")
    browser = client_of("he")
    assert "13800139999" not in text(browser.get(f"/corrections/{one.uuid}/"))
    assert browser.post(f"/corrections/{one.uuid}/reveal/", {"reason": ""}).status_code == 422
    assert "13800139999" in text(browser.post(f"/corrections/{one.uuid}/reveal/", {"reason": "核对登记表"}))
    noted = Reading.objects.get(by=cast.he, act="reveal")
    assert (noted.reason, noted.residents, noted.fields) == ("核对登记表", [person.pk], [f"#{one.field_id}", "name"])


def test_an_answer_leads_to_the_next_of_the_same_field(cast, client_of, person):
    other = lodger(Dwelling.objects.filter(area=CELL, residences=None).first())
    first, second = asked(cast, "meal_help", person.pk, "1"), asked(cast, "meal_help", other.pk, "1")
    browser = client_of("he")
    answer = browser.post("/corrections/answer/", {"correction": first.uuid, "from": "one", "verdict": "accept"})
    assert answer.status_code == 302
    assert answer.headers["Location"] != f"/corrections/{first.uuid}/"
    refused = browser.post("/corrections/answer/", {"correction": second.uuid, "from": "one", "verdict": "refuse"})
    assert refused.status_code == 422
    assert "请写明理由" in text(refused)


def test_several_of_one_field_are_answered_at_once_and_of_two_fields_never(cast, client_of, person):
    other = lodger(Dwelling.objects.filter(area=CELL, residences=None).first())
    meals = [asked(cast, "meal_help", one.pk, "1") for one in (person, other)]
    care = asked(cast, "home_care", person.pk, "1")
    browser = client_of("he")
    mixed = browser.post("/corrections/answer/", {"correction": [meals[0].uuid, care.uuid], "verdict": "accept"})
    assert mixed.status_code == 422
    told = {"correction": [one.uuid for one in meals], "verdict": "refuse", "reason": "不符合条件"}
    assert browser.post("/corrections/answer/", told).status_code == 302
    states = {one.pk: one.state for one in Correction.objects.filter(pk__in=[*(one.pk for one in meals), care.pk])}
    assert states == {meals[0].pk: "refused", meals[1].pk: "refused", care.pk: "open"}


@pytest.mark.parametrize("who", ["wang", "li", "sun", "zhou", "chen", "zhao", "admin"])
def test_nobody_else_opens_or_answers_one(cast, client_of, person, who):
    one = asked(cast, "meal_help", person.pk, "1")
    browser = client_of(who)
    assert browser.get(f"/corrections/{one.uuid}/").status_code == 403
    assert browser.post(f"/corrections/{one.uuid}/reveal/", {"reason": "看看"}).status_code == 403
    assert browser.post("/corrections/answer/", {"correction": one.uuid, "verdict": "accept"}).status_code == 403


def test_another_department_is_told_there_is_none(cast, client_of, person):
    one = asked(cast, "meal_help", person.pk, "1")
    officer("labour", cast)
    browser = client_of("he")
    assert browser.get(f"/corrections/{one.uuid}/").status_code == 404
    assert str(one.uuid) not in text(browser.get(f"/corrections/?field={one.field_id}"))


def test_the_answer_comes_back_to_whoever_asked(cast, client_of, person):
    one = asked(cast, "meal_help", person.pk, "1")
    told = {"correction": one.uuid, "verdict": "refuse", "reason": "不符合条件", "from": "one"}
    client_of("he").post("/corrections/answer/", told)
    browser = client_of("wang")
    assert "您提出的更正有了答复" in text(browser.get("/notices/"))
    mine = text(browser.get("/corrections/mine/"))
    assert "不符合条件" in mine
    assert "甲乙丙" in mine
    assert CorrectionNotice.objects.get(user=cast.wang).read_at
    assert "您提出的更正有了答复" not in text(browser.get("/notices/"))


def test_somebody_says_on_the_page_of_a_person_what_is_wrong(cast, client_of, person):
    say("meal_help", "0", 30, "civil", resident=person)
    browser, path = client_of("wang"), f"/residents/{person.pk}/correct/"
    assert "meal_help" in text(browser.get(path))
    told = {"value": "1", "reason": "本人当面说的", "source": "person"}
    assert "与档案里的一样" in text(browser.post(f"{path}?field=meal_help", told | {"value": "0"}))
    assert browser.post(f"{path}?field=meal_help", told | {"value": "也许"}).status_code == 422
    assert browser.post(f"{path}?field=meal_help", told | {"reason": "号码13800139999"}).status_code == 422
    assert browser.post(f"{path}?field=meal_help", told | {"value": ""}).status_code == 422
    assert browser.post(f"{path}?field=meal_help", told | {"none": "1"}).status_code == 422
    assert browser.post(f"{path}?field=meal_help", told).status_code == 302
    one = Correction.objects.get(resident=person)
    assert (one.value, one.source, one.ground, one.by) == ("1", "person", "本人当面说的", cast.wang)


def test_of_a_value_one_sees_half_a_guess_is_not_answered(cast, client_of, person):
    """A community supervisor sees four digits of the number: right and wrong guesses go the same way."""
    browser, path = client_of("zhou"), f"/residents/{person.pk}/correct/?field=identity"
    right = "110113199901019990"
    sealed = {"identity_sealed": seal(right), "identity_index": blind_index(right), "identity_last4": right[-4:]}
    Resident.objects.filter(pk=person.pk).update(**sealed)
    for number in (right, "110113199901019991"):
        answer = browser.post(path, {"value": number, "reason": "看过原件", "source": "page"})
        assert answer.status_code == 302
    assert Correction.objects.filter(resident=person, field__code="identity").count() == 2


def test_a_field_the_role_does_not_see_is_not_offered(client_of, person):
    told = text(client_of("li").get(f"/residents/{person.pk}/correct/"))
    assert "meal_help" not in told
    assert 'field=identity"' in told
    assert client_of("chen").get(f"/residents/{person.pk}/correct/").status_code == 404
    assert client_of("he").get(f"/residents/{person.pk}/correct/").status_code == 403
