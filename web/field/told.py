"""Reading a report from what a page sent: JSON of the phone or the fields of a form. Nonsense is refused."""

import math
from collections.abc import Mapping

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import Refused
from gis.incidents.intake import Told
from gis.models import Category, Incident

#: The largest key of a table.
_LARGEST = 2**63 - 1
#: Who says on a form where a report came from. A phone of the field always is its worker.
ORIGINS = (
    Incident.Source.WORKER,
    Incident.Source.RESIDENT,
    Incident.Source.HOTLINE,
    Incident.Source.DEPARTMENT,
)


def read_told(body: Mapping, origin: str = Incident.Source.WORKER) -> Told:
    """A report from its parts: category, lat, lon, building, component, text, place, same_as, error. Raises Refused."""
    return Told(
        category=_key(body, "category"),
        point=read_position(body),
        building=_key(body, "building"),
        component=_key(body, "component"),
        text=_text(body, "text", 20_000),
        place=_text(body, "place", 500),
        same_as=_text(body, "same_as", 40),
        error=_number(body, "error"),
        origin=origin if origin in ORIGINS else Incident.Source.WORKER,
    )


def read_position(body: Mapping) -> Point | None:
    """The position of `lat` and `lon` in degrees; None where neither is given. Raises Refused for nonsense."""
    latitude, longitude = _number(body, "lat"), _number(body, "lon")
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _nonsense("place")
    return Point(longitude, latitude, srid=crs.STORE)


def read_category(body: Mapping) -> Category | None:
    return Category.objects.filter(pk=_key(body, "category")).first()


def _number(body: Mapping, name: str) -> float | None:
    value = body.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise _nonsense(name)
    return number


def _key(body: Mapping, name: str) -> int | None:
    number = _number(body, name)
    if number is None:
        return None
    if number != int(number) or not 0 < number <= _LARGEST:
        raise _nonsense(name)
    return int(number)


def _text(body: Mapping, name: str, longest: int) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise _nonsense(name)
    return value.replace("\x00", "")


def _nonsense(name: str) -> Refused:
    message, fix = _("上报的内容无法识别。"), _("请刷新页面后重新填写这一项。")
    return Refused(message, fix=fix, fields={name: f"{message} {fix}"})
