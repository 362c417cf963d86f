"""The report of a plan of communities, and its publication by the level above."""

import pytest
from django.utils import timezone

from gis.accounts.scope import applied
from gis.models import Area, Plan
from gis.planning import stepping
from gis.planning.deciding import decide
from tests.cast import STREET
from tests.gis.planning.borders.drafts import a_border_plan
from tests.gis.planning.drafts import step

pytestmark = pytest.mark.django_db


@pytest.fixture
def merging(cast):
    plan = a_border_plan(cast)
    with applied(cast.zhao.access.which("people.count")):
        return step(cast, plan, "merge", cells=[1, 2])


def approve(cast, plan):
    for act, name in (("submit", "zhao"), ("approve", "sun")):
        user = cast[name]
        decide(plan.uuid, act, user=user, access=user.access, seen=plan.revision, starts=timezone.localdate())
    return Plan.objects.get(pk=plan.pk)


def test_the_report_tells_of_communities_and_of_cells(client_of, merging):
    text = client_of("zhao").get(f"/plans/{merging.uuid}/impact/").content.decode()
    assert STREET + "601" in text
    assert STREET + "601001" in text


@pytest.mark.parametrize("name", ["chen", "wang", "zhou"])
def test_others_do_not_see_it(client_of, merging, name):
    assert client_of(name).get(f"/plans/{merging.uuid}/impact/").status_code == 404


def test_the_level_above_publishes_it(client_of, cast, merging):
    plan = approve(cast, merging)
    form = {"seen": plan.revision}
    assert client_of("zhao").post(f"/plans/{plan.uuid}/publish/", form).status_code == 403
    assert client_of("sun").post(f"/plans/{plan.uuid}/publish/", form).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "published"
    assert Area.objects.get(code=STREET + "601").geometry
    assert client_of("sun").get(f"/plans/{plan.uuid}/impact/").status_code == 200


def test_names_alone_are_published_too(client_of, cast):
    plan, zhao = a_border_plan(cast), cast.zhao
    args = {"cell": 1, "name": "新名社区"}
    plan = approve(cast, stepping.step(plan.uuid, "rename", args, user=zhao, access=zhao.access, seen=0))
    assert client_of("sun").post(f"/plans/{plan.uuid}/publish/", {"seen": plan.revision}).status_code == 302
    assert Area.objects.filter(code__startswith=STREET, name="新名社区").exists()
    assert client_of("sun").get(f"/plans/{plan.uuid}/impact/").status_code == 200


def test_it_is_not_published_before_it_is_approved(client_of, merging):
    answer = client_of("sun").post(f"/plans/{merging.uuid}/publish/", {"seen": merging.revision})
    assert answer.status_code == 422
    assert not Area.objects.filter(code=STREET + "601").exists()
