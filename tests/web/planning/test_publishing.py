"""The impact report and the button that publishes: who sees which, and what becomes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.models import CellVersion, Plan, PlanNotice, Posting, PublicationOrder, Redrawing
from tests.cast import CELL
from tests.gis.planning.publishing.approved import a_plan, approved

pytestmark = pytest.mark.django_db


def impact(plan) -> str:
    return f"/plans/{plan.uuid}/impact/"


def post(client, plan, **rest):
    return client.post(f"/plans/{plan.uuid}/publish/", {"seen": plan.revision} | rest, follow=True)


def text(answer) -> str:
    return answer.content.decode()


def test_the_planner_reads_the_report_and_cannot_publish(cast, client_of):
    said = text(client_of("zhao").get(impact(approved(cast))))
    assert "没有发现妨碍发布的问题" in said
    assert "新增" in said
    assert "现在发布" not in said


def test_the_approver_gets_the_button_once_it_is_approved(cast, client_of):
    assert "现在发布" in text(client_of("sun").get(impact(approved(cast))))
    assert "批准以后才能发布" in text(client_of("sun").get(impact(a_plan(cast))))


def test_what_was_decided_for_a_later_day_is_said_until_the_plan_goes_back(cast, client_of):
    day = timezone.localdate() + timedelta(days=3)
    plan, sun = approved(cast, starts=day), client_of("sun")
    assert "没有另行安排的" in text(sun.get(impact(plan)))
    post(sun, plan)
    said = text(sun.get(impact(plan)))
    assert "定下了下面的安排" in said
    assert f"方案在 {day.isoformat()} 自动发布" in said
    moved = {"act": "redate", "seen": plan.revision, "starts": (day + timedelta(days=2)).isoformat()}
    assert "生效日期已改为" in text(sun.post(f"/plans/{plan.uuid}/decide/", moved, follow=True))
    assert PublicationOrder.objects.filter(plan=plan).exists()
    client_of("zhao").post(f"/plans/{plan.uuid}/decide/", {"act": "take_back", "seen": plan.revision})
    assert not PublicationOrder.objects.filter(plan=plan).exists()
    assert "自动发布" not in text(sun.get(impact(plan)))


@pytest.mark.parametrize("name", ["chen", "wang", "admin"])
def test_others_see_nothing_of_it(name, cast, client_of):
    plan = approved(cast)
    assert client_of(name).get(impact(plan)).status_code == 404
    assert post(client_of(name), plan).status_code == 404


def test_a_planner_who_posts_is_refused(cast, client_of):
    plan = approved(cast)
    assert post(client_of("zhao"), plan).status_code == 403
    assert not Redrawing.objects.exists()


def test_published_the_page_says_when_and_the_workers_are_told(cast, client_of):
    plan = approved(cast)
    said = text(post(client_of("sun"), plan))
    assert "已发布" in said
    done = Redrawing.objects.get(plan=plan)
    assert all(row["code"] in said for row in done.facts["codes"])
    assert "已经发布过" in text(post(client_of("sun"), plan))


def test_the_worker_chosen_has_the_new_cell_and_reads_so(cast, client_of):
    plan = approved(cast)
    number = max(one["number"] for one in _new_cells(plan))
    post(client_of("sun"), plan, **{f"worker-{number}": cast.wang.pk})
    code = next(row["code"] for row in Redrawing.objects.get().facts["codes"] if row["number"] == number)
    assert Posting.objects.filter(user=cast.wang, area=code).exists()
    said = text(client_of("wang").get("/notices/"))
    assert code in said
    notice = PlanNotice.objects.get(user=cast.wang)
    answer = client_of("wang").get(f"/plans/notices/{notice.pk}/")
    assert answer.url == f"/cells/{code}/"
    assert code not in text(client_of("wang").get("/notices/"))


def _new_cells(plan) -> list[dict]:
    from gis.planning.publishing.of_plan import drafts_of_plan

    return [{"number": one.number} for one in drafts_of_plan(plan) if not one.code]


@pytest.mark.parametrize("bad", [{"seen": "x"}, {"seen": ""}, {"seen": "99999999999"}])
def test_a_form_of_another_revision_is_refused(bad, cast, client_of):
    plan = approved(cast)
    assert client_of("sun").post(f"/plans/{plan.uuid}/publish/", bad).status_code == 409


@pytest.mark.parametrize("bad", [{"worker-9999": "1"}, {"worker-x": "1"}, {"worker-1": "999999"}, {"worker-1": "-"}])
def test_nonsense_about_workers_publishes_nothing_wrong(bad, cast, client_of):
    plan = approved(cast)
    answer = post(client_of("sun"), plan, **bad)
    held = set(CellVersion.objects.values_list("code", flat=True))
    assert answer.status_code in (200, 422)
    assert set(Posting.objects.filter(area__regex="^[0-9]{15}$").values_list("area", flat=True)) <= held


def test_somebody_elses_notice_is_not_found(cast, client_of):
    notice = PlanNotice.objects.create(user=cast.wang, kind="cell", facts={"given": [CELL]})
    assert client_of("zhao").get(f"/plans/notices/{notice.pk}/").status_code == 404


def test_a_planner_starts_a_plan_from_the_cells_of_a_day(cast, client_of):
    day = "2026-01-15"
    page = text(client_of("zhao").get(f"/cells/on/?on={day}&area={CELL[:12]}"))
    assert "按当时的网格新建方案" in page
    answer = client_of("zhao").post("/plans/again/", {"area": CELL[:12], "on": day})
    plan = Plan.objects.get()
    assert answer.url == f"/plans/{plan.uuid}/"
    assert (plan.begun_from, plan.owner) == (day, cast.zhao)


@pytest.mark.parametrize(("name", "wish", "status"), [
    ("sun", {"area": CELL[:12], "on": "2026-01-15"}, 403),
    ("chen", {"area": CELL[:12], "on": "2026-01-15"}, 403),
    ("zhao", {"area": CELL[:12], "on": "x"}, 400),
    ("zhao", {"area": "", "on": "2026-01-15"}, 422),
    ("zhao", {"area": CELL[:12], "on": "1999-01-15"}, 422),
    ("zhao", {"area": "110113002", "on": "2026-01-15"}, 403),
])  # fmt: skip
def test_nobody_starts_one_elsewhere_or_of_no_day(name, wish, status, client_of):
    assert client_of(name).post("/plans/again/", wish).status_code == status
