"""The calendar and the limits on their pages: everybody looks, whoever keeps all areas changes, after a preview."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.incidents.holidays import calendar_in_force
from gis.incidents.reminders.rule import TABLE, rules
from gis.models import Code, Posting, StageLimit
from tests.gis.incidents.test_arrangement import NOTICE_2026

pytestmark = pytest.mark.django_db
LIST = "2027-01-01至2027-01-03 休 元旦"


@pytest.fixture
def keeper(cast, client_of):
    """An administrator of everything."""
    Posting.objects.filter(user=cast.admin).update(area="11")
    return client_of("admin")


@pytest.fixture
def deferred(monkeypatch) -> list:
    """The jobs that were asked for: there is no queue inside a test's transaction."""
    asked = []
    monkeypatch.setattr("web.pages.calendar.reset_deadlines.defer", lambda **given: asked.append(given))
    return asked


@pytest.mark.parametrize("path", ["/calendar/", "/calendar/?year=2027", "/calendar/?year=x", "/limits/"])
@pytest.mark.parametrize("name", ["wang", "he", "zhao", "admin"])
def test_everybody_may_look(client_of, name, path):
    assert client_of(name).get(path).status_code == 200


def test_the_year_is_a_picture_of_what_counts(client_of):
    page = client_of("li").get("/calendar/?year=2026").content.decode()
    assert page.count('class="month"') == 12
    assert page.count('class="day work"') == 7
    assert "春节" in page
    assert "还没有录入" not in page
    assert "还没有录入" in client_of("li").get("/calendar/?year=2027").content.decode()


@pytest.mark.parametrize("name", ["li", "sun", "wang", "he"])
def test_whoever_keeps_less_changes_nothing(client_of, name):
    before = calendar_in_force()
    browser = client_of(name)
    assert browser.post("/calendar/change/", {"what": "paste", "text": LIST, "confirm": "1"}).status_code == 403
    sent = {"text": "C0301 处置 1 工作时", "starts": timezone.localdate().isoformat(), "confirm": "1"}
    assert browser.post("/limits/change/", sent).status_code == 403
    assert calendar_in_force() == before
    assert not StageLimit.objects.exists()


def test_a_preview_changes_nothing_and_a_confirmation_does(keeper, deferred):
    before = calendar_in_force()
    page = keeper.post("/calendar/change/", {"what": "paste", "text": LIST, "year": "2027"}).content.decode()
    assert "件未结事件的时限会移动" in page
    assert "元旦" in page
    assert calendar_in_force() == before
    keeper.post("/calendar/change/", {"what": "paste", "text": LIST, "year": "2027", "confirm": "1"})
    assert 2027 in calendar_in_force().years
    assert deferred == [{"old": before.as_json()}]


def test_the_notice_that_is_there_already_changes_nothing(keeper):
    page = keeper.post("/calendar/change/", {"what": "paste", "text": NOTICE_2026, "year": "2026"}).content.decode()
    assert "没有变化" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "paste", "text": "2月30日放假", "year": "2027"},
        {"what": "paste", "text": "", "year": "2027"},
        {"what": "day", "day": "2027-02-30", "kind": "off"},
        {"what": "day", "day": "2027-02-01", "kind": "party"},
        {"what": "day", "day": "2027-02-01", "kind": "work"},
        {"what": "hours", "hours": "9 to 5"},
        {"what": "moon"},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(keeper, deferred, wrong):
    before = calendar_in_force()
    assert keeper.post("/calendar/change/", wrong | {"confirm": "1"}).status_code == 422
    assert calendar_in_force() == before
    assert deferred == []


def test_one_day_and_the_hours(keeper, deferred):
    keeper.post("/calendar/change/", {"what": "day", "day": "2027-02-06", "kind": "work", "name": "补", "confirm": "1"})
    keeper.post("/calendar/change/", {"what": "hours", "hours": "8:30-12:00，14:00-18:00", "confirm": "1"})
    calendar = calendar_in_force()
    assert calendar.work.day == 7.5 * 3600
    assert len(deferred) == 2


def test_limits_are_shown_and_changed_from_a_day_on(keeper):
    today = timezone.localdate()
    asked = {"text": "C0301 核查 3 工作时", "starts": (today + timedelta(days=1)).isoformat()}
    assert "C0301" in keeper.post("/limits/change/", asked).content.decode()
    assert not StageLimit.objects.exists()
    assert keeper.post("/limits/change/", asked | {"confirm": "1"}).status_code == 302
    assert "3 工作时" in keeper.get("/limits/").content.decode()
    # from tomorrow on at the earliest: what was reported this morning keeps its limits
    for wrong in ({"starts": "2020-01-01"}, {"starts": today.isoformat()}, {"starts": "x"}, {"text": "C0301"}):
        assert keeper.post("/limits/change/", asked | wrong | {"confirm": "1"}).status_code == 422


@pytest.fixture
def alarms(monkeypatch) -> list:
    asked = []
    monkeypatch.setattr("web.pages.reminder_rules.set_alarms.defer", lambda: asked.append("all"))
    return asked


def test_a_rule_of_reminders_is_changed_and_every_alarm_set_anew(keeper, alarms):
    sent = {"active": "on", "share": "60", "after": "", "unit": "work_hour", "to": ["holder", "desk"]}
    assert keeper.post("/limits/reminders/soon/", sent).status_code == 302
    rule = next(rule for rule in rules() if rule.code == "soon")
    assert (rule.share, rule.after, rule.to, rule.escalates) == (60, None, {"holder", "desk"}, False)
    assert alarms == ["all"]
    keeper.post("/limits/reminders/soon/", sent | {"active": ""})
    assert "soon" not in {rule.code for rule in rules()}
    assert "停用" in keeper.get("/limits/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"share": "0"}, {"share": "101"}, {"to": []}, {"to": ["everyone"]}, {"after": "3", "unit": "moons"}]
)
def test_a_rule_that_makes_no_sense_is_refused(keeper, alarms, wrong):
    before = rules()
    sent = {"active": "on", "share": "60", "after": "", "unit": "work_hour", "to": ["holder"]} | wrong
    assert keeper.post("/limits/reminders/soon/", sent).status_code == 422
    assert rules() == before
    assert alarms == []


def test_the_rules_are_changed_by_nobody_else(client_of, alarms):
    for name in ("li", "sun", "he"):
        sent = {"active": "on", "share": "60", "to": ["holder"]}
        assert client_of(name).post("/limits/reminders/soon/", sent).status_code == 403


def test_the_page_of_limits_names_every_rule(keeper):
    page = keeper.get("/limits/").content.decode()
    assert page.count('class="rule-form"') == len(rules())
    Code.objects.filter(table=TABLE, code="soon").update(details={"clock": "moon"})
    assert "读不懂" in keeper.get("/limits/").content.decode()
