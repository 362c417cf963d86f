"""The mediation page: written by those who handle the case, unseen by everybody else, wherever they look."""

import pytest
from django.utils import timezone

from gis.codes.loading import load_table
from gis.models import Category, Dispute, Incident
from tests.gis.incidents.reported import report
from tests.web.pages.street import A

SECRET = "密䶮先生"
RECORD = {"do": "record", "seen": "0", "kind": "neighbour", "brief": SECRET, "people": "2", "mediator": "王调解",
          "method": "peoples", "outcome": "ongoing"}  # fmt: skip


@pytest.fixture
def case(street) -> Incident:
    load_table("dispute")
    category = Category.objects.get(kind="community", code="C0601")
    return report(A, at=timezone.now(), lon=116.605, lat=40.107, category=category)


@pytest.fixture
def address(case) -> str:
    return f"/incidents/{case.number}/mediation/"


@pytest.fixture
def written(staff, address) -> str:
    browser = staff("paper-community")
    assert browser.post(address, RECORD).status_code == 302
    party = {"do": "party", "side": "applicant", "name": SECRET, "phone": "010-5550"}
    assert browser.post(address, party).status_code == 302
    meeting = {"do": "meeting", "at": "2026-03-05T10:00", "summary": SECRET}
    assert browser.post(address, meeting).status_code == 302
    return address


def test_the_page_begins_with_what_the_category_says(staff, address):
    page = staff("paper-community").get(address)
    assert '<option value="neighbour" selected>' in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_what_is_written_is_shown_again_with_who_has_looked(staff, written):
    page = staff("paper-street").get(written).content.decode()
    assert page.count(SECRET) >= 3
    assert "tel:010-5550" in page
    assert page.count("职员") >= 2


def test_the_case_tells_how_far_it_has_come_and_no_more(staff, case, written):
    page = staff("paper-community").get(f"/incidents/{case.number}/").content.decode()
    assert "打开调解记录" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    "name",
    ["paper-worker", "paper-district", "paper-planner", "paper-officer", "paper-other", "paper-admin"],
)
def test_nobody_else_sees_or_writes_it(name, staff, case, written):
    browser = staff(name)
    assert browser.get(written).status_code in (403, 404)
    assert browser.post(written, RECORD | {"seen": "1", "brief": "改"}).status_code in (403, 404)
    assert Dispute.objects.get().brief == SECRET
    for place in (f"/incidents/{case.number}/", "/incidents/", f"/map/panel/incident/{case.number}/", "/mediation/"):
        page = browser.get(place).content.decode()
        assert SECRET not in page
        assert "打开调解记录" not in page


def test_no_other_page_tells_what_was_said(staff, case, written):
    browser = staff("paper-community")
    for place in ("/", "/dashboard/", "/incidents/", "/inbox/", f"/map/panel/incident/{case.number}/", "/mediation/"):
        answer = browser.get(place)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert SECRET not in body.decode()


def test_what_cannot_be_saved_is_shown_again_with_its_reason(staff, address):
    answer = staff("paper-community").post(address, RECORD | {"outcome": "agreed", "agreed_on": "不详"})
    assert answer.status_code == 422
    assert SECRET in answer.content.decode()
    assert "请把日期写成" in answer.content.decode()
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    "nonsense",
    [{"do": ""}, {"do": "party", "name": "甲"}, {"people": "-1"}, {"people": "1e3"}, {"seen": "9" * 30}, {"kind": "x"},
     {"agreed_on": "2026-02-31"}, {"review_on": "9999-99-99"}, {"method": "x"}, {"brief": "长" * 5000}],
)  # fmt: skip
def test_nonsense_is_refused(nonsense, staff, address):
    assert staff("paper-community").post(address, RECORD | nonsense).status_code in (409, 422, 302)
    assert all(one.kind == "neighbour" and one.people == 2 for one in Dispute.objects.all())


def test_a_change_upon_an_old_record_keeps_what_was_typed(staff, written):
    answer = staff("paper-street").post(written, RECORD | {"brief": "晚到的话"})
    assert answer.status_code == 409
    assert "晚到的话" in answer.content.decode()
    assert Dispute.objects.get().brief == SECRET


def test_a_party_is_removed_from_its_own_record_only(staff, case, written):
    party = Dispute.objects.get().parties.get()
    other = report(A, at=timezone.now(), category=case.category)
    browser = staff("paper-community")
    there = f"/incidents/{other.number}/mediation/"
    browser.post(there, RECORD)
    browser.post(there, {"do": "remove", "party": party.pk})
    assert party.__class__.objects.filter(pk=party.pk).exists()
    browser.post(written, {"do": "remove", "party": party.pk})
    assert not party.__class__.objects.filter(pk=party.pk).exists()


def test_the_calendar_shows_reviews_due_where_one_reads_disputes(staff, case, written):
    Dispute.objects.update(review_on="2026-03-05", outcome="agreed", agreed_on="2026-02-05")
    page = staff("paper-street").get("/mediation/", {"month": "2026-03"}).content.decode()
    assert page.count(case.number) >= 2
    assert SECRET not in page
    assert staff("paper-other").get("/mediation/", {"month": "2026-03"}).content.decode().count(case.number) == 0
    assert staff("paper-worker").get("/mediation/").status_code == 403
    for month in ("2026-13", "x", "0001-01", "9999-12", "2026-03-05", "-1"):
        assert staff("paper-street").get("/mediation/", {"month": month}).status_code == 200
