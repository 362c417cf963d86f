"""Work orders become cases: located or queued, once, handed on, ended, followed by the caller, changed later."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from gis.hotline.hotline_file import HotlineRow, Outcome
from gis.hotline.order import Order
from gis.hotline.queues import drop, set_category, set_place, waiting, words_waiting
from gis.hotline.uploading import counts
from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.incidents.residents.following import open_case, pass_for
from gis.models import Assignment, Category, Department, Incident, Rating, Reporter, Step
from gis.people.sealing import open_seal
from tests.browsing import as_server
from tests.cast import COMMUNITY, OTHER_STREET
from tests.gis.hotline.bringing import an_address, an_order, case, checked, filed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def outcomes(file) -> dict[str, str]:
    return dict(HotlineRow.objects.filter(file=file).values_list("number", "outcome"))


def test_an_order_becomes_a_case_where_its_address_is(cast):
    filed(cast.li, an_order("A1"))
    found = case("A1")
    assert (found.origin, found.place, found.state) == ("hotline", an_address(), "reported")
    assert found.category.code == "C0402"
    assert found.area.startswith(COMMUNITY)
    assert found.building is not None
    assert [step.act for step in found.steps.all()] == ["report"]


def test_the_same_file_twice_doubles_nothing(cast):
    rows = [an_order("A1"), an_order("A2")]
    filed(cast.li, *rows)
    before = (Incident.objects.count(), Step.objects.count())
    again = checked(cast.li, *rows)
    assert counts(again)["v_known"] == 2
    filed(cast.li, *rows)
    assert (Incident.objects.count(), Step.objects.count()) == before


def test_two_sources_may_have_the_same_number(cast):
    filed(cast.li, an_order("A1"))
    filed(cast.li, an_order("A1"), source="市长信箱")
    assert case("A1") != case("A1", "市长信箱")


def test_a_number_twice_in_one_file_is_a_fault_of_the_second_row(cast):
    file = checked(cast.li, an_order("A1"), an_order("A1"))
    second = file.rows.get(row=3)
    assert (second.outcome, second.faults) == ("fault", [["twin", "number", {"row": 2}]])


@pytest.mark.parametrize("place", ["", "建新路", "朝阳区望京西园三区", "某处"])
def test_an_unsure_address_waits_in_the_queue_and_nowhere_else(cast, place):
    file = filed(cast.li, an_order("A1", 诉求地址=place))
    assert outcomes(file) == {"A1": "place"}
    assert not Incident.objects.filter(source_code="A1").exists()


def test_a_person_says_where_it_is(cast):
    filed(cast.li, an_order("A1", 诉求地址="桥头"))
    row = waiting(cast.li, cast.li.access, Outcome.PLACE).get()
    set_place(row.pk, f"area-{COMMUNITY}", user=cast.li, access=cast.li.access)
    assert case("A1").area.startswith(COMMUNITY)
    assert case("A1").doubt
    assert not waiting(cast.li, cast.li.access, Outcome.PLACE).exists()


def test_words_without_a_category_wait_and_are_remembered_once_said(cast):
    first = filed(cast.li, an_order("A1", 诉求分类="市政杂项"), an_order("A2", 诉求分类="市政杂项"))
    assert set(outcomes(first).values()) == {"kind"}
    group = words_waiting(cast.li, cast.li.access)[0]
    assert (group.words, group.number) == ("市政杂项", 2)
    files = set_category(group.first, Category.objects.get(code="C0402"), user=cast.li, access=cast.li.access)
    assert files == {first.pk}
    filed(cast.li, an_order("A3", 诉求分类="市政杂项"))
    assert case("A3").category.code == "C0402"


def test_the_stricter_limit_holds(cast):
    filed(cast.li, an_order("A1", 来电时间=timezone.localtime().strftime("%Y-%m-%d %H:%M"), 办理时限="1小时"))
    filed(cast.li, an_order("A2", 来电时间=timezone.localtime().strftime("%Y-%m-%d %H:%M"), 办理时限="90天"))
    strict, loose = case("A1"), case("A2")
    assert strict.due_at == strict.given_due_at
    assert loose.due_at < loose.given_due_at


def test_the_given_limit_still_holds_after_a_move(cast):
    filed(cast.li, an_order("A1", 来电时间=timezone.localtime().strftime("%Y-%m-%d %H:%M"), 办理时限="1小时"))
    found = case("A1")
    move(found.number, Wish("file"), user=cast.zhou, access=cast.zhou.access)
    found.refresh_from_db()
    assert abs((found.due_at - found.given_due_at).total_seconds()) < 1  # clocks count whole seconds


def test_an_open_order_goes_to_the_department_that_has_it(cast):
    civil = Department.objects.get(code="civil")
    filed(cast.li, an_order("A1", 承办单位=f"顺义区{civil.name}"))
    found = case("A1")
    assert (found.state, found.department) == ("dispatched", civil)
    assert Assignment.objects.filter(incident=found, department=civil, ended=None).exists()
    assert [step.act for step in found.steps.all()] == ["report", "file", "dispatch"]


def test_an_unknown_department_leaves_it_on_the_desk_with_a_remark(cast):
    filed(cast.li, an_order("A1", 承办单位="某某公司"))
    assert [step.act for step in case("A1").steps.all()] == ["report", "comment"]
    assert case("A1").state == "reported"


def test_a_closed_order_comes_in_closed_with_steps_that_say_so(cast):
    told = {"工单状态": "已办结", "办结时间": "2026-03-07 10:00", "办理结果": "井盖已更换。", "满意度": "非常满意"}
    filed(cast.li, an_order("A1", **told))
    found = case("A1")
    assert (found.state, timezone.localtime(found.closed_at).isoformat()) == ("closed", "2026-03-07T10:00:00+08:00")
    assert [step.act for step in found.steps.all()] == ["report", "answer", "close", "rate"]
    assert found.steps.get(act="answer").is_public
    assert Rating.objects.get(incident=found).content == 5


def test_a_result_that_names_somebody_is_no_public_answer(cast):
    told = {"工单状态": "已办结", "办结时间": "2026-03-07 10:00", "办理结果": "已电话联系王女士13800138000。"}
    filed(cast.li, an_order("A1", **told))
    assert not case("A1").steps.filter(is_public=True).exists()
    assert case("A1").steps.filter(act="comment").exists()


def test_an_end_without_a_time_is_not_counted_as_late_or_on_time(cast):
    filed(cast.li, an_order("A1", 工单状态="已办结"))
    assert (case("A1").state, case("A1").due_at) == ("closed", None)


def test_a_refused_order_is_a_refused_case(cast):
    filed(cast.li, an_order("A1", 工单状态="不予受理", 办结时间="2026-03-06"))
    assert case("A1").state == "rejected"


@pytest.mark.parametrize("number", ["12345-2026/03A", "ours"])
def test_the_caller_follows_with_either_number_and_four_digits(cast, number):
    filed(cast.li, an_order("12345-2026/03A"))
    found = case("12345-2026/03A")
    typed = found.number if number == "ours" else number
    with as_server():
        opened = open_case(pass_for(typed, "8000", who=b"1", at=timezone.now()))
    assert opened.incident == found
    assert not opened.by_link


def test_name_and_phone_lie_sealed_and_only_where_the_case_lies(cast):
    filed(cast.li, an_order("A1"))
    kept = Reporter.objects.get(incident=case("A1"))
    assert (kept.name, open_seal(kept.phone_sealed), kept.phone_last4) == ("王小明", "13800138000", "8000")
    for scope, seen in ((OTHER_STREET, 0), (COMMUNITY, 1)):
        with as_server(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.scope', %s, true)", [scope])
            cursor.execute("SELECT count(*) FROM grid_reporter WHERE id = %s", [kept.pk])
            assert cursor.fetchone()[0] == seen


def test_what_waits_is_sealed_shown_to_its_area_alone_and_gone_once_filed(cast):
    file = filed(cast.li, an_order("A1", 诉求地址="桥头"), an_order("A2"))
    waits, done = file.rows.get(number="A1"), file.rows.get(number="A2")
    assert "王小明" not in bytes(waits.sealed).decode("latin-1")
    assert Order.opened(waits.sealed).name == "王小明"
    assert done.sealed is None
    assert not waiting(cast.chen, cast.chen.access, Outcome.PLACE).exists()
    with as_server(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', %s, true)", [OTHER_STREET])
        cursor.execute("SELECT count(*) FROM grid_hotlinerow")
        assert cursor.fetchone()[0] == 0


def test_a_changed_row_is_reported_and_written_beside_the_case(cast):
    filed(cast.li, an_order("A1"))
    told = an_order("A1", 诉求内容="井盖还没有修好。", 联系电话="13900139000")
    assert counts(checked(cast.li, told))["v_changed"] == 1
    file = filed(cast.li, told)
    assert outcomes(file) == {"A1": "changed"}
    found = case("A1")
    remark = found.steps.get(act="comment").note
    assert found.description.startswith("楼前的井盖")
    assert "井盖还没有修好" in remark
    assert "联系电话有变化" in remark
    assert "13900139000" not in remark
    assert open_seal(Reporter.objects.get(incident=found).phone_sealed) == "13800138000"
    assert outcomes(filed(cast.li, told)) == {"A1": "known"}


def test_a_limit_that_was_moved_is_taken_over(cast):
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    filed(cast.li, an_order("A1", 来电时间=now, 办理时限="2小时"))
    filed(cast.li, an_order("A1", 来电时间=now, 办理时限="1小时"))
    assert case("A1").due_at == case("A1").given_due_at
    assert (case("A1").due_at - case("A1").reported_at).total_seconds() == 3600


def test_an_order_ended_there_ends_here_where_nobody_has_touched_it(cast):
    ended = {"工单状态": "已办结", "办结时间": "2026-03-09 10:00", "办理结果": "修好了。"}
    filed(cast.li, an_order("A1"), an_order("A2"))
    move(case("A2").number, Wish("file"), user=cast.zhou, access=cast.zhou.access)
    filed(cast.li, an_order("A1", **ended), an_order("A2", **ended))
    assert case("A1").state == "closed"
    assert case("A2").state == "filed"
    assert "自行结案" in case("A2").steps.get(act="comment").note


def test_a_later_file_replaces_what_waits(cast):
    first = filed(cast.li, an_order("A1", 诉求地址="桥头"))
    second = filed(cast.li, an_order("A1", 诉求地址="桥头", 诉求内容="桥头的井盖坏了"))
    assert (outcomes(first), outcomes(second)) == ({"A1": "later"}, {"A1": "place"})
    assert waiting(cast.li, cast.li.access, Outcome.PLACE).count() == 1
    filed(cast.li, an_order("A1"))
    assert case("A1").state == "reported"


def test_what_was_dropped_stays_so_until_it_says_something_else(cast):
    row = an_order("A1", 诉求地址="桥头")
    filed(cast.li, row)
    drop(waiting(cast.li, cast.li.access, Outcome.PLACE).get().pk, user=cast.li, access=cast.li.access)
    assert outcomes(filed(cast.li, row)) == {"A1": "known"}
    assert outcomes(filed(cast.li, row | {"诉求内容": "另一件事"})) == {"A1": "place"}


def test_an_officer_brings_what_is_their_departments_alone(cast):
    mine, other = cast.he.department, Department.objects.exclude(pk=cast.he.department_id).first()
    rows = [an_order("A1", 承办单位=mine.name), an_order("A2", 承办单位=other.name), an_order("A3")]
    file = filed(cast.he, *rows, area="110113")
    assert outcomes(file) == {"A1": "filed", "A2": "fault", "A3": "filed"}
    assert case("A3").department == mine


def test_another_streets_file_does_not_tell_of_our_case(cast):
    filed(cast.li, an_order("A1"))
    file = filed(cast.chen, an_order("A1", 诉求内容="别的话"), area=OTHER_STREET)
    row = file.rows.get()
    assert (row.outcome, row.incident) == ("known", None)


def test_a_row_with_faults_names_field_and_reason_and_keeps_nothing(cast):
    file = checked(cast.li, an_order("", 来电时间="x"), an_order("A2", 来电时间="昨天"), an_order("A3", 诉求内容=""))
    assert [row.faults[0][0] for row in file.rows.all()] == ["no_number", "bad_time", "no_text"]
    assert not file.rows.exclude(sealed=None).exists()
    assert settings.PEOPLE_KEY


def test_nothing_private_of_it_is_on_a_public_page(cast, client):
    filed(cast.li, an_order("A1", 诉求内容="王女士住3单元402，电话13800138000，井盖坏了"))
    for address in (f"/community/{COMMUNITY}/", f"/community/{COMMUNITY}/cases/"):
        page = client.get(address)
        assert page.status_code in (200, 404)
        assert "13800138000" not in page.content.decode()
        assert "402" not in page.content.decode()
