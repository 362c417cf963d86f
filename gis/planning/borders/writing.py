"""Writing communities and streets: new ones, those drawn anew, those that end, with a version of what was and is."""

from datetime import date

import numpy as np
import shapely
from django.db.backends.postgresql.psycopg_any import DateRange

from gis.areas.area import Area
from gis.areas.outline import AreaVersion
from gis.exchange.parents import to_geos
from gis.geometry import as_multipolygons
from gis.planning.borders.held import Held

#: Two outlines that are nowhere farther apart are one, degrees: half a centimetre.
_SAME = 5e-8


def write_level(held: Held, level: str) -> None:
    """Everything a plan changes of one level, in the caller's transaction."""
    day, source = held.day, held.plan.name
    concerned = held.redrawn | held.renamed
    codes = [*held.ended, *(held.codes[number] for number in concerned)]
    stored = {area.code: area for area in Area.objects.select_for_update().filter(code__in=codes)}
    for code in (code for code in held.ended if code in stored):
        _end(stored[code], day)
    for number in sorted(concerned):
        code, name = held.codes[number], held.drawn[number].name.strip()
        area = stored.get(code) or _new(code, level, name, [stored.get(one) for one in held.absorbed.get(number, ())])
        area.starts, area.source = (area.starts, area.source) if area.pk else (day, source)
        _draw(area, name, held.shapes[number] if number in held.redrawn else None, day, source)
    if held.redrawn:
        _match_others(held, level)


def _new(code: str, level: str, name: str, origins: list[Area | None]) -> Area:
    """One that goes on in another street under its name keeps its short name and what was published of it."""
    area = Area(code=code, level=level, code_system="local")
    if len(origins) == 1 and origins[0] and origins[0].name == name:
        for field in ("name", "short_name", "population", "population_source"):
            setattr(area, field, getattr(origins[0], field))
    return area


def _match_others(held: Held, level: str) -> None:
    """Where a new border ends at that of an area that stays, this one gets the corner too: else there are slits.

    It is drawn as before, to a millimetre, so no version begins. A street may hold strips beside its communities that
    are too narrow for a plan: where it is drawn otherwise than a plan sees it, it stays so.
    """
    others = {held.codes[number]: held.shapes[number] for number in set(held.drawn) - held.redrawn}
    for code, stored in Area.objects.filter(code__in=others).exclude(geometry=None).values_list("code", "geometry"):
        if level != "street" or _is_drawn(shapely.from_wkb(bytes(stored.wkb)), others[code]):
            Area.objects.filter(code=code).update(geometry=_stored(others[code]))


def draw_whole(code: str, held: Held) -> None:
    """Draw the area around as all of these together, where it was drawn otherwise."""
    around = Area.objects.select_for_update().filter(code=code).first()
    if around and not (around.geometry and _is_drawn(shapely.from_wkb(bytes(around.geometry.wkb)), held.whole)):
        _draw(around, around.name, held.whole, held.day, held.plan.name)


def _is_drawn(old: shapely.Geometry, new: shapely.Geometry) -> bool:
    return not shapely.is_empty(old) and bool(shapely.hausdorff_distance(old, new) <= _SAME)


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
