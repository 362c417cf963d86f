"""The pages of rules: read by supervisors, changed by those whose desk it is, tried before they decide."""

import pytest

from gis.incidents.routing.drafting import draft_of, in_force_now
from gis.models import Category, Department, Incident, RoutingTable
from tests.cast import CELL, DISTRICT, OTHER_STREET, STREET
from tests.gis.incidents.loop import a_case, civil, go
from tests.gis.incidents.routing.tables import a_draft, in_force

pytestmark = pytest.mark.django_db
PAGE = f"/routing/{STREET}/"


def text(response) -> str:
    return response.content.decode()


def asked(**fields) -> dict:
    return {"name": "环卫", "lead": civil().pk} | fields


def test_the_way_leads_to_ones_own_rules(client_of):
    assert client_of("li").get("/routing/").headers["Location"] == PAGE
    assert client_of("zhou").get("/routing/").headers["Location"] == PAGE
    assert client_of("sun").get("/routing/").headers["Location"] == f"/routing/{DISTRICT}/"


@pytest.mark.parametrize("name", ["wang", "zhao", "he", "admin"])
def test_who_dispatches_nothing_is_not_shown_the_rules(client_of, name):
    assert client_of(name).get("/routing/").status_code == 403
    assert client_of(name).get(PAGE).status_code == 403


@pytest.mark.parametrize("code", [OTHER_STREET, CELL, "11x", "١١٠١١٣", "99"])
def test_other_ground_does_not_exist(client_of, code):
    for page in ("", "rule/", "trial/", "waiting/"):
        assert client_of("li").get(f"/routing/{code}/{page}").status_code == 404


def test_a_rule_goes_through_the_draft_to_publication(client_of):
    li = client_of("li")
    litter = Category.objects.get(kind="community", code="C0301")
    sent = asked(category=[litter.pk], weekday=["5", "6"], since="22:00", until="06:00", helper=[civil().pk])
    assert li.post(PAGE + "rule/", sent).status_code == 302
    assert in_force_now(STREET) is None
    draft = draft_of(STREET)
    rule = draft.rules.get()
    assert (rule.categories, rule.weekdays, rule.departments) == ([litter.pk], [5, 6], [civil().pk])
    page = text(li.get(PAGE))
    assert "草稿，尚未生效" in page
    assert "22:00–次日 06:00" in page
    li.post(PAGE, {"act": "publish", "seen": draft.revision, "note": "第一版"})
    assert in_force_now(STREET).rules.get().key == rule.key
    assert "正在按第 1 版派遣" in text(li.get(PAGE))


def test_what_cannot_be_kept_is_said_and_nothing_written_is_lost(client_of):
    answer = client_of("li").post(PAGE + "rule/", asked(name="夜间", since="22:00", until=""))
    assert answer.status_code == 422
    page = text(answer)
    assert "时段要有开始和结束" in page
    assert 'value="夜间"' in page
    assert draft_of(STREET) is None


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "\x00", "lead": "9" * 30},
        {"name": "x", "weekday": ["0", "八", "-1"], "by_hand": "yes"},
        {"name": "x" * 5000, "since": "25:99", "until": "x", "starts": "2026-02-31", "team": "moon", "level": "7"},
        {"name": "x", "category": ["1e9", "x"], "major": ["\x00坏"], "origin": ["鸽子"], "area": "'; DROP TABLE"},
        {"name": "x", "handler": "999999", "helper": ["-3"]},
    ],
)
def test_nonsense_is_refused_and_never_an_error(client_of, sent):
    answer = client_of("li").post(PAGE + "rule/", sent)
    assert answer.status_code in (302, 422)
    assert client_of("li").get(PAGE).status_code == 200


def test_who_may_not_change_it_reads_it_only(client_of, cast):
    a_draft(cast.li, {"name": "甲", "by_hand": True})
    zhou = client_of("zhou")
    page = text(zhou.get(PAGE))
    assert "甲" in page
    assert "发布</button>" not in page
    assert zhou.get(PAGE + "rule/").status_code in (403, 404)
    for act in ("publish", "discard", "drop", "order", "shift", "restore", "withdraw"):
        assert zhou.post(PAGE, {"act": act, "seen": 1}).status_code in (403, 404)
    assert draft_of(STREET)


def test_two_who_edit_one_draft_are_told(client_of, cast):
    draft = a_draft(cast.li, {"name": "甲", "by_hand": True})
    client_of("sun").post(PAGE + "rule/", asked(name="乙", seen=draft.revision))
    answer = client_of("li").post(PAGE + "rule/", asked(name="丙", seen=draft.revision))
    assert answer.status_code == 422
    assert "别人刚才改了这份草稿" in text(answer)
    assert 'value="丙"' in text(answer)
    assert [rule.name for rule in draft.rules.order_by("position")] == ["甲", "乙"]


def test_a_draft_that_another_has_begun_is_not_changed_unseen(client_of, cast):
    """Both open the page while there is no draft; what the first writes must not be lost to the second."""
    in_force(cast.li, *({"name": name, "by_hand": True} for name in "甲乙"))
    keys = [str(rule.key) for rule in in_force_now(STREET).rules.order_by("position")]
    client_of("sun").post(PAGE, {"act": "shift", "key": keys[1], "to": "up", "seen": ""})
    li = client_of("li")
    for act in ({"act": "order", "order": ",".join(keys)}, {"act": "drop", "key": keys[0]}, {"act": "discard"}):
        assert li.post(PAGE, act | {"seen": ""}).status_code == 409
    assert li.post(PAGE, {"act": "restore", "number": 1, "seen": ""}).status_code == 409
    assert [rule.name for rule in draft_of(STREET).rules.order_by("position")] == ["乙", "甲"]


def test_rules_move_up_and_down_and_as_a_whole(client_of, cast):
    draft = a_draft(cast.li, *({"name": name, "by_hand": True} for name in "甲乙丙"))
    li = client_of("li")
    keys = {rule.name: str(rule.key) for rule in draft.rules.all()}

    def names() -> str:
        draft.refresh_from_db()
        return "".join(rule.name for rule in draft.rules.order_by("position"))

    li.post(PAGE, {"act": "shift", "key": keys["丙"], "to": "up", "seen": draft.revision})
    assert names() == "甲丙乙"
    li.post(PAGE, {"act": "order", "order": ",".join(keys[name] for name in "乙甲丙"), "seen": draft.revision})
    assert names() == "乙甲丙"
    stale = {"act": "order", "order": ",".join(keys[name] for name in "丙甲乙"), "seen": draft.revision - 1}
    assert li.post(PAGE, stale).status_code == 409
    assert names() == "乙甲丙"


def test_the_last_rule_moved_down_stays_the_last(client_of, cast):
    draft = a_draft(cast.li, *({"name": name, "by_hand": True} for name in "甲乙"))
    last = draft.rules.get(name="乙")
    client_of("li").post(PAGE, {"act": "shift", "key": last.key, "to": "down", "seen": draft.revision})
    assert [rule.name for rule in draft.rules.order_by("position")] == ["甲", "乙"]


def test_an_earlier_version_is_put_into_the_draft(client_of, cast):
    in_force(cast.li, {"name": "甲", "by_hand": True})
    in_force(cast.li, {"name": "乙", "by_hand": True})
    client_of("li").post(PAGE, {"act": "restore", "number": 1})
    assert [rule.name for rule in draft_of(STREET).rules.all()] == ["甲"]
    client_of("li").post(PAGE, {"act": "discard", "seen": draft_of(STREET).revision})
    assert not RoutingTable.objects.filter(begins=None)


def test_a_trial_shows_what_would_change(client_of, cast):
    in_force(cast.li, {"name": "全部", "departments": [civil().pk]})
    urban = Department.objects.get(code="urban")
    a_draft(cast.li, {"name": "新的全部", "departments": [urban.pk]})
    page = text(client_of("li").get(PAGE + "trial/?n=100"))
    assert "民政局" in page
    assert "城市管理委员会" in page
    assert "新的全部" in page


def test_what_waits_is_listed_and_sent(client_of, cast):
    incident = a_case()
    go(cast, "zhou", incident, "file")
    in_force(cast.li, {"name": "全部", "departments": [civil().pk]})
    li = client_of("li")
    assert incident.number in text(li.get(PAGE + "waiting/"))
    page = text(li.post(PAGE + "waiting/", {"number": [incident.number]}, follow=True))
    assert "已按规则派出 1 件" in page
    assert Incident.objects.get(pk=incident.pk).state == "dispatched"


def test_the_case_says_which_rule_sent_it(client_of, cast):
    in_force(cast.li, {"name": "消防", "majors": ["消防安全"], "by_hand": True}, {"name": "全部", "team": "cell"})
    incident = a_case(area=CELL)
    go(cast, "zhou", incident, "file")
    page = text(client_of("zhou").get(f"/incidents/{incident.number}/"))
    assert "为什么派到这里" in page
    assert "“全部”" in page
    assert "前面 1 条规则不符合" in page


def test_a_case_that_no_rule_fits_says_so(client_of, cast):
    incident = a_case()
    go(cast, "zhou", incident, "file")
    page = text(client_of("li").get(f"/incidents/{incident.number}/"))
    assert "没有一条派遣规则符合" in page
