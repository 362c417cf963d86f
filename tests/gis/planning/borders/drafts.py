"""A plan of the communities of the small town's street, opened by its planner."""

import numpy as np

from gis.accounts.scope import applied
from gis.areas.plans.drawing import Drawing
from gis.planning.borders.opening import open_communities
from gis.planning.plan import Plan
from tests.cast import STREET


def a_border_plan(cast, **wish) -> Plan:
    """As Zhao opens it: what counts is read in her scope."""
    with applied(cast.zhao.access.which("people.count")):
        return open_communities(STREET, "社区调整", user=cast.zhao, access=cast.zhao.access, **wish)


def number_of(drawing: Drawing, code: str) -> int:
    return next(one.number for one in drawing.cells.values() if one.code == code)


def tiles_of(drawing: Drawing, number: int) -> np.ndarray:
    return drawing.ids[drawing.cell == number]
