"""Searches for people on the page: understood, masked by role, kept within a pace, and noted."""

import logging

import pytest

from gis.models import Reading, Resident
from gis.people.reading import asked_as
from gis.people.sealing import blind_index, seal
from tests.web.pages.street import A

pytestmark = pytest.mark.django_db
NUMBER, PHONE, NAME = "99010119900101777X", "13800137777", "张伟明"


@pytest.fixture(autouse=True)
def zhang(staff) -> Resident:
    return Resident.objects.create(
        name=NAME, area=A, identity_sealed=seal(NUMBER), identity_index=blind_index(NUMBER),
        identity_last4=NUMBER[-4:], phone_sealed=seal(PHONE), phone_index=blind_index(PHONE), phone_last4=PHONE[-4:],
    )  # fmt: skip


def searched(browser, words: str):
    answer = browser.post("/residents/", {"text": words}, follow=True)
    assert answer.status_code == 200
    return answer


def shown(answer) -> list[str]:
    return [person.name for person, _tags in answer.context["rows"]]


def noted(who: str) -> list[Reading]:
    return list(Reading.objects.filter(by__username=who).order_by("pk"))


@pytest.mark.parametrize("typed", [NAME, "zhangweiming", "zwm", "章维铭", NUMBER, PHONE])
def test_it_finds_and_shows_as_the_rule_says(staff, typed):
    assert NAME in shown(searched(staff("paper-worker"), typed))


def test_a_number_finds_a_masked_name_for_the_street(staff):
    assert shown(searched(staff("paper-street"), NUMBER)) == ["张**"]


def test_it_says_how_it_was_understood_and_what_it_may_not(staff):
    assert "按证件号查找" in searched(staff("paper-street"), NUMBER).content.decode()
    assert "不能按电话查找" in searched(staff("paper-street"), PHONE).content.decode()
    assert "不能按证件号查找" in searched(staff("paper-district"), NUMBER).content.decode()
    some = searched(staff("paper-worker"), "1234").content.decode()
    assert ("完整的证件号" in some, "没有符合条件" in some) == (True, False)  # nobody was looked for


@pytest.mark.parametrize(
    ("who", "typed"), [("paper-street", PHONE), ("paper-district", NUMBER), ("paper-street", NAME)]
)
def test_what_may_not_be_found_answers_alike_whether_there_is_one(staff, zhang, who, typed):
    with_one = searched(staff(who), typed)
    zhang.delete()
    without = searched(staff(who), typed)
    assert shown(with_one) == shown(without) == []
    assert with_one.context["page"].total == without.context["page"].total == 0
    assert with_one.context["said"] == without.context["said"]


def test_somebody_elsewhere_answers_as_nobody(staff):
    there = searched(staff("paper-other"), NUMBER)
    nowhere = searched(staff("paper-other"), "99010119900101778X")
    assert there.context["page"].total == nowhere.context["page"].total == 0
    assert there.context["said"] == nowhere.context["said"]


def test_each_search_is_noted_with_who_came_and_no_word_of_it(staff, zhang):
    searched(staff("paper-worker"), NUMBER)
    (reading,) = noted("paper-worker")
    assert (reading.act, reading.kind, reading.residents, reading.area) == ("search", "identity", [zhang.pk], A)
    assert set(reading.fields) >= {"name", "identity", "phone"}
    assert bytes(reading.asked) == asked_as(NUMBER)
    assert NUMBER not in str(vars(reading))


def test_a_search_in_vain_is_noted_too(staff):
    searched(staff("paper-worker"), "99010119900101778X")
    (reading,) = noted("paper-worker")
    assert (reading.kind, reading.residents) == ("identity", [])


def test_the_box_of_the_map_notes_as_well(staff, zhang):
    found = staff("paper-worker").post("/search/people/", {"q": "zhangweiming"}).json()["results"]
    assert [one["title"] for one in found] == [NAME]
    (reading,) = noted("paper-worker")
    assert (reading.kind, reading.residents) == ("pinyin", [zhang.pk])


def type_in(browser, *texts: str) -> list[list[str]]:
    return [[one["title"] for one in browser.post("/search/people/", {"q": q}).json()["results"]] for q in texts]


def test_typing_a_name_is_one_search_and_everybody_shown_is_noted(staff, zhang):
    other = Resident.objects.create(name="张伟", area=A)
    browser = staff("paper-worker")
    answers = type_in(browser, "张", "张伟", "张伟明", "张伟", "张伟明", "张伟明")
    assert NAME in answers[2]
    found = noted("paper-worker")
    assert [one.kind for one in found] == ["surname", "name"] + ["name"] * (len(found) - 2)
    assert len(found) <= 3
    assert {key for one in found for key in one.residents} >= {zhang.pk, other.pk}
    assert sum(len(one.residents) for one in found) == len({key for one in found for key in one.residents})


@pytest.mark.parametrize(
    "texts", [("张伟明", "李伟明"), (NUMBER, NUMBER), (PHONE[:-1] + "1", PHONE), ("张伟明", "", "张伟明")]
)
def test_another_search_is_another_entry(staff, zhang, texts):
    browser = staff("paper-worker")
    type_in(browser, *texts)
    assert len(noted("paper-worker")) == len([text for text in texts if text])


def test_after_a_pause_the_same_name_is_a_new_search(staff, zhang, monkeypatch):
    browser = staff("paper-worker")
    type_in(browser, NAME)
    monkeypatch.setattr("web.pages.looking_up._PAUSE_S", -1)
    type_in(browser, NAME)
    assert [one.residents for one in noted("paper-worker")] == [[zhang.pk]] * 2


def test_what_was_typed_lies_sealed_in_the_session(staff, zhang):
    browser = staff("paper-worker")
    type_in(browser, NAME)
    assert NAME not in str(dict(browser.session))


def test_the_list_is_noted_without_a_search(staff):
    staff("paper-worker").get("/residents/")
    (reading,) = noted("paper-worker")
    assert (reading.act, reading.kind, len(reading.residents)) == ("list", "", 19)


def test_a_record_is_noted_with_the_household_it_shows(staff):
    one = Resident.objects.filter(residences__household__isnull=False, area=A).earliest("pk")
    staff("paper-worker").get(f"/residents/{one.pk}/")
    (reading,) = noted("paper-worker")
    assert reading.act == "record"
    assert one.pk in reading.residents
    assert len(reading.residents) > 1


def test_number_after_number_is_stopped(staff):
    browser = staff("paper-worker")
    answers = [browser.post("/search/people/", {"q": f"9901011990010{n:04d}X"}).status_code for n in range(1000, 1062)]
    assert answers[:60] == [200] * 60
    assert set(answers[60:]) == {429}


def test_no_log_and_no_address_holds_what_was_typed(staff, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = searched(staff("paper-worker"), NUMBER)
    assert NUMBER not in answer.redirect_chain[0][0]
    assert not [one for one in caplog.records if NUMBER in one.getMessage() or NUMBER in str(one.__dict__)]
