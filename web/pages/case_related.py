"""What else is known about the place of a case: other cases there, of the same building or a few steps away."""

from math import cos, radians

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Polygon
from django.db.models import Q

from gis import crs
from gis.incidents.incident import ENDED
from gis.models import Incident
from web.pages.case import Case

#: How far away is still the same place, metres.
REACH = 40
_MOST = 6


def related(case: Case) -> dict | None:
    """The latest cases at the same place that the reader may read."""
    incident = case.incident
    here = Q(drawing__bboverlaps=_window(incident))
    if incident.building_id:
        here |= Q(building=incident.building_id)
    near = Incident.objects.inside(case.access.which("incident.read")).filter(here).exclude(pk=incident.pk)
    near = near.select_related("category").defer("drawing").annotate(metres=Distance("position", incident.position))
    found = list(near.order_by("-reported_at")[: _MOST + 1])
    return {"found": found[:_MOST], "more": len(found) > _MOST, "ended": ENDED} if found else None


def _window(incident: Incident) -> Polygon:
    """The square around the place; an index range of `incident_drawing`."""
    centre = incident.position.transform(crs.DRAW, clone=True)
    reach = REACH / max(cos(radians(incident.position.y)), 0.01)
    window = Polygon.from_bbox((centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach))
    window.srid = crs.DRAW
    return window
