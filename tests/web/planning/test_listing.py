"""The list of plans: who sees which, narrowed, sorted, with figures and a sketch."""

import pytest

from gis.models import Plan, PlanSheet
from gis.planning.keeping import drawing_of
from gis.planning.talking import comment
from tests.cast import COMMUNITY, EVERYONE, STREET
from tests.gis.planning.drafts import a_plan, beside, step

pytestmark = pytest.mark.django_db


def named(plan: Plan, name: str, **more) -> Plan:
    Plan.objects.filter(pk=plan.pk).update(name=name, **more)
    return Plan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("name", EVERYONE)
def test_those_who_read_plans_of_the_area_see_it(client_of, cast, name):
    named(a_plan(cast), "独一无二的方案")
    answer = client_of(name).get("/plans/")
    if name in ("zhao", "sun", "li", "zhou"):
        assert "独一无二的方案" in answer.content.decode()
    else:
        assert answer.status_code == (200 if name == "chen" else 403)
        assert "独一无二的方案" not in answer.content.decode()


def test_it_is_narrowed_by_state_area_and_owner(client_of, cast):
    named(a_plan(cast), "社区的", state="submitted")
    named(a_plan(cast, STREET), "街道的", owner=cast.sun)
    client = client_of("zhao")

    def shown(query: str) -> tuple[bool, bool]:
        page = client.get(f"/plans/?{query}").content.decode()
        return "社区的</a>" in page, "街道的</a>" in page

    assert shown("") == (True, True)
    assert shown("state=submitted") == (True, False)
    assert shown(f"area={COMMUNITY}") == (True, False)
    assert shown("mine=1") == (True, False)
    assert shown("state=nonsense&area=11&order=drop&page=x") == (True, True)


def test_a_withdrawn_plan_is_shown_when_asked_for(client_of, cast):
    named(a_plan(cast), "不要了", state="withdrawn")
    client = client_of("zhao")
    assert "不要了" not in client.get("/plans/").content.decode()
    assert "不要了" in client.get("/plans/?state=withdrawn").content.decode()


def test_it_is_sorted(client_of, cast):
    named(a_plan(cast), "甲方案")
    named(a_plan(cast), "乙方案")
    page = client_of("zhao").get("/plans/?order=name").content.decode()
    assert page.index("乙方案") < page.index("甲方案")  # by code point, as the database sorts


def test_who_has_no_plan_is_told_what_one_is(client_of, cast):
    Plan.objects.all().delete()
    assert "/plans/new/" in client_of("zhao").get("/plans/").content.decode()
    page = client_of("sun").get("/plans/").content.decode()
    assert "/plans/new/" not in page
    assert "草稿" in page


def test_figures_and_sketch_follow_the_plan(client_of, cast):
    plan = a_plan(cast)
    client = client_of("sun")
    assert f"/plans/{plan.uuid}/sheet/" in client.get("/plans/").content.decode()
    part = client.get(f"/plans/{plan.uuid}/sheet/").content.decode()
    assert part.count("<path") == len(drawing_of(plan).cells)
    assert f"/plans/{plan.uuid}/sheet/" not in client.get("/plans/").content.decode()  # kept now
    tile, _cell = beside(drawing_of(plan))
    step(cast, plan, "erase", tiles=[tile])
    assert f"/plans/{plan.uuid}/sheet/" in client.get("/plans/").content.decode()
    part = client.get(f"/plans/{plan.uuid}/sheet/").content.decode()
    assert PlanSheet.objects.get(plan=plan).figures["unassigned"] == 1
    assert 'class="none"' in part


def test_what_is_unread_is_counted_until_it_is_read(client_of, cast):
    plan = a_plan(cast)
    comment(plan.uuid, "这里太大", user=cast.li, access=cast.li.access)
    client = client_of("zhao")
    assert "1 条未读" in client.get("/plans/").content.decode()
    client.get(f"/plans/{plan.uuid}/talk/")
    assert "条未读</span>" not in client.get("/plans/").content.decode()
    assert "条未读</span>" not in client_of("li").get("/plans/").content.decode()  # one's own is no news
