"""Who else has a plan open: told to those who may read it, and forgotten when they leave."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.models import Plan, PlanPresence, Posting
from gis.planning.talking import comment
from tests.cast import OTHER_STREET
from tests.gis.planning.drafts import a_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast) -> Plan:
    return a_plan(cast)


@pytest.fixture
def here(client_of, plan):
    clients = {}

    def tell(name: str, **body):
        client = clients.setdefault(name, client_of(name))
        return client.post(f"/plans/{plan.uuid}/here/", body)

    return tell


def test_others_are_told_with_whether_they_draw(here, cast):
    assert here("zhao").json()["here"] == []
    assert here("li").json()["here"] == [{"name": cast.zhao.name or "zhao", "draws": True}]
    assert here("zhao").json()["here"] == [{"name": cast.li.name or "li", "draws": False}]


def test_who_leaves_or_gives_no_sign_is_gone(here, cast):
    here("li")
    here("li", leave="1")
    assert here("zhao").json()["here"] == []
    here("li")
    PlanPresence.objects.filter(user=cast.li).update(at=timezone.now() - timedelta(minutes=1))
    assert here("zhao").json()["here"] == []
    assert not PlanPresence.objects.filter(user=cast.li).exists()


def test_it_tells_what_is_unread(here, plan, cast):
    comment(plan.uuid, "东边太大", user=cast.li, access=cast.li.access)
    assert (here("zhao").json()["unread"], here("li").json()["unread"]) == (1, 0)


@pytest.mark.parametrize("name", ["chen", "wang"])
def test_nobody_else_comes_or_learns_who_is_there(here, name):
    here("zhao")
    assert here(name).status_code in (403, 404)
    assert not PlanPresence.objects.filter(user__username=name).exists()


def test_who_may_no_longer_read_the_plan_is_not_told_of(here, cast):
    here("li")
    Posting.objects.filter(user=cast.li).update(area=OTHER_STREET)
    assert here("zhao").json()["here"] == []
