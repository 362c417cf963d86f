"""What a page was told step by step is what it would be told anew, and what another process reads from the record."""

import random

import numpy as np
import pytest
import shapely

from gis.areas.plans.measuring import measures
from gis.areas.plans.packing import pack_drawing
from gis.models import Building, Plan, Posting
from gis.planning import keeping
from gis.planning.keeping import drawing_of
from tests.gis.planning.drafts import a_plan
from tests.web.planning.acts import Planner
from tests.web.planning.screen import Screen

pytestmark = pytest.mark.django_db

#: Enough that most kinds follow upon most others; a longer walk found nothing more.
_STEPS = 60


@pytest.mark.parametrize("seed", [1, 2])
def test_two_planners_walk_at_random(client_of, cast, seed):
    Posting.objects.filter(user=cast.li).update(role="planner")
    plan = a_plan(cast)
    chance = random.Random(seed)
    walkers = [Planner(client_of(name, HTTP_ACCEPT="*/*"), plan, chance) for name in ("zhao", "li")]
    for _ in range(_STEPS):
        walker = chance.choice(walkers)
        walker.look()
        walker.act()
    for walker in walkers:
        walker.look()
        assert not walker.screen.differences(Screen.of(walker.client, plan))
    assert_true(Plan.objects.get(pk=plan.pk))


def assert_true(plan: Plan) -> None:
    """The drawing is whole, what this process holds is what the record says, and it counts every building once."""
    here = drawing_of(plan)
    keeping.forget(plan)
    cold = drawing_of(plan)
    assert cold is not here
    assert pack_drawing(cold) == pack_drawing(here)
    assert shapely.coverage_is_valid(cold.shapes)
    assert (np.diff(cold.ids) > 0).all()
    found = measures(cold, plan.measure, plan.target)
    assert found.buildings.sum() == Building.objects.filter(area__startswith=plan.area).count()
