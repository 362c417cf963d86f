"""The part of the pack that is the map: roads and buildings of the ground, with addresses."""

from django.contrib.gis.geos import Polygon

from gis.accounts.scope import Access, Scope
from gis.areas.extent import extent
from gis.models import Building, Way
from gis.places.search.sounds import spelled
from web.field.shapes import line_parts, rings

#: Degrees around the ground that is drawn too: some 200 m, so that a border is not the end of the world.
_AROUND = 0.002
_MOST_WAYS = 4000


def ground(access: Access, scope: Scope) -> dict[str, list]:
    """Roads and waters in the rectangle around the ground (the land is no secret), and the buildings on it."""
    return {"roads": _ways(scope), "buildings": [_building(one) for one in _buildings(scope)]}


def _buildings(scope: Scope):
    buildings = Building.objects.inside(scope).select_related("compound").order_by("code")
    return buildings.defer("drawing", "source", "source_code")


def _building(building: Building) -> dict:
    return {
        "id": building.pk,
        "code": building.code,
        "label": building.label,
        "address": f"{building.road}{building.gate}" if building.gate else "",
        "sound": spelled(building.compound.name if building.compound_id else building.name or building.road),
        "kind": building.kind,
        "area": building.area,
        "floors": building.floors,
        "units": building.units,
        "rings": rings(building.geometry),
    }


def _ways(scope: Scope) -> list[dict]:
    box = extent(scope)
    if box is None:
        return []
    west, south, east, north = box
    window = (west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND)
    ways = Way.objects.filter(geometry__bboverlaps=Polygon.from_bbox(window)).exclude(kind=Way.Kind.WALL)
    return [
        {"name": way.name, "kind": way.kind, "rank": way.rank, "line": points}
        for way in ways.only("name", "kind", "rank", "geometry").order_by("pk")[:_MOST_WAYS]
        for points in line_parts(way.geometry, window)
    ]
