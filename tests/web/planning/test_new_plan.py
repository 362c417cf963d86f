"""The form of a new plan: what it starts from, what it is measured by, and every mistake told at its field."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import Refused
from gis.models import Plan
from gis.planning.borders.opening import usual_load
from gis.planning.keeping import drawing_of
from tests.cast import COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.planning.drafts import a_plan, beside, step
from web.planning.new_plan import read_wanted

#: What may stand in a field: few signs, so that it is made quickly, and whole words that mean something.
_TYPED = st.text("0123456789.-+eEn一\x00 ", max_size=16) | st.sampled_from(["past", "copy", "nan", "inf", COMMUNITY])
FILLED = {"name": "新方案", "area": COMMUNITY, "start": "current", "target": "250", "tolerance": "15"}


def opened(client, **other) -> Plan:
    answer = client.post("/plans/new/", FILLED | other)
    assert answer.status_code == 302, answer.context["fields"]
    return Plan.objects.get(uuid=answer["Location"].strip("/").split("/")[-1])


@pytest.mark.django_db
def test_a_plan_starts_from_the_cells_in_force_and_keeps_its_wish(client_of):
    weights = {"weight-households": "1", "weight-visits": "0.5"}
    plan = opened(client_of("zhao"), **weights)
    assert (plan.target, plan.tolerance, plan.weights) == (250, 0.15, {"households": 1, "visits": 0.5})
    assert (plan.begun_from, plan.owner.username) == ("current", "zhao")
    assert len(drawing_of(plan).cells) > 1


@pytest.mark.django_db
def test_a_plan_starts_from_nothing_or_from_a_day_of_the_past(client_of):
    client = client_of("zhao")
    assert drawing_of(opened(client, start="nothing")).cells == {}
    yesterday = timezone.localdate() - timedelta(days=1)
    plan = opened(client, start="past", day=yesterday.isoformat())
    assert plan.begun_from == yesterday.isoformat()
    assert len(drawing_of(plan).cells) > 1


@pytest.mark.django_db
def test_a_plan_starts_from_another_one(client_of, cast):
    source = a_plan(cast)
    tile, other = beside(drawing_of(source))
    source = step(cast, source, "paint", tiles=[tile], cell=other)
    plan = opened(client_of("zhao"), start="copy", source=str(source.uuid))
    assert (plan.based_on, plan.area) == (source, source.area)
    assert (drawing_of(plan).cell == drawing_of(source).cell).all()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"area": ""}, "area"),
        ({"area": "110113"}, "area"),
        ({"target": "0"}, "target"),
        ({"target": "nan"}, "target"),
        ({"tolerance": "100"}, "tolerance"),
        ({"tolerance": "一成"}, "tolerance"),
        ({"weight-people": "-1"}, "weight-people"),
        ({"start": "past"}, "day"),
        ({"start": "past", "day": "2999-01-01"}, "day"),
        ({"start": "past", "day": "1999-01-01"}, "day"),
        ({"start": "copy"}, "source"),
        ({"start": "copy", "source": "00000000-0000-0000-0000-000000000000"}, "source"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(client_of, cast, other, field):
    a_plan(cast)  # there is one to copy
    answer = client_of("zhao").post("/plans/new/", FILLED | other)
    assert answer.status_code == 422
    assert field in answer.context["fields"]
    assert answer.context["fields"][field] in answer.content.decode()
    assert 'value="250"' in answer.content.decode() or "target" in other
    assert not Plan.objects.filter(name=FILLED["name"]).exists()


@pytest.mark.django_db
def test_a_plan_of_communities_is_measured_as_asked(client_of):
    borders = {"area": STREET, "kind": "communities"}
    plan = opened(client_of("zhao"), **borders, **{"weight-people": "2"})
    assert (plan.kind, plan.target, plan.tolerance, plan.weights) == ("communities", 250, 0.15, {"people": 2})
    people = opened(client_of("zhao"), **borders, target="", **{"weight-people": "2"})
    assert people.target == usual_load(drawing_of(people), {"people": 2.0})


@pytest.mark.django_db
def test_a_plan_of_communities_from_a_file_goes_on_to_its_page(client_of):
    answer = client_of("zhao").post("/plans/new/", FILLED | {"area": STREET, "kind": "communities", "start": "file"})
    plan = Plan.objects.get()
    assert plan.begun_from == "file"
    assert answer["Location"] == f"/plans/{plan.uuid}/outlines/"


@pytest.mark.django_db
def test_what_does_not_apply_is_not_read(client_of, cast):
    source = a_plan(cast, target=123.0)
    rubbish = {"area": "x", "target": "x", "tolerance": "x", "weight-visits": "x", "kind": "communities", "day": "x"}
    plan = opened(client_of("zhao"), start="copy", source=str(source.uuid), **rubbish)
    assert (plan.kind, plan.target, plan.area) == ("cells", 123, source.area)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert opened(client_of("zhao"), start="past", day=yesterday, kind="communities").kind == "cells"


@pytest.mark.django_db
def test_all_mistakes_are_told_at_once(client_of):
    answer = client_of("zhao").post("/plans/new/", {"area": "x", "target": "x", "tolerance": "x", "weight-visits": "x"})
    assert set(answer.context["fields"]) == {"name", "area", "target", "tolerance", "weight-visits"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERYONE)
def test_only_planners_make_plans_and_only_where_they_plan(client_of, name):
    client = client_of(name)
    assert client.get("/plans/new/").status_code == (200 if name == "zhao" else 403)
    assert client.post("/plans/new/", FILLED | {"area": OTHER_STREET}).status_code == 403
    assert not Plan.objects.filter(area=OTHER_STREET).exists()


@pytest.mark.django_db
def test_a_plan_out_of_ones_area_is_not_copied(client_of, cast):
    Plan.objects.filter(pk=(source := a_plan(cast)).pk).update(area=OTHER_STREET)
    answer = client_of("zhao").post("/plans/new/", FILLED | {"start": "copy", "source": str(source.uuid)})
    assert answer.status_code == 422


@pytest.mark.django_db
def test_the_areas_are_opened_down_to_the_chosen_one(client_of):
    codes = [one.code for one in client_of("zhao").get("/plans/new/").context["areas"]]
    assert STREET in codes
    assert COMMUNITY in codes
    assert {len(code) for code in codes} == {9, 12}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # slow where the machine is busy, not here
@given(st.dictionaries(st.sampled_from([*FILLED, "day", "source", "kind", "weight-people"]), _TYPED))
def test_whatever_is_typed_is_read_or_refused_by_field(body):
    wanted, fields = None, {}
    try:
        wanted = read_wanted(body)
    except Refused as refusal:
        fields = refusal.fields
    assert fields or (1 <= (wanted.target or 300) <= 100_000 and 0 < wanted.tolerance < 1)
