"""The list of residents and a resident's record: masked by rule, searched without a name in any address."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from gis.models import Building, Resident, Visit, VisitDue, VisitWithdrawal
from gis.people.due import try_on
from tests.cast import CELL
from tests.web.pages.street import STREET, A, B, D

pytestmark = pytest.mark.django_db
NAME = "王八妹"


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def resident(area: str = A) -> Resident:
    return Resident.objects.filter(area=area).earliest("pk")


def searched(browser, words: str, **filters):
    return browser.post("/residents/", {"text": words, **filters}, follow=True)


def test_it_lists_those_in_scope(staff):
    assert "共 18 条" in text(staff("paper-worker").get("/residents/"))
    assert "共 54 条 · 第 1–50 条" in text(staff("paper-street").get("/residents/"))


def test_it_pages_and_keeps_the_filter(staff):
    page = text(staff("paper-street").get("/residents/", {"population": "registered", "page": "1"}))
    assert "共 36 条" in page
    assert 'href="?page=2' in text(staff("paper-street").get("/residents/"))


@pytest.mark.parametrize("who", ["paper-planner", "paper-officer", "paper-admin"])
def test_it_refuses_roles_that_do_not_read_people(staff, who):
    browser = staff(who)
    for path in ("/residents/", f"/residents/{resident().pk}/"):
        refused = browser.get(path)
        assert refused.status_code == 403
        assert "您的角色不能查看居民名单" in refused.content.decode()


def test_it_shows_full_names_to_the_worker_and_surnames_above(staff):
    assert NAME in text(staff("paper-worker").get("/residents/"))
    page = text(staff("paper-street").get("/residents/"))
    assert NAME not in page
    assert "王**" in page


def test_it_finds_a_name_without_putting_it_into_the_address(staff):
    answer = searched(staff("paper-worker"), NAME)
    assert NAME in text(answer)
    address, status = answer.redirect_chain[0]
    assert status == 302
    assert address.startswith("/residents/?held=")
    assert len(address) < 40
    assert all(sign not in answer.request["QUERY_STRING"] for sign in NAME)
    assert "%" not in answer.request["QUERY_STRING"]


def test_it_keeps_the_name_sealed_in_the_session(staff):
    searched(staff("paper-worker"), NAME)
    held = [session.get_decoded().get("held") for session in Session.objects.all()]
    assert any(held)
    assert NAME not in str(held)


def test_it_logs_no_name(staff, caplog):
    with caplog.at_level(logging.DEBUG):
        searched(staff("paper-worker"), NAME)
    assert not [record for record in caplog.records if NAME in record.getMessage() or NAME in str(record.__dict__)]


def test_it_ignores_a_name_typed_into_the_address(staff):
    assert "共 18 条" in text(staff("paper-worker").get("/residents/", {"text": NAME, "held": "guessed"}))


def test_it_combines_the_name_with_other_filters(staff):
    answer = searched(staff("paper-community"), "王", area=B)
    assert f"area={B}" in answer.redirect_chain[0][0]
    assert A not in {person.area for person, _tags in answer.context["rows"]}


def test_it_reads_another_tabs_token_too(staff):
    browser = staff("paper-worker")
    first = searched(browser, NAME).redirect_chain[0][0]
    searched(browser, "赵一")
    assert browser.get(first).context["typed"] == NAME


def test_a_token_is_nothing_in_another_session(staff):
    address = searched(staff("paper-worker"), NAME).redirect_chain[0][0]
    assert staff("paper-community").get(address).context["typed"] == ""


def test_it_says_that_a_masked_role_finds_by_surname_only(staff):
    browser = staff("paper-street")
    assert "只能按姓氏查找" in text(browser.get("/residents/"))
    refused = searched(browser, NAME)
    assert ("只能按姓氏查找" in text(refused), refused.context["rows"]) == (True, [])
    assert "没有符合条件的居民" not in text(refused)  # nobody was looked for
    assert "没有符合条件的居民" not in text(searched(browser, "王"))


def test_it_offers_needs_only_to_whom_they_are_shown(staff):
    assert 'name="need"' in text(staff("paper-worker").get("/residents/"))
    page = text(staff("paper-street").get("/residents/", {"need": "elder_80plus"}))
    assert 'name="need"' not in page
    assert "共 54 条" in page


def test_it_filters_by_building_from_its_link(staff):
    building = Building.objects.filter(area=A).earliest("code")
    assert "共 9 条" in text(staff("paper-street").get("/residents/", {"building": building.pk}))


def test_it_shows_no_building_to_the_district(staff):
    page = text(staff("paper-district").get("/residents/", {"area": STREET}))
    assert "东园北区" not in page
    assert "东社区第1网格" in page


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("paper-worker", ["**************", "tel:010555", "1单元101", "同住家庭成员"], []),
        (
            "paper-street",
            ["**************", "***", "东园北区1号楼"],
            ["tel:", "1单元101", "同住家庭成员", "<dt>服务需求"],
        ),
        ("paper-district", ["东社区第1网格"], ["**************", "<dt>电话", "东园北区", "同住家庭成员"]),
    ],
)
def test_a_record_shows_what_the_rule_allows(staff, who, seen, unseen):
    page = text(staff(who).get(f"/residents/{resident().pk}/"))
    assert [sign for sign in seen if sign not in page] == []
    assert [sign for sign in unseen if sign in page] == []


@pytest.mark.parametrize("who", ["paper-worker", "paper-street", "paper-district"])
def test_no_page_holds_a_whole_identity_number(staff, who):
    from gis.people.sealing import open_seal

    browser, person = staff(who), resident()
    number = open_seal(person.identity_sealed)
    assert number not in text(browser.get(f"/residents/{person.pk}/"))
    assert number not in text(browser.get("/residents/"))


def test_a_resident_of_another_area_is_not_found(staff):
    browser = staff("paper-worker")
    assert browser.get(f"/residents/{resident(D).pk}/").status_code == 404
    assert browser.get(f"/residents/{resident(B).pk}/").status_code == 404
    assert browser.get("/residents/999999999/").status_code == 404


def test_people_are_not_kept_by_the_browser(staff):
    browser = staff("paper-worker")
    assert browser.get("/residents/")["Cache-Control"] == "no-store"
    assert browser.get(f"/residents/{resident().pk}/")["Cache-Control"] == "no-store"


def test_the_title_of_a_record_names_nobody(staff):
    page = text(staff("paper-worker").get(f"/residents/{resident().pk}/"))
    assert "<title>居民档案" in page


@pytest.fixture
def visited(cast) -> Resident:
    """Somebody of cell 1 who was visited, wrongly once."""
    person = VisitDue.objects.filter(area=CELL, resident__visits__isnull=False).first().resident
    now = timezone.now()
    wrong = Visit.objects.create(
        resident=person, at=now, day=timezone.localdate(), by=cast.wang, outcome="met", found="help", area=CELL,
        note="需要送药",
    )  # fmt: skip
    VisitWithdrawal.objects.create(visit=wrong, at=now, by=cast.wang, area=CELL)
    return person


@pytest.mark.parametrize("who", ["wang", "zhou"])
def test_it_tells_of_visits_and_of_the_next_one_to_who_sees_the_needs(client_of, visited, who):
    page = client_of(who).get(f"/residents/{visited.pk}/").content.decode()
    assert "走访记录" in page
    assert "需要送药" in page
    assert "已撤回" in page
    due = VisitDue.objects.get(resident=visited)
    assert f"{try_on(due.due_on, due.tried_on):%Y-%m-%d}" in page


@pytest.mark.parametrize("who", ["li", "sun"])
def test_it_tells_nobody_else_of_visits(client_of, visited, who):
    page = client_of(who).get(f"/residents/{visited.pk}/").content.decode()
    assert "走访" not in page
    assert "需要送药" not in page
