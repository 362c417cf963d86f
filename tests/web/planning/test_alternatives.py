"""The page of automatic cells: its form, what it shows, taking over."""

import re

import pytest

from gis.models import Plan, PlanProposal
from gis.planning.keeping import drawing_of
from gis.planning.proposals import making
from gis.planning.proposals.ordering import cancel
from tests.gis.planning.drafts import a_plan, step

pytestmark = pytest.mark.django_db
FORM = {"target": "40", "tolerance": "10", "seed": "1", "weight-dwellings": "1", "compounds": "on"}


def page(plan) -> str:
    return f"/plans/{plan.uuid}/alternatives/"


def ordered(client, plan, **changed) -> list[PlanProposal]:
    answer = client.post(page(plan), FORM | changed)
    assert answer.status_code == 302, answer.content.decode()
    return list(plan.proposals.order_by("pk"))


def done(proposal: PlanProposal) -> PlanProposal:
    facts = making.make(proposal, lambda share: None)
    PlanProposal.objects.filter(pk=proposal.pk).update(stage="done", percent=100, **facts)
    proposal.refresh_from_db()
    return proposal


def test_the_form_opens_with_what_the_plan_wants(client_of, cast):
    plan = a_plan(cast, target=250, tolerance=0.15, weights={"people": 2})
    text = client_of("zhao").get(page(plan) + "?cells=2").content.decode()
    assert 'name="target" type="number" inputmode="decimal" min="1" step="any" required value="250"' in text
    assert 'name="weight-people" type="number" inputmode="decimal" min="0" max="10" step="any" value="2"' in text
    assert 'name="cells" value="2" checked' in text


def test_a_plan_that_cannot_be_drawn_on_says_so_instead_of_the_form(client_of, cast):
    plan = a_plan(cast)
    assert "只能查看" not in client_of("zhao").get(page(plan)).content.decode()
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.SUBMITTED)
    text = client_of("zhao").get(page(plan)).content.decode()
    assert "只能查看" in text
    assert 'name="target"' not in text


def test_an_order_is_kept_with_all_that_was_chosen(client_of, cast):
    plan = a_plan(cast)
    first = ordered(client_of("zhao"), plan, **{"cells": ["1", "2", "x"], "strict": "on", "weight-visits": "0.5"})[0]
    assert first.asked["cells"] == [-1, 1, 2]  # what names no cell stays: nonsense alone does not mean all
    assert first.asked["weights"] == {"dwellings": 1.0, "visits": 0.5}
    assert first.asked["strict"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": ""}, {"target": "0"}, {"target": "nan"}, {"target": "1e99"}, {"tolerance": "-1"},
        {"tolerance": "99"}, {"seed": "-3"}, {"seed": "x"}, {"weight-dwellings": "0"}, {"weight-people": "11"},
        {"weight-people": "inf"}, {"cells": "99999"}, {"cells": "²"}, {"cells": "x"}, {"community": "110101999999"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_the_field_and_kept(client_of, cast, wrong):
    plan = a_plan(cast)
    answer = client_of("zhao").post(page(plan), FORM | {"tolerance": "12"} | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not plan.proposals.exists()


def test_proposals_are_shown_side_by_side_with_the_best_of_each_figure_marked(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    found = ordered(client, plan, target="75")  # on so little ground most targets lead all four to the same cells
    waiting = client.get(page(plan)).content.decode()
    assert waiting.count("<progress") == 4
    assert "every 2s" in waiting
    for proposal in found:
        done(proposal)
    text = client.get(page(plan)).content.decode()
    assert text.count('class="plan-sketch"') == 4
    assert "最大偏差" in text
    assert "最好" in text
    assert "every 2s" not in text


def test_taking_over_makes_a_step_and_a_stale_one_says_why_not(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    first, second, *_rest = (done(one) for one in ordered(client, plan))
    answer = client.post(f"{page(plan)}{first.uuid}/", follow=True)
    assert "已采用" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.revision == 1
    assert len(drawing_of(plan).cells) == first.card["cells"]
    answer = client.post(f"{page(plan)}{second.uuid}/", follow=True)
    assert "有了改动" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.revision == 1


def test_cancelling_stops_all_that_is_not_done(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    done(ordered(client, plan)[0])
    client.post(f"{page(plan)}cancel/")
    assert list(plan.proposals.order_by("pk").values_list("stage", flat=True)) == ["done"] + ["cancelled"] * 3


def test_a_supervisor_reads_and_orders_nothing(client_of, cast):
    plan = a_plan(cast)
    proposal = done(ordered(client_of("zhao"), plan)[0])
    li = client_of("li")
    text = li.get(page(plan)).content.decode()
    assert 'class="plan-sketch"' in text
    assert 'name="target"' not in text
    assert li.post(page(plan), FORM).status_code == 403
    assert li.post(f"{page(plan)}{proposal.uuid}/").status_code == 403
    li.post(f"{page(plan)}cancel/")
    assert plan.proposals.filter(stage="waiting").count() == 3
    cancel(plan)


def test_whoever_reads_no_plans_finds_nothing(client_of, cast):
    plan = a_plan(cast)
    for name in ("wang", "chen"):
        assert client_of(name).get(page(plan)).status_code == 404


def test_a_plan_that_is_locked_all_over_says_what_to_do(client_of, cast):
    plan = a_plan(cast)
    step(cast, plan, "lock", cells=[], locked=True)
    text = client_of("zhao").post(page(plan), FORM).content.decode()
    assert "请先解锁" in text


def fit(client, plan, *, alone: bool = True, **changed):
    headers = {"HX-Request": "true"} if alone else {}
    return client.post(f"{page(plan)}fit/", FORM | changed, headers=headers)


def test_the_form_asks_how_its_target_fits_and_gets_the_advice_alone(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    assert f'hx-post="{page(plan)}fit/" hx-trigger="load, change' in client.get(page(plan)).content.decode()
    text = fit(client, plan, target="75").content.decode()
    assert "<form" not in text
    assert "按 75，" in text
    assert "<polyline" in text
    assert text.count('<th scope="row" class="num">') == 47  # whole numbers from 52 to 98
    assert plan.proposals.count() == 0


def test_a_target_that_fits_better_is_put_into_the_form_by_one_press(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    offered = re.search(r'name="take" value="([0-9.]+)"', fit(client, plan, target="75").content.decode())
    answer = fit(client, plan, alone=False, target="75", take=offered[1], seed="7")
    text = answer.content.decode()
    assert f'required value="{offered[1]}" autofocus' in text
    assert 'value="7"' in text  # and nothing else of the form is lost
    assert f"按 {offered[1]}，" in text
    assert "没有明显更合适的目标" in text
    assert 'role="status"' in text


def test_advice_on_what_cannot_be_divided_says_why(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    assert "请填写 1 到 1000000 之间的数" in fit(client, plan, target="nan").content.decode()
    assert "“目标”不对" in fit(client, plan, take="\x00").content.decode()
    assert fit(client, plan, alone=False, target="").status_code == 422
    assert client.get(f"{page(plan)}fit/").status_code == 405
    assert fit(client_of("wang"), plan).status_code == 404
    step(cast, plan, "lock", cells=[], locked=True)
    assert "请先解锁" in fit(client, plan).content.decode()
