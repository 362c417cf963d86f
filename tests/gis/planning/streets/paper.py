"""A district on squared paper, forty squares wide: two streets of two communities, each ten squares wide.

胜利街道: 幸福西街 x = 0 … 9 (a western and an eastern cell), 义宾街 x = 10 … 19 (a southern and a northern one).
光明街道: 石园东区 x = 20 … 29 (one cell), 石园西区 x = 30 … 39 (none).
"""

import numpy as np

from gis.accounts.scope import Scope, applied
from gis.exchange.copying import copy_columns
from gis.models import Area, Plan
from gis.planning import stepping
from gis.planning.keeping import drawing_of
from gis.planning.streets.opening import open_streets
from gis.planning.streets.publishing import publish_streets
from tests.gis.planning.borders.paper import box, number_of, outline
from tests.gis.planning.publishing.paper import HOME, NEXT, lay_cells, lay_ground, post, rect, user

DISTRICT, STREET, OTHER = "110113", "110113001", "110113002"
STONE, PARK = OTHER + "001", OTHER + "002"

__all__ = ["box", "number_of", "outline"]


def lay_district():
    """The planner of the district, by their posting."""
    lay_ground()
    Area.objects.filter(code=DISTRICT).update(geometry=None)
    street = rect(20, 0, 40, 10)
    copy_columns(
        Area,
        {
            "code": [OTHER, STONE, PARK],
            "level": ["street", "community", "community"],
            "name": ["光明街道", "石园东区", "石园西区"],
            "geometry": np.array([street, rect(20, 0, 30, 10), rect(30, 0, 40, 10)], dtype=object),
        },
    )
    lay_cells([rect(0, 0, 5, 10), rect(5, 0, 10, 10)])
    lay_cells([rect(10, 0, 20, 5), rect(10, 5, 20, 10)], NEXT)
    lay_cells([rect(20, 0, 30, 10)], STONE)
    return post("planner", DISTRICT, "planner")


def open_here(planner) -> Plan:
    with applied(Scope.of([DISTRICT])):
        return open_streets(DISTRICT, "街道调整", user=planner, access=planner.access)


def step(plan, kind, **args) -> Plan:
    """The plan that is given is the plan as it is then."""
    stepping.step(plan.uuid, kind, args, user=plan.owner, access=plan.owner.access, seen=None)
    plan.refresh_from_db()
    return plan


def give(plan, community, code) -> Plan:
    """A community whole to a street: the tiles of its compound."""
    drawing = drawing_of(plan)
    codes = sorted(Area.objects.filter(level="community", ends=None).values_list("code", flat=True))
    rows = drawing.compound == codes.index(community) + 1
    return step(plan, "paint", tiles=drawing.ids[rows].tolist(), cell=number_of(plan, code))


def carve(plan, west, south, east, north, code) -> Plan:
    """The ground of a rectangle to a street."""
    return step(plan, "carve", ring=box(west, south, east, north), cell=number_of(plan, code))


def publish(plan, **rest):
    return publish_streets(Plan.objects.get(pk=plan.pk), user=plan.owner, **rest)


__all__ += ["HOME", "NEXT", "rect", "user"]
