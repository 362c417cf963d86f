"""What a plan aims at, changed as a step; going to a step of the record."""

import pytest

from gis.errors import Conflict, NotAllowed, Refused
from gis.planning import stepping
from gis.planning.keeping import drawing_of
from gis.planning.wishing import read_wish, wish_for
from tests.gis.planning.drafts import a_plan, beside, cell_of_tile, step

pytestmark = pytest.mark.django_db

WISH = {"target": 250, "tolerance": 0.15, "weights": {"households": 1, "floating": 0.5}}


def wished(cast, plan, seen=None, name="zhao", **wish):
    return wish_for(plan.uuid, WISH | wish, user=cast[name], access=cast[name].access, seen=seen)


def test_it_is_a_step_that_can_be_undone_and_made_again(cast):
    plan = a_plan(cast)
    before = plan.wish
    plan = wished(cast, plan, 0)
    assert (plan.target, plan.tolerance, plan.revision) == (250, 0.15, 1)
    assert plan.measure == {"households": 1.0, "floating": 0.5}
    plan = stepping.undo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=1)
    assert plan.wish == before
    plan = stepping.redo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=2)
    assert plan.target == 250


def test_it_is_refused_when_stale_or_unchanged_or_not_ones_own(cast):
    plan = wished(cast, a_plan(cast), 0)
    with pytest.raises(Conflict):
        wished(cast, plan, 0, target=100)
    with pytest.raises(Refused):
        wished(cast, plan, 1)
    with pytest.raises(NotAllowed):
        wished(cast, plan, 1, "li", target=100)


@pytest.mark.parametrize(
    "wish",
    [
        {"target": 0},
        {"target": True},
        {"target": "300"},
        {"target": float("nan")},
        {"tolerance": 0.9},
        {"weights": {}},
        {"weights": {"households": 0}},
        {"weights": {"income": 1}},
        {"weights": {"households": -1}},
        {"weights": [1]},
    ],
)
def test_nonsense_is_refused(wish):
    with pytest.raises(Refused):
        read_wish(WISH | wish)


def test_it_goes_back_and_forth_over_several_steps(cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    first = cell_of_tile(plan, tile)
    step(cast, plan, "paint", tiles=[tile], cell=other)
    named = {"cell": other, "name": "东院"}
    stepping.step(plan.uuid, "rename", named, user=cast.zhao, access=cast.zhao.access, seen=1)
    plan = wished(cast, plan)
    plan = stepping.go_to(plan.uuid, 1, user=cast.zhao, access=cast.zhao.access, seen=3)
    assert (plan.done, plan.undone, plan.revision) == ([1], [3, 2], 5)
    assert drawing_of(plan).cells[other].name != "东院"
    plan = stepping.go_to(plan.uuid, 0, user=cast.zhao, access=cast.zhao.access, seen=5)
    assert (plan.done, cell_of_tile(plan, tile)) == ([], first)
    plan = stepping.go_to(plan.uuid, 2, user=cast.zhao, access=cast.zhao.access, seen=6)
    assert (plan.done, drawing_of(plan).cells[other].name) == ([1, 2], "东院")
    with pytest.raises(Refused):
        stepping.go_to(plan.uuid, 4, user=cast.zhao, access=cast.zhao.access, seen=plan.revision)
