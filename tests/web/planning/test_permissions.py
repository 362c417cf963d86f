"""Every address of a plan, by everybody it is not for."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import get_resolver
from django.utils import timezone

from gis.models import Plan, PlanStep, Posting
from gis.planning.keeping import drawing_of
from gis.planning.opening import Start
from tests.cast import COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.planning.drafts import a_plan, beside
from tests.web.walking import told

pytestmark = pytest.mark.django_db

#: Who reads a plan of the first community of the cast's street; nobody else may learn that there is one.
READERS = {"zhao", "li", "sun", "zhou"}
NAME = "春季调整"
NEIGHBOUR = "110113001012"


def addresses(plan: Plan) -> list[str]:
    """Every address with the id of a plan in it."""
    found = []
    for names in get_resolver().reverse_dict.values():
        for pattern, parameters in names[0]:
            if pattern.startswith("plans/%(uuid)s/"):
                rest = {name: 1 for name in parameters if name != "uuid"}
                found.append("/" + pattern % ({"uuid": plan.uuid} | rest))
    return sorted(set(found))


def test_the_walk_knows_the_workspace(cast):
    found = addresses(a_plan(cast))
    assert len(found) > 10
    assert any(address.endswith("/steps/") for address in found)


def asked(client, address: str) -> list:
    body = json.dumps({"kind": "add", "args": {}, "seen": 0})
    return [
        client.get(address),
        client.post(address, {"seen": 0, "text": "x", "name": "x"}),
        client.post(address, body, content_type="application/json"),
    ]


def refuse_everywhere(client, plan: Plan) -> None:
    """Whoever it is gets nothing of a plan, by any address, and changes nothing in it."""
    before = Plan.objects.filter(pk=plan.pk).values().get()
    for address in addresses(plan):
        nowhere = address.replace(str(plan.uuid), str(uuid4()))  # a plan there is not is answered the same
        for answer, other in zip(asked(client, address), asked(client, nowhere), strict=True):
            assert (answer.status_code, answer.headers.get("Location")) == (
                other.status_code, other.headers.get("Location", "").replace(nowhere, address) or None
            ), address  # fmt: skip
            assert answer.status_code in (302, 403, 404, 405, 422), address
            assert NAME not in told(answer), address
    assert Plan.objects.filter(pk=plan.pk).values().get() == before
    assert not PlanStep.objects.filter(plan=plan).exists()
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("name", sorted(set(EVERYONE) - READERS))
def test_strangers_of_the_cast(client_of, cast, name):
    Plan.objects.all().delete()
    refuse_everywhere(client_of(name), a_plan(cast))


@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("planner", NEIGHBOUR),
        ("planner", OTHER_STREET),
        ("community_supervisor", NEIGHBOUR),
        ("department_officer", STREET),
        ("department_officer", COMMUNITY),
    ],
)
def test_strangers_who_come_near(client_of, cast, role, area):
    Plan.objects.all().delete()
    Posting.objects.filter(user=cast.chen).update(role=role, area=area)
    refuse_everywhere(client_of("chen"), a_plan(cast))


def test_a_posting_that_has_ended(client_of, cast):
    Plan.objects.all().delete()
    plan = a_plan(cast)
    today = timezone.localdate()
    Posting.objects.filter(user=cast.zhao).update(starts=today - timedelta(days=9), ends=today)
    refuse_everywhere(client_of("zhao"), plan)


def test_nobody(client, cast):
    Plan.objects.all().delete()
    refuse_everywhere(client, a_plan(cast))


def test_a_plan_of_the_street_is_not_for_one_of_its_communities(client_of, cast):
    Plan.objects.all().delete()
    plan = a_plan(cast, area=STREET, start=Start(cells=False))
    refuse_everywhere(client_of("zhou"), plan)
    assert client_of("li").get(f"/plans/{plan.uuid}/state/").status_code == 200


def test_a_planner_of_a_community_does_not_draw_on_the_street(client_of, cast):
    Plan.objects.all().delete()
    plan = a_plan(cast, area=STREET, start=Start(cells=False))
    Posting.objects.filter(user=cast.chen).update(role="planner", area=COMMUNITY)
    refuse_everywhere(client_of("chen"), plan)


def test_two_postings_draw_where_one_of_them_plans(client_of, cast):
    plan = a_plan(cast)
    Posting.objects.filter(user=cast.chen).update(role="planner", area=COMMUNITY)
    Posting.objects.create(user=cast.chen, role="street_supervisor", area=OTHER_STREET, starts=timezone.localdate())
    tile, cell = beside(drawing_of(plan))
    step = {"kind": "paint", "args": {"tiles": [tile], "cell": cell}, "seen": 0}
    answer = client_of("chen").post(f"/plans/{plan.uuid}/steps/", step, content_type="application/json")
    assert answer.status_code == 200
    other = a_plan(cast, area=NEIGHBOUR, start=Start(cells=False))
    answer = client_of("chen").post(f"/plans/{other.uuid}/steps/", step, content_type="application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize("name", sorted(READERS - {"zhao"}))
def test_readers_change_nothing(client_of, cast, name):
    plan = a_plan(cast)
    client, body = client_of(name), {"kind": "add", "args": {}, "seen": 0}
    for where in ("steps", "undo", "redo"):
        answer = client.post(f"/plans/{plan.uuid}/{where}/", body, content_type="application/json")
        assert answer.status_code == 403
    assert Plan.objects.get(pk=plan.pk).revision == 0


def test_a_step_from_elsewhere_is_refused(cast, client_of):
    """A form on somebody's page, posted with the planner's cookie: text/plain carries JSON without asking first."""
    from tests.browsing import Browser

    plan = a_plan(cast)
    client = Browser(enforce_csrf_checks=True)
    client.force_login(cast.zhao, backend="web.sign_in.PostingsBackend")
    body = json.dumps({"kind": "add", "args": {}, "seen": 0})
    for kind in ("text/plain", "application/json"):
        assert client.post(f"/plans/{plan.uuid}/steps/", body, content_type=kind).status_code == 403
    assert Plan.objects.get(pk=plan.pk).revision == 0


def test_a_session_that_ends_in_the_middle(client_of, cast):
    plan = a_plan(cast)
    client = client_of("zhao")
    assert client.get(f"/plans/{plan.uuid}/state/").status_code == 200
    client.logout()
    refuse_everywhere(client, plan)


def test_a_posting_that_ends_in_the_middle(client_of, cast):
    Plan.objects.all().delete()
    plan = a_plan(cast)
    client = client_of("zhao")
    assert client.get(f"/plans/{plan.uuid}/state/").status_code == 200
    today = timezone.localdate()
    Posting.objects.filter(user=cast.zhao).update(starts=today - timedelta(days=9), ends=today)
    refuse_everywhere(client, plan)


@pytest.mark.parametrize(
    "area", [OTHER_STREET, "110113002001", "110113", "", "1", "110113001006001", "1101130010\0", "％"]
)
def test_no_plan_is_opened_elsewhere(client_of, cast, area):
    Plan.objects.all().delete()
    for kind in ("cells", "communities", "x"):
        answer = client_of("zhao").post("/plans/new/", {"name": "别处", "area": area, "kind": kind, "start": "nothing"})
        assert answer.status_code in (400, 403, 404, 422), (kind, answer.status_code)
    assert not Plan.objects.exists()


def test_nobody_compares_with_what_they_may_not_read(client_of, cast):
    mine, streets = a_plan(cast), a_plan(cast, area=STREET, start=Start(cells=False))
    Plan.objects.filter(pk=streets.pk).update(name="街道方案")
    asked_for = f"/plans/{mine.uuid}/compare/?with="
    assert client_of("li").get(asked_for + str(streets.uuid)).status_code == 200
    zhou = client_of("zhou")
    assert zhou.get(asked_for + str(streets.uuid)).status_code == 404
    assert zhou.get(asked_for + str(uuid4())).status_code == 404
    for address in ["/plans/", "/plans/new/", *addresses(mine)]:
        assert "街道方案" not in told(zhou.get(address)), address


def test_nobody_copies_what_they_may_not_read(client_of, cast):
    streets = a_plan(cast, area=STREET, start=Start(cells=False))
    Posting.objects.filter(user=cast.chen).update(role="planner", area=COMMUNITY)
    form = {"name": "抄来的", "start": "copy", "source": str(streets.uuid)}
    assert client_of("chen").post("/plans/new/", form).status_code == 422
    assert client_of("li").post(f"/plans/{streets.uuid}/copy/", {"name": "抄来的"}).status_code == 403
    assert not Plan.objects.filter(name="抄来的").exists()


def test_whoever_drew_does_not_approve(client_of, cast):
    """One who supervises the district and plans there too."""
    plan = a_plan(cast)
    Posting.objects.create(user=cast.sun, role="planner", area="110113", starts=timezone.localdate())
    tile, cell = beside(drawing_of(plan))
    sun = client_of("sun")
    step = {"kind": "paint", "args": {"tiles": [tile], "cell": cell}, "seen": 0}
    assert sun.post(f"/plans/{plan.uuid}/steps/", step, content_type="application/json").status_code == 200
    Plan.objects.filter(pk=plan.pk).update(state="submitted")
    form = {"act": "approve", "seen": 1, "starts": timezone.localdate().isoformat()}
    assert sun.post(f"/plans/{plan.uuid}/decide/", form).status_code == 403
    assert sun.post(f"/plans/{plan.uuid}/publish/", {"seen": 1}).status_code == 403
    assert Plan.objects.get(pk=plan.pk).state == "submitted"


@pytest.mark.parametrize("name", ["zhao", "zhou", "li"])
def test_nobody_on_the_planner_s_level_or_below_approves_or_publishes(client_of, cast, name):
    """Zhao plans the street, so Li, who supervises it, is no level above."""
    plan = a_plan(cast)
    Plan.objects.filter(pk=plan.pk).update(state="submitted")
    client = client_of(name)
    form = {"act": "approve", "seen": 0, "starts": timezone.localdate().isoformat()}
    assert client.post(f"/plans/{plan.uuid}/decide/", form).status_code == 403
    assert client.post(f"/plans/{plan.uuid}/publish/", {"seen": 0}).status_code == 403
    assert Plan.objects.get(pk=plan.pk).state == "submitted"
