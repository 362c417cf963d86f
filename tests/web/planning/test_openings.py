"""The page of a plan that is being prepared: on the list, how far it is, and on to the plan by itself."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from gis.models import Building, Plan, PlanOpening
from gis.planning import preparing
from tests.cast import COMMUNITY, STREET
from web.jobs.openings import open_ordered

FILLED = {"name": "大方案", "area": COMMUNITY, "start": "current", "target": "250", "tolerance": "15"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def ordered(client_of, monkeypatch) -> PlanOpening:
    monkeypatch.setattr(preparing, "AT_ONCE", 1)
    answer = client_of("zhao").post("/plans/new/", FILLED)
    opening = PlanOpening.objects.get()
    assert answer["Location"] == f"/plans/{opening.uuid}/opening/"
    return opening


def test_it_is_on_the_list_and_has_a_page(client_of, ordered):
    for name in ("zhao", "li"):
        client = client_of(name)
        assert "大方案" in client.get("/plans/").content.decode()
        page = client.get(f"/plans/{ordered.uuid}/opening/")
        assert page.status_code == 200
        assert ("opening/cancel/" in page.content.decode()) == (name == "zhao")
        assert client.get(f"/plans/{ordered.uuid}/")["Location"] == f"/plans/{ordered.uuid}/opening/"
    assert ProcrastinateJob.objects.filter(task_name="open_plan", args={"opening_id": ordered.pk}).exists()


@pytest.mark.parametrize("name", ["chen", "wang"])
def test_nobody_else_knows_of_it(client_of, ordered, name):
    client = client_of(name)
    assert client.get(f"/plans/{ordered.uuid}/opening/").status_code in (403, 404)
    for act in ("cancel", "again"):
        assert client.post(f"/plans/{ordered.uuid}/opening/{act}/").status_code in (403, 404)
    assert PlanOpening.objects.exists()


def test_a_reader_stops_nothing(client_of, ordered):
    assert client_of("li").post(f"/plans/{ordered.uuid}/opening/cancel/").status_code == 403
    assert PlanOpening.objects.exists()


def test_the_page_leads_on_to_the_plan(client_of, ordered):
    open_ordered(ordered.pk)
    client, plan = client_of("zhao"), Plan.objects.get(uuid=ordered.uuid)
    here = f"/plans/{plan.uuid}/opening/"
    assert client.get(here)["Location"] == f"/plans/{plan.uuid}/"
    assert client.get(here, headers={"HX-Request": "true"})["HX-Redirect"] == f"/plans/{plan.uuid}/"
    assert client.get(here + "?list=1", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert client.post(f"{here}cancel/").status_code == 302  # too late: the plan stays
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_one_that_waits_is_cancelled(client_of, ordered):
    assert client_of("zhao").post(f"/plans/{ordered.uuid}/opening/cancel/")["Location"] == "/plans/"
    open_ordered(ordered.pk)
    assert not Plan.objects.exists()


def test_one_that_failed_says_why_and_is_tried_again(client_of, ordered, monkeypatch):
    def broken(*_given):
        raise ValueError("no ground")

    with monkeypatch.context() as trouble:
        trouble.setattr(preparing, "site_of", broken)
        with pytest.raises(ValueError, match="no ground"):
            open_ordered(ordered.pk)
    client = client_of("zhao")
    page = client.get(f"/plans/{ordered.uuid}/opening/").content.decode()
    assert "准备方案时出错" in page
    assert "no ground" not in page
    assert client.post(f"/plans/{ordered.uuid}/opening/again/").status_code == 302
    open_ordered(ordered.pk)
    assert Plan.objects.filter(uuid=ordered.uuid).exists()


def test_one_that_was_cut_off_is_begun_again(client_of, ordered):
    PlanOpening.objects.filter(pk=ordered.pk).update(stage="working", percent=60)  # its worker was killed
    open_ordered(ordered.pk)
    open_ordered(ordered.pk)
    assert Plan.objects.get().uuid == ordered.uuid


def test_a_plan_of_communities_is_prepared_too(client_of, monkeypatch):
    monkeypatch.setattr(preparing, "AT_ONCE", 1)
    client_of("zhao").post("/plans/new/", {"name": "社区调整", "area": STREET, "kind": "communities"})
    open_ordered(PlanOpening.objects.get().pk)
    assert Plan.objects.get().kind == "communities"


def test_an_area_without_a_building_is_opened_and_told_of(client_of):
    Building.objects.filter(area__startswith=COMMUNITY).update(area="110101999999999")
    client = client_of("zhao")
    answer = client.post("/plans/new/", FILLED, follow=True)
    assert answer.status_code == 200
    assert any("还没有楼栋" in str(said) for said in answer.context["messages"])
