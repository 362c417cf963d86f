"""Where the rows of a file lie: whatever the file holds, as degrees in the storage CRS, with every doubt said."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from gis import crs
from gis.errors import BadFile
from gis.exchange.columns import take, take_text
from gis.exchange.reading import Table
from gis.exchange.refusals import Report

#: Share of the rows that must make sense for single rows to be judged instead of the whole file.
_MOST = 0.5
_NAME_CRS = gettext_lazy("请指明文件的坐标系，例如 --crs EPSG:4490、--crs gcj02 或 --crs bd09。")


@dataclass(frozen=True)
class Place:
    """The coordinate system of a file and how it was found out."""

    source: str  # for crs.move
    degrees: bool
    how: str


def find_crs(declared: str | None, wished: str | None, xy: np.ndarray) -> Place:
    """The CRS to read `xy` (n × 2, as in the file) in: the wish before the file's word, degrees where neither is.

    Raises BadFile when the numbers cannot be of that CRS, or there is no word and the numbers are not degrees.
    """
    finite = xy[np.isfinite(xy).all(axis=1)]
    like_degrees = len(finite) == 0 or np.mean((np.abs(finite) <= 180).all(axis=1)) >= _MOST
    if wished and wished.lower() in crs.SHIFTED:
        _agree(True, like_degrees, wished)
        return Place(wished.lower(), True, f"coordinates converted from {wished.upper()} (--crs)")
    name = _named(wished) if wished else declared
    if name is None:
        if not like_degrees:
            raise BadFile(_("文件没有说明坐标系，数值也不是度。"), fix=str(_NAME_CRS))
        return Place(_store(), True, "the file names no coordinate system; read as degrees of GPS (WGS 84)")
    found = _parse(name)
    _agree(found.is_geographic, like_degrees, found.name)
    if _is_store(found):
        return Place(_store(), True, f"coordinates in {found.name}")
    return Place(name, found.is_geographic, f"coordinates converted from {found.name}" + (" (--crs)" if wished else ""))


def _store() -> str:
    return f"EPSG:{crs.STORE}"


def _named(wished: str) -> str:
    text = wished.strip()
    if re.fullmatch(r"\d{4,6}", text):
        return f"EPSG:{text}"
    if not re.fullmatch(r"[A-Za-z]{3,6}:\d{4,6}", text):
        raise BadFile(_("“%(name)s”不是坐标系。") % {"name": wished}, fix=_("请写 EPSG:编号、gcj02 或 bd09（--crs）。"))
    return text


def _parse(name: str) -> CRS:
    try:
        return CRS.from_user_input(name)
    except CRSError:
        raise BadFile(_("文件的坐标系无法识别。"), fix=str(_NAME_CRS)) from None


def _is_store(found: CRS) -> bool:
    """Whether reading the numbers as stored degrees is exact: the CRS itself, whatever its order of axes."""
    return found.equals(CRS.from_epsg(crs.STORE), ignore_axis_order=True)


def _agree(degrees: bool, like_degrees: bool, name: str) -> None:
    if degrees and not like_degrees:
        raise BadFile(_("坐标应为度（%(name)s），数值却大得多。") % {"name": name}, fix=str(_NAME_CRS))
    if not degrees and like_degrees:
        raise BadFile(_("坐标应为米（%(name)s），数值却像度。") % {"name": name}, fix=str(_NAME_CRS))


def move_shapes(shapes: np.ndarray, place: Place) -> np.ndarray:
    """Shapes of the file's CRS in the storage CRS. Raises BadFile when PROJ cannot."""
    if place.source == _store():
        return shapes
    try:
        return shapely.transform(shapes, lambda xy: crs.move(xy, place.source, crs.STORE))
    except ProjError:
        raise BadFile(_("坐标转换不了。"), fix=str(_NAME_CRS)) from None


def read_shapes(table: Table, mapping: dict[str, str]) -> np.ndarray | None:
    """The shapes of the file, or of its column of well-known text; None where it has neither."""
    if table.shapes is not None:
        return table.shapes
    text = take(table.frame, mapping, "wkt")
    if text is None:
        return None
    plain = pd.Series(text, dtype="str").str.replace(r"(?i)^SRID=\d+;", "", regex=True)
    return shapely.from_wkt(plain.astype(object).where(plain.notna(), None).to_numpy(dtype=object), on_invalid="ignore")


def read_outlines(table: Table, mapping: dict[str, str], wished: str | None, report: Report) -> np.ndarray | None:
    """The shapes of a file of areas or buildings in the storage CRS, None in refused rows; None without any shapes."""
    shapes = read_shapes(table, mapping)
    if shapes is None:
        return None
    shapes = np.array(shapes, dtype=object)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    report.refuse(missing, "geometry", _("缺少图形或图形为空"), _("请补画，或删去这一行。"))
    flat = report.good & shapely.has_z(shapes)
    report.note(flat, "geometry", _("高程已略去"))
    shapes = shapely.force_2d(shapes)
    corners = _first_corners(shapes)
    place = find_crs(table.crs, wished, corners[report.good])
    report.remark(place.how)
    good = report.good.copy()
    shapes[good] = move_shapes(shapes[good], place)
    _judge_extent(shapes, report)
    return shapes


def _first_corners(shapes: np.ndarray) -> np.ndarray:
    bounds = shapely.bounds(shapes)
    return bounds[:, :2]


def _judge_extent(shapes: np.ndarray, report: Report) -> None:
    bounds = shapely.bounds(shapes)
    inside = (np.abs(bounds[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(bounds[:, [1, 3]]) <= 90).all(axis=1)
    swapped = (np.abs(bounds[:, [1, 3]]) <= 180).all(axis=1) & (np.abs(bounds[:, [0, 2]]) <= 90).all(axis=1)
    report.refuse(
        ~inside & swapped,
        "geometry",
        _("经度和纬度写反了"),
        _("请先写 x（经度），再写 y（纬度）。"),
    )
    report.refuse(~inside, "geometry", _("坐标超出地球范围"), str(_NAME_CRS))


def read_points(table: Table, mapping: dict[str, str], wished: str | None, report: Report) -> np.ndarray:
    """Positions in the storage CRS (n × 2), NaN in refused rows. Raises BadFile when the file has no positions."""
    xy = (
        _point_shapes(table, mapping, report) if _has_shapes(table, mapping) else _point_columns(table, mapping, report)
    )
    void = np.isnan(xy).any(axis=1)
    report.refuse(void, "longitude", _("缺少坐标"), _("请补上坐标，或删去这一行。"))
    report.refuse((xy == 0).all(axis=1), "longitude", _("坐标是 0, 0"), _("请给出真实位置。"))
    place = find_crs(table.crs, wished, xy[report.good])
    report.remark(place.how)
    if place.degrees:
        _judge_degrees(xy, report)
    good = report.good.copy()
    xy = np.where(good[:, None], xy, np.nan)
    xy[good] = crs.move(xy[good], place.source, crs.STORE)
    odd = ~np.isfinite(xy).all(axis=1) | (np.abs(xy) > [180, 90]).any(axis=1)
    report.refuse(odd, "longitude", _("坐标与坐标系不符"), str(_NAME_CRS))
    return xy


def _has_shapes(table: Table, mapping: dict[str, str]) -> bool:
    return "longitude" not in mapping and (table.shapes is not None or "wkt" in mapping)


def _point_shapes(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    shapes = np.asarray(read_shapes(table, mapping), dtype=object)
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    single = shapely.get_num_geometries(shapes) == 1
    shapes = np.where((shapely.get_type_id(shapes) == 4) & single, shapely.get_geometry(shapes, 0), shapes)
    points = shapely.get_type_id(shapes) == 0
    report.refuse(present & ~points, "geometry", _("图形不是点"), _("每行请给一个点。"))
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])


def _point_columns(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    if "longitude" not in mapping or "latitude" not in mapping:
        raise BadFile(_("文件里没有位置。"), fix=_("请指明经纬度列：--map longitude=列名 --map latitude=列名。"))
    columns = [_numbers(table, mapping, name, report) for name in ("longitude", "latitude")]
    return np.column_stack(columns)


def _numbers(table: Table, mapping: dict[str, str], name: str, report: Report) -> np.ndarray:
    values = take(table.frame, mapping, name)
    if values is not None and values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float)
    text = pd.Series(take_text(table.frame, mapping, name), dtype="str").str.replace("°", "", regex=False)
    text = text.where(~text.str.fullmatch(r"-?\d+,\d+"), text.str.replace(",", ".", regex=False))
    numbers = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float)
    wrong = np.isnan(numbers) & text.ne("").to_numpy()
    report.refuse(wrong, name, _("坐标不是数字"), _("请写成带小数点的度数，如 116.6553。"))
    return numbers


def _judge_degrees(xy: np.ndarray, report: Report) -> None:
    inside = (np.abs(xy) <= [180, 90]).all(axis=1)
    swapped = (np.abs(xy[:, ::-1]) <= [180, 90]).all(axis=1)
    report.refuse(
        ~inside & swapped,
        "latitude",
        _("经度和纬度写反了"),
        _("请对调两列：--map longitude=… --map latitude=…。"),
    )
    report.refuse(~inside, "longitude", _("坐标超出地球范围"), str(_NAME_CRS))
