"""Writing communities: new ones, those drawn anew, those that end, with a version of what was and of what is."""

from datetime import date

import numpy as np
import shapely
from django.db.backends.postgresql.psycopg_any import DateRange

from gis.areas.area import Area
from gis.areas.outline import AreaVersion
from gis.exchange.parents import to_geos
from gis.geometry import as_multipolygons
from gis.planning.borders.reckoning import BorderReckoning

#: Two outlines of a street that are nowhere farther apart are one, degrees: half a centimetre.
_SAME = 5e-8


def write_areas(reckoning: BorderReckoning) -> None:
    """In the caller's transaction. The street's outline is that of its communities together."""
    day, source = reckoning.day, reckoning.plan.name
    concerned = reckoning.redrawn | reckoning.renamed
    codes = [*reckoning.ended, *(reckoning.codes[number] for number in concerned), reckoning.plan.area]
    stored = {area.code: area for area in Area.objects.select_for_update().filter(code__in=codes)}
    for code in reckoning.ended:
        _end(stored[code], day)
    for number in sorted(concerned):
        code, name = reckoning.codes[number], reckoning.drawn[number].name.strip()
        area = stored.get(code) or Area(code=code, level="community", code_system="local", starts=day, source=source)
        shape = reckoning.shapes[number] if number in reckoning.redrawn else None
        _draw(area, name, shape, day, source)
    if reckoning.redrawn:
        _match_others(reckoning)
    _draw_street(stored.get(reckoning.plan.area), reckoning, source)


def _match_others(reckoning: BorderReckoning) -> None:
    """Where a new border ends at that of a community that stays, this one gets the corner too: else there are slits.

    It is drawn as before, to a millimetre, so no version begins.
    """
    for number in sorted(set(reckoning.drawn) - reckoning.redrawn):
        Area.objects.filter(code=reckoning.codes[number]).update(geometry=_stored(reckoning.shapes[number]))


def _draw_street(street: Area | None, reckoning: BorderReckoning, source: str) -> None:
    if street is None:
        return
    old = shapely.from_wkb(bytes(street.geometry.wkb)) if street.geometry else shapely.MultiPolygon()
    if shapely.is_empty(old) or shapely.hausdorff_distance(old, reckoning.street) > _SAME:
        _draw(street, street.name, reckoning.street, reckoning.day, source)


def _draw(area: Area, name: str, shape: shapely.Geometry | None, day: date, source: str) -> None:
    """Give an area a name and, unless None, an outline."""
    if area.pk and area.geometry:
        _close(area, day)
    if name != area.name:
        area.name, area.short_name = name, ""
    if shape is not None:
        area.geometry = _stored(shape)
    area.save()
    if area.geometry:
        _begin(area, day, source)


def _end(area: Area, day: date) -> None:
    if area.geometry:
        _close(area, day)
    area.ends, area.geometry = day, None
    area.save()


def _close(area: Area, day: date) -> None:
    """A version of how it was drawn until a day, which a first change has to write as well as to end."""
    last = area.versions.filter(valid__endswith=None, valid__isempty=False).first()
    if last is None:
        first = area.starts if area.starts and area.starts < day else None
        AreaVersion.objects.create(
            area=area, name=area.name, geometry=area.geometry, valid=DateRange(first, day), source=area.source
        )
    elif last.valid.lower == day:  # drawn twice on one day: what was in force on no whole day is not kept
        last.delete()
    else:
        last.valid = DateRange(last.valid.lower, day)
        last.save(update_fields=["valid"])


def _begin(area: Area, day: date, source: str) -> None:
    AreaVersion.objects.create(
        area=area, name=area.name, geometry=area.geometry, valid=DateRange(day, None), source=source
    )


def _stored(shape: shapely.Geometry):
    return to_geos(as_multipolygons(np.array([shape], dtype=object))[0])
