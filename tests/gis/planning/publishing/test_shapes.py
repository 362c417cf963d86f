"""From an opened plan to cells in force, on ground that is no plain block."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.areas.plans.unfinished import unfinished
from gis.models import Area, Building, Redrawing, Way
from gis.planning import stepping
from gis.planning.keeping import drawing_of
from gis.planning.opening import Start, open_plan
from gis.planning.publishing.impact import impact
from gis.planning.publishing.of_plan import draft_of, drafts_of_plan
from gis.statistics.recounting import wrong_areas
from tests.gis.planning.publishing.paper import HOME, build, in_force, lay_ground, middle, post, publish_now, rect

pytestmark = pytest.mark.django_db

BLOCK = rect(0, 0, 10, 10)
ISLAND = shapely.union_all([BLOCK, rect(3, 12, 6, 14)])
HOLE = shapely.difference(BLOCK, rect(4, 4, 6, 6))
EVERYWHERE = [(1, 1), (8, 1), (1, 8), (8, 8), (3, 2), (7, 5)]
GROUND = {
    "island": (ISLAND, [*EVERYWHERE, (4, 12)]),
    "hole": (HOLE, EVERYWHERE),
    "river": (BLOCK, EVERYWHERE),
    "one building": (BLOCK, [(5, 5)]),
    "no building": (BLOCK, []),
}


def flow():
    """A river from south to north through the middle."""
    line = shapely.LineString([middle(4.5, -1), middle(4.5, 11)])
    Way.objects.create(kind="river", geometry=line.wkt, barrier="major")


def step(plan, kind, **args):
    user = plan.owner
    return stepping.step(plan.uuid, kind, args, user=user, access=user.access, seen=None)


def drawn(outline, houses):
    """A plan in which everything is in one cell, which is then divided in two."""
    lay_ground()
    Area.objects.filter(code=HOME).update(geometry=shapely.multipolygons(shapely.get_parts(outline)).wkt)
    for i, j in houses:
        build(i, j, HOME, 10)
    user = post("planner", HOME[:9], "planner").user
    with applied(Scope.of([HOME])):
        plan = open_plan(HOME, "方案", user=user, access=user.access, start=Start(cells=False, begun_from="nothing"))
        plan = step(plan, "add", name="")
        plan = step(plan, "paint", tiles=drawing_of(plan).ids.tolist(), cell=1)
        return step(plan, "divide", cell=1, count=2) if len(drawing_of(plan)) > 1 else plan


@pytest.mark.parametrize("kind", GROUND)
def test_it_is_covered_exactly_and_comes_back_as_it_was(bare, kind):
    if kind == "river":
        flow()
    outline, houses = GROUND[kind]
    plan = drawn(outline, houses)
    assert not unfinished(drawing_of(plan))
    drafts = drafts_of_plan(plan)
    assert not impact(drafts, [HOME], timezone.localdate()).faults
    publish_now(drafts)
    first = in_force()
    assert len(first) == len(drafts)
    shapes = np.array([shapely.from_wkb(bytes(one.geometry.wkb)) for one in first.values()], dtype=object)
    assert shapely.hausdorff_distance(shapely.union_all(shapes), outline) < 1e-6  # a tenth of a metre
    assert not any(shapely.area(shapely.intersection(*pair)) > 1e-14 for pair in pairwise(shapes))
    assert Building.objects.filter(area__in=first).count() == len(houses)
    assert not wrong_areas()
    publish_now(draft_of(timezone.localdate(), [HOME]))
    assert {code: one.pk for code, one in in_force().items()} == {code: one.pk for code, one in first.items()}
    assert Redrawing.objects.count() == 2


def test_no_cell_lies_on_both_banks_of_a_river(bare):
    flow()
    publish_now(drafts_of_plan(drawn(BLOCK, EVERYWHERE)))
    banks = [rect(0, 0, 5, 10), rect(5, 0, 10, 10)]
    for one in in_force().values():
        shape = shapely.from_wkb(bytes(one.geometry.wkb))
        shares = shapely.area(shapely.intersection(shape, banks)) / shapely.area(shape)
        assert shares.max() > 0.999
