"""A plan of communities made by the form."""

import pytest

from gis.models import Plan
from tests.cast import COMMUNITY, STREET

pytestmark = pytest.mark.django_db


def test_a_planner_opens_a_plan_of_communities(client_of):
    answer = client_of("zhao").post("/plans/new/", {"name": "社区调整", "area": STREET, "kind": "communities"})
    plan = Plan.objects.get(name="社区调整")
    assert answer["Location"] == f"/plans/{plan.uuid}/"
    assert (plan.kind, plan.area) == ("communities", STREET)
    assert client_of("zhao").get(answer["Location"]).status_code == 200


def test_a_community_alone_is_refused_with_what_to_do(client_of):
    answer = client_of("zhao").post("/plans/new/", {"name": "社区调整", "area": COMMUNITY, "kind": "communities"})
    assert answer.status_code == 422
    assert "请选择街道" in answer.content.decode()
