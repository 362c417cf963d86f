"""A plan beside the cells in force, beside another plan; as a page and as a file."""

import csv
import io
from uuid import UUID

import pytest

from gis.models import Building, Plan
from gis.planning import stepping
from gis.planning.comparing import beside
from gis.planning.keeping import drawing_of
from gis.planning.managing import copy
from gis.planning.opening import Start
from tests.cast import COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.planning.drafts import a_plan, step

pytestmark = pytest.mark.django_db


def sheet(answer) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def moved(cast, plan: Plan, number: int = 1) -> Plan:
    """With one building of a cell given to a new cell beside it."""
    drawing = drawing_of(plan)
    held = drawing.home[drawing.things.building > 0]
    tile = next(int(one) for one in held if one >= 0 and drawing.cell[drawing.rows([one])[0]] == number)
    plan = step(cast, plan, "add")
    return step(cast, plan, "paint", tiles=[tile], cell=plan.next_cell - 1)


def test_a_plan_as_it_was_opened_is_what_is_in_force(client_of, cast):
    for area in (COMMUNITY, STREET):
        plan = a_plan(cast, area)
        found = client_of("zhao").get(f"/plans/{plan.uuid}/compare/").context["found"]
        assert {pair.kind for pair in found.pairs} == {"kept"}
        assert found.moved == 0


def test_a_building_given_away_is_told(client_of, cast):
    plan = moved(cast, a_plan(cast))
    answer = client_of("sun").get(f"/plans/{plan.uuid}/compare/")
    found = answer.context["found"]
    assert len(found.buildings) == 1
    building = Building.objects.get(pk=found.buildings[0])
    page = answer.content.decode()
    assert f"/buildings/{building.pk}/" in page
    rows = sheet(client_of("sun").get(f"/plans/{plan.uuid}/compare/?with=today&as=buildings"))
    assert rows[1][0] == building.label
    cells = sheet(client_of("sun").get(f"/plans/{plan.uuid}/compare/?as=cells"))
    assert len(cells) == 1 + len(found.pairs)
    assert all(row[0] == "" or len(row[0]) == 15 for row in cells[1:])


def test_two_plans_are_compared_both_ways(client_of, cast):
    plan = a_plan(cast)
    twin = moved(cast, copy(plan, "另一稿", user=cast.zhao, access=cast.zhao.access))
    client = client_of("li")
    there = client.get(f"/plans/{twin.uuid}/compare/?with={plan.uuid}")
    back = client.get(f"/plans/{plan.uuid}/compare/?with={twin.uuid}").context["found"]
    assert there.context["found"].buildings.tolist() == back.buildings.tolist()
    assert there.context["found"].moved == back.moved
    assert plan.name in there.content.decode()


def test_a_community_is_compared_with_its_part_of_the_street(cast):
    small, large = moved(cast, a_plan(cast)), a_plan(cast, STREET)
    sides = beside(small, large)
    assert set(sides.before.communities) == {COMMUNITY}
    assert len(sides.found.buildings) == 1
    assert len(beside(large, small).found.buildings) == 1


def test_a_plan_from_nothing_has_everything_before_it(client_of, cast):
    plan = a_plan(cast, start=Start(cells=False))
    answer = client_of("zhao").get(f"/plans/{plan.uuid}/compare/")
    assert answer.status_code == 200
    assert {pair.kind for pair in answer.context["found"].pairs} == {"gone"}


def test_a_day_without_cells_can_be_asked_for(client_of, cast):
    plan = a_plan(cast)
    found = client_of("zhao").get(f"/plans/{plan.uuid}/compare/?with=1999-01-01").context["found"]
    assert {pair.kind for pair in found.pairs} == {"new"}


@pytest.mark.parametrize("name", EVERYONE)
def test_only_those_who_read_both_see_them(client_of, cast, name):
    mine, theirs = a_plan(cast), a_plan(cast)
    Plan.objects.filter(pk=theirs.pk).update(area=OTHER_STREET)
    client = client_of(name)
    assert (client.get(f"/plans/{mine.uuid}/compare/").status_code == 200) == (name in ("zhao", "sun", "li", "zhou"))
    if name != "sun":
        assert client.get(f"/plans/{mine.uuid}/compare/?with={theirs.uuid}").status_code == 404


@pytest.mark.parametrize("asked", ["nonsense", "", str(UUID(int=7)), "2026-13-01", "../x"])
def test_what_is_not_there_is_not_compared(client_of, cast, asked):
    assert client_of("zhao").get(f"/plans/{a_plan(cast).uuid}/compare/?with={asked}").status_code == 404


def test_cells_and_communities_are_not_compared(client_of, cast):
    plan, other = a_plan(cast), a_plan(cast)
    Plan.objects.filter(pk=other.pk).update(kind="communities")
    assert client_of("zhao").get(f"/plans/{plan.uuid}/compare/?with={other.uuid}").status_code == 422


def test_a_name_that_looks_like_a_formula_is_none_in_the_file(client_of, cast):
    plan = step(cast, a_plan(cast), "add")
    number = plan.next_cell - 1
    plan = step(cast, plan, "paint", tiles=[int(drawing_of(plan).ids[0])], cell=number)
    args = {"cell": number, "name": "=1+1"}
    plan = stepping.step(plan.uuid, "rename", args, user=cast.zhao, access=cast.zhao.access, seen=None)
    rows = sheet(client_of("zhao").get(f"/plans/{plan.uuid}/compare/?as=cells"))
    assert "'=1+1" in [row[3] for row in rows]
