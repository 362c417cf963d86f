"""A street on squared paper, twenty squares wide: 幸福西街 x = 0 … 9 and 义宾街 x = 10 … 19."""

import numpy as np
import shapely

from gis.accounts.scope import Scope, applied
from gis.models import Area, Plan
from gis.planning import stepping
from gis.planning.borders.opening import open_communities
from gis.planning.borders.publishing import publish_communities
from gis.planning.keeping import drawing_of
from tests.gis.planning.publishing.paper import CORNER, HOME, NEXT, STEP, lay_cells, lay_ground, post, rect

STREET = HOME[:9]
WEST, EAST, FAR = HOME + "001", HOME + "002", NEXT + "001"


def lay_street():
    """The planner's posting."""
    lay_ground()
    lay_cells([rect(0, 0, 5, 10), rect(5, 0, 10, 10)])
    lay_cells([rect(0, 0, 10, 10, NEXT)], NEXT)
    return post("planner", STREET, "planner")


def open_here(user) -> Plan:
    with applied(Scope.of([STREET])):
        return open_communities(STREET, "社区调整", user=user, access=user.access)


def step(plan, kind, **args) -> Plan:
    user = plan.owner
    return stepping.step(plan.uuid, kind, args, user=user, access=user.access, seen=None)


def box(west, south, east, north):
    """A ring in degrees, in squares of the whole street."""
    x, y = CORNER[HOME]
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[x + i * STEP, y + j * STEP] for i, j in corners]


def number_of(plan, code) -> int:
    return next(one.number for one in drawing_of(plan).cells.values() if one.code == code)


def give(plan, west, south, east, north, code) -> Plan:
    """The ground of a rectangle to a community: the border moves."""
    return step(plan, "carve", ring=box(west, south, east, north), cell=number_of(plan, code))


def publish(plan, **rest):
    return publish_communities(Plan.objects.get(pk=plan.pk), user=plan.owner, **rest)


def outline(code):
    area = Area.objects.get(code=code)
    return area.geometry and shapely.from_wkb(bytes(area.geometry.wkb))


def apart(one, other) -> float:
    """How far two outlines are apart, in metres or so."""
    return float(shapely.hausdorff_distance(one, other)) * 1e5


def covered(codes) -> np.ndarray:
    return np.array([outline(code) for code in codes], dtype=object)
