"""A window of the map as an address gives it."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.errors import WanggeError
from web.pages.paging import read_number

Box = tuple[float, float, float, float]


def read_box(request: HttpRequest, name: str = "bbox") -> Box:
    """`bbox=west,south,east,north` in degrees. Raises WanggeError for anything else."""
    try:
        west, south, east, north = (float(part) for part in request.GET.get(name, "").split(","))
    except ValueError:
        raise WanggeError(_("地图范围无法识别。"), fix=_("请重新打开地图。")) from None
    return west, south, east, north


def read_ground(request: HttpRequest, widest: float | None = None) -> Box:
    """The same of a window that lies on the earth, no wider (degrees) than a screen is. Raises WanggeError."""
    west, south, east, north = box = read_box(request)
    on_earth = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not on_earth or (widest and max(east - west, north - south) > widest):
        raise WanggeError(_("地图范围太大。"), fix=_("请放大地图。"))
    return box


def read_whole(request: HttpRequest, name: str, otherwise: int = -1) -> int:
    number = read_number(request.GET.get(name))
    return otherwise if number is None else number
