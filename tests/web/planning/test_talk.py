"""The record of a plan: comments, decisions, reminders and the inbox, by everybody of the cast."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.models import Plan, PlanNote, PlanNotice
from gis.planning.keeping import drawing_of
from tests.cast import EVERYONE
from tests.gis.planning.drafts import a_plan, beside, step

pytestmark = pytest.mark.django_db
READERS = ("zhao", "sun", "li", "zhou")


def day(after: int = 1) -> str:
    return (timezone.localdate() + timedelta(days=after)).isoformat()


def decide(client, plan: Plan, act: str, seen: int | None = None, **more):
    body = {"act": act, "seen": plan.revision if seen is None else seen, **more}
    return client.post(f"/plans/{plan.uuid}/decide/", body)


def state_of(plan: Plan) -> str:
    return Plan.objects.get(pk=plan.pk).state


@pytest.mark.parametrize("name", EVERYONE)
def test_everybody_who_reads_the_plan_may_comment(client_of, cast, name):
    plan = a_plan(cast)
    client = client_of(name)
    page = client.get(f"/plans/{plan.uuid}/talk/")
    sent = client.post(f"/plans/{plan.uuid}/comment/", {"text": "看过了", "cell": "2"})
    if name in READERS:
        note = PlanNote.objects.get(plan=plan)
        assert (note.text, note.cell, note.revision, note.user.username) == ("看过了", 2, 0, name)
        assert sent["Location"].endswith(f"/plans/{plan.uuid}/talk/#note-{note.pk}")
        assert drawing_of(plan).cells[2].name in client.get(f"/plans/{plan.uuid}/talk/").content.decode()
    else:
        assert page.status_code == sent.status_code == 404
        assert not PlanNote.objects.filter(plan=plan).exists()


def test_a_comment_is_plain_text(client_of, cast):
    plan = a_plan(cast)
    client_of("li").post(f"/plans/{plan.uuid}/comment/", {"text": "<script>alert(1)</script>\n第二行"})
    page = client_of("zhao").get(f"/plans/{plan.uuid}/talk/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page


@pytest.mark.parametrize("body", [{"text": " "}, {"text": "长" * 501}, {"text": "好", "cell": "999"}])
def test_what_cannot_be_said_comes_back_with_its_words(client_of, cast, body):
    plan = a_plan(cast)
    answer = client_of("li").post(f"/plans/{plan.uuid}/comment/", body)
    assert answer.status_code == 422
    assert body["text"].strip() in answer.content.decode()
    assert not plan.notes.exists()


def test_comments_stand_in_their_order_newest_last(client_of, cast):
    plan = a_plan(cast)
    for name, text in (("li", "第一句"), ("zhou", "第二句"), ("zhao", "第三句")):
        client_of(name).post(f"/plans/{plan.uuid}/comment/", {"text": text})
    page = client_of("sun").get(f"/plans/{plan.uuid}/talk/").content.decode()
    assert page.index("第一句") < page.index("第二句") < page.index("第三句")


def test_a_plan_is_handed_in_and_approved(client_of, cast):
    plan = a_plan(cast)
    assert decide(client_of("zhao"), plan, "submit", text="请审批").status_code == 302
    assert plan.name in client_of("sun").get("/inbox/").content.decode()
    assert "有方案等您审批" in client_of("sun").get("/notices/").content.decode()
    assert decide(client_of("sun"), plan, "approve", starts=day(3)).status_code == 302
    assert state_of(plan) == "approved"
    assert plan.name not in client_of("sun").get("/inbox/").content.decode()
    assert "方案已批准" in client_of("zhao").get("/notices/").content.decode()


def test_a_plan_sent_back_says_why(client_of, cast):
    plan = a_plan(cast)
    decide(client_of("zhao"), plan, "submit")
    missing = decide(client_of("sun"), plan, "reject", text="")
    assert missing.status_code == 422
    assert 'id="text-wrong"' in missing.content.decode()
    decide(client_of("sun"), plan, "reject", text="东侧网格过大")
    assert "东侧网格过大" in client_of("zhao").get(f"/plans/{plan.uuid}/talk/").content.decode()
    assert state_of(plan) == "rejected"


@pytest.mark.parametrize("name", EVERYONE)
def test_a_decision_is_only_offered_to_whose_it_is(client_of, cast, name):
    plan = a_plan(cast)
    decide(client_of("zhao"), plan, "submit")
    client = client_of(name)
    answer = decide(client, plan, "approve", starts=day())
    assert answer.status_code == (302 if name == "sun" else 403 if name in READERS else 404)
    assert state_of(plan) == ("approved" if name == "sun" else "submitted")


def test_the_second_of_two_approvers_is_told(client_of, cast):
    plan = a_plan(cast)
    decide(client_of("zhao"), plan, "submit", starts=day())
    decide(client_of("sun"), plan, "approve")
    answer = decide(client_of("sun"), plan, "reject", seen=plan.revision, text="等等")
    assert answer.status_code == 302  # an approval can be thought better of
    answer = decide(client_of("sun"), plan, "approve")
    assert answer.status_code == 409
    assert "已退回" in answer.content.decode()


@pytest.mark.parametrize("starts", ["昨天", "2026-02-30", "2020-01-01"])
def test_a_day_that_is_none_or_past_comes_back(client_of, cast, starts):
    plan = a_plan(cast)
    answer = decide(client_of("zhao"), plan, "submit", starts=starts)
    assert answer.status_code == 422
    assert 'id="starts-wrong"' in answer.content.decode()
    assert starts in answer.content.decode()
    assert state_of(plan) == "draft"


@pytest.mark.parametrize("body", [{}, {"act": "publish"}, {"act": "submit", "seen": "x"}, {"act": "submit"}])
def test_nonsense_decides_nothing(client_of, cast, body):
    plan = a_plan(cast)
    assert client_of("zhao").post(f"/plans/{plan.uuid}/decide/", body).status_code in (409, 422)
    assert state_of(plan) == "draft"


def test_what_hinders_is_shown_before_anybody_tries(client_of, cast):
    plan = a_plan(cast)
    tile, _cell = beside(drawing_of(plan))
    plan = step(cast, plan, "erase", tiles=[tile])
    page = client_of("zhao").get(f"/plans/{plan.uuid}/talk/").content.decode()
    assert "1 个地块没有分给网格" in page
    assert 'value="submit"' not in page


def test_a_reminder_leads_to_what_was_said_and_is_read_by_that(client_of, cast):
    plan = a_plan(cast)
    client_of("li").post(f"/plans/{plan.uuid}/comment/", {"text": "请看一下"})
    notice = PlanNotice.objects.get(user=cast.zhao, plan=plan)
    assert not PlanNotice.objects.filter(user=cast.li, plan=plan).exists()
    client = client_of("zhao")
    answer = client.get(f"/plans/notices/{notice.pk}/")
    assert answer["Location"] == f"/plans/{plan.uuid}/talk/#note-{notice.facts['note']}"
    assert "方案有新留言" not in client.get("/notices/").content.decode()
    assert client_of("chen").get(f"/plans/notices/{notice.pk}/").status_code == 404


def test_a_plan_is_copied_renamed_and_deleted(client_of, cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    plan = step(cast, plan, "paint", tiles=[tile], cell=other)
    client = client_of("zhao")
    client.post(f"/plans/{plan.uuid}/copy/", {"name": "另一稿"})
    twin = Plan.objects.get(name="另一稿")
    assert (twin.based_on, twin.revision, twin.begun_from) == (plan, 0, "copy")
    assert (drawing_of(twin).cell == drawing_of(plan).cell).all()
    client.post(f"/plans/{twin.uuid}/rename/", {"name": "第二稿"})
    assert Plan.objects.get(pk=twin.pk).name == "第二稿"
    client.post(f"/plans/{twin.uuid}/rename/", {"name": " "})
    assert Plan.objects.get(pk=twin.pk).name == "第二稿"
    client.post(f"/plans/{twin.uuid}/delete/")
    assert not Plan.objects.filter(pk=twin.pk).exists()


def test_what_others_were_shown_is_not_deleted(client_of, cast):
    plan = a_plan(cast)
    client = client_of("zhao")
    decide(client, plan, "submit")
    decide(client, plan, "take_back")
    assert client.post(f"/plans/{plan.uuid}/delete/").status_code == 403
    assert Plan.objects.filter(pk=plan.pk).exists()


@pytest.mark.parametrize("name", ["li", "zhou", "sun"])
def test_those_who_only_read_change_nothing(client_of, cast, name):
    plan = a_plan(cast)
    client = client_of(name)
    for act in ("copy", "rename", "delete"):
        assert client.post(f"/plans/{plan.uuid}/{act}/", {"name": "我的"}).status_code == 403
    assert not Plan.objects.filter(name="我的").exists()


def test_every_page_of_a_plan_leads_to_the_others(client_of, cast):
    plan = a_plan(cast)
    client_of("li").post(f"/plans/{plan.uuid}/comment/", {"text": "请看一下"})  # the bell counts, too
    client = client_of("zhao")
    assert "1 条未读</span>" in client.get(f"/plans/{plan.uuid}/").content.decode()
    for here in ("", "talk/", "compare/", "impact/"):
        page = client.get(f"/plans/{plan.uuid}/{here}").content.decode()
        for there in ("talk/", "compare/", "impact/"):
            assert f'href="/plans/{plan.uuid}/{there}"' in page
