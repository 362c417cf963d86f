"""Where on Earth a scope lies."""

from django.contrib.gis.db.models import Extent
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.areas.cell import CellVersion


def extent(scope: Scope) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees of everything outlined in the scope; None where nothing is.

    Upper areas often have no outline of their own, so all areas inside count, and cells where no area does.
    """
    found = Area.objects.inside(scope).aggregate(box=Extent("geometry"))["box"]
    return found or CellVersion.objects.on(timezone.localdate()).inside(scope).aggregate(box=Extent("geometry"))["box"]
