"""Whose ground a service point stands on."""

from django.contrib.gis.geos import Point

from gis.accounts.scope import Scope
from gis.places.locating import what_is_at


def area_at(position: Point, scope: Scope) -> str:
    """The code of the cell at a position, else of its community; "" where neither is in the scope."""
    here = what_is_at(position, scope)
    if here.cell:
        return here.cell.code
    return here.area.code if here.area and here.area.level == "community" else ""
