"""Problems and handles as a workspace asks for them."""

import numpy as np
import pytest

from gis import crs
from gis.areas.plans.problems import KINDS
from gis.planning.keeping import drawing_of
from tests.gis.planning.drafts import a_plan, step

pytestmark = pytest.mark.django_db


def test_problems_come_with_the_place_to_look_at(client_of, cast):
    plan = a_plan(cast)
    drawing = drawing_of(plan)
    plan = step(cast, plan, "erase", tiles=[int(drawing.ids[drawing.cell > 0][0])])
    told = client_of("zhao").get(f"/plans/{plan.uuid}/problems/").json()
    assert told["revision"] == 1
    kinds = [one["kind"] for one in told["problems"]]
    assert set(kinds) <= set(KINDS)
    assert sorted(kinds, key=list(KINDS).index) == kinds
    free = told["problems"][kinds.index("unassigned")]
    west, south, east, north = free["box"]
    assert west <= free["place"][0] <= east
    assert south <= free["place"][1] <= north
    assert len(free["tiles"]) == 1


def test_a_dragged_handle_is_found_where_it_was_put(client_of, cast):
    plan = a_plan(cast)
    client = client_of("zhao")
    number = int(next(iter(drawing_of(plan).cells)))
    told = client.get(f"/plans/{plan.uuid}/handles/?cells={number}").json()
    free = next(one for one in told["handles"] if not one["fixed"])
    assert number in {cell for arc in told["arcs"] for cell in arc["cells"]}
    at, to = (crs.move(np.array([xy]), crs.DRAW, crs.STORE).tolist() for xy in (free["at"], np.add(free["at"], 6)))
    body = {"kind": "drag", "args": {"at": at, "to": to}, "seen": 0}
    answer = client.post(f"/plans/{plan.uuid}/steps/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    again = client.get(f"/plans/{plan.uuid}/handles/?cells={number}").json()
    away = np.hypot(*(np.array([one["at"] for one in again["handles"]]) - np.add(free["at"], 6)).T)
    assert away.min() < 0.01


@pytest.mark.parametrize("asked", ["", "x", "-1", "1,", "9999999999999", ",".join("1" * 300), "１"])
def test_what_names_no_cells_is_refused(client_of, cast, asked):
    answer = client_of("zhao").get(f"/plans/{a_plan(cast).uuid}/handles/?cells={asked}")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("name", ["problems", "handles"])
def test_another_street_sees_neither(client_of, cast, name):
    assert client_of("chen").get(f"/plans/{a_plan(cast).uuid}/{name}/?cells=1").status_code == 404
