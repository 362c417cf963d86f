"""Reading outlines from a file of any format a GIS or CAD program writes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import BadFile
from gis.exchange.causes import cause
from gis.exchange.drawn.cell import COLUMNS, NUMBERS, DrawnCell
from gis.exchange.drawn.dxf import plane_of, spelt_out
from gis.exchange.reading import Table, read_table

#: Outlines of one file.
MOST = 20_000
_MOST_CORNERS = 5_000_000
#: Files that can hold outlines. A workbook cannot, and is not opened: one far cell in it asks for gigabytes.
_KINDS = ("sqlite", "shapefile", "json", "parquet")
_WORDS = {
    "code": ("code", "cell_code", "网格编码", "网格代码", "代码", "编码", "layer"),
    "name": ("name", "cell_name", "网格名称", "名称", "label", "text"),
    "community": ("community", "社区代码", "社区"),
    "kind": ("kind", "类型"),
}


@dataclass(frozen=True)
class Outlines:
    """The polygons of a file as they stand in it."""

    shapes: np.ndarray  # Polygon or MultiPolygon, in the file's coordinates
    table: pd.DataFrame  # what the file says of each
    rows: np.ndarray  # numbers of the rows
    crs: str | None  # as the file says
    left: int  # rows that are no polygons


def read_outlines(path: Path, plane: int | None = None) -> Outlines:
    """The polygons of a GeoJSON, GeoPackage, shapefile (ZIP), KML or DXF. Raises BadFile.

    `plane`: EPSG number of a DXF that does not say its own.
    """
    head = path.read_bytes()[:4096]
    ending = path.suffix.lower()
    if b"<kml" in head or ending == ".kml":
        found = _kml(path)
    elif ending == ".dxf" or head.lstrip()[:4] in (b"0\r\nS", b"0\nSE") or head.startswith(b"999"):
        found = _dxf(path, plane)
    else:
        table = read_table(path, kinds=_KINDS)
        found = _of_table(path, table)
    if not len(found.shapes):
        raise _bad(_("%(file)s 里没有多边形。"), path, fix=_("请保存为多边形，DXF 里请用闭合线。"))
    if len(found.shapes) > MOST or int(shapely.get_num_coordinates(found.shapes).sum()) > _MOST_CORNERS:
        fix = _("一次最多 %(most)s 个，请按区域分开。") % {"most": f"{MOST:,}"}
        raise _bad(_("%(file)s 里的多边形太多。"), path, fix=fix)
    return found


def read_cells(path: Path, plane: int | None = None) -> list[DrawnCell]:
    """The cells of a file, in degrees. Raises BadFile."""
    found = read_outlines(path, plane)
    shapes = in_degrees(found, path)
    columns = {name: _column(found.table, words) for name, words in _WORDS.items()}
    columns |= {name: _column(found.table, (name,)) for name in COLUMNS if name not in _WORDS}
    return [
        DrawnCell(shape, **{name: _value(name, values[row]) for name, values in columns.items() if values is not None})
        for row, shape in enumerate(shapes)
    ]


def in_degrees(found: Outlines, path: Path) -> np.ndarray:
    if found.crs is None and not _looks_like_degrees(found.shapes):
        raise _bad(_("%(file)s 没有说明坐标系。"), path, fix=_("请连同坐标系保存（.prj 文件），或用 EPSG:4326。"))
    if found.crs is None or _is_store(found.crs):
        return found.shapes
    try:
        moved = shapely.transform(found.shapes, lambda xy: crs.move(xy, found.crs, crs.STORE))
    except pyproj.exceptions.ProjError:
        raise _bad(_("%(file)s 的坐标系无法识别。"), path, fix=_("请另存为 EPSG:4326。")) from None
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise _bad(_("%(file)s 的坐标超出它的坐标系。"), path, fix=_("请核对坐标系。"))
    return moved


def _bad(said: str, path: Path, *, fix: str, why: str = "") -> BadFile:
    return BadFile(said % {"file": path.name, "why": why}, fix=fix)


def _is_store(name: str) -> bool:
    return name.upper() in ("EPSG:4326", "OGC:CRS84", "EPSG:4979")


def _looks_like_degrees(shapes: np.ndarray) -> bool:
    west, south, east, north = shapely.total_bounds(shapes)
    return west >= -180 and east <= 180 and south >= -90 and north <= 90


def _of_table(path: Path, table: Table) -> Outlines:
    if table.shapes is None:
        fix = _("请用 GeoJSON、GeoPackage、Shapefile、KML 或 DXF。")
        raise _bad(_("%(file)s 里没有边界。"), path, fix=fix)
    return _polygons(table.frame, table.shapes, table.rows, table.crs)


def _polygons(frame: pd.DataFrame, shapes: np.ndarray, rows: np.ndarray, name: str | None) -> Outlines:
    shapes = shapely.force_2d(shapes)
    solid = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_missing(shapes)
    solid &= ~shapely.is_empty(shapes)
    finite = np.array([bool(np.isfinite(shapely.get_coordinates(shape)).all()) for shape in shapes[solid]], dtype=bool)
    solid[np.flatnonzero(solid)[~finite]] = False
    return Outlines(shapes[solid], frame[solid].reset_index(drop=True), rows[solid], name, int((~solid).sum()))


def _kml(path: Path) -> Outlines:
    """KML without a document type: entities can make a small file a huge one, and read other files."""
    text = path.read_bytes()
    flat = text.replace(b"\x00", b"")  # UTF-16 hides a word between zeros
    if b"<!DOCTYPE" in flat or b"<!ENTITY" in flat:
        raise BadFile(_("这个 KML 定义了自己的实体。"), fix=_("请用地图软件重新保存。"))
    frame, shapes = _through_gdal(path)
    return _polygons(frame, _solids(shapes), np.arange(1, len(frame) + 1), "EPSG:4326")


def _solids(shapes: np.ndarray) -> np.ndarray:
    """Collections that hold polygons only as MultiPolygons."""
    out = shapes.copy()
    for row in np.flatnonzero(shapely.get_type_id(shapes) == 7):
        parts = shapely.get_parts(shapes[row])
        if len(parts) and (shapely.get_type_id(parts) == 3).all():
            out[row] = shapely.MultiPolygon(list(parts))
    return out


def _dxf(path: Path, plane: int | None) -> Outlines:
    """The closed lines of each layer as one shape: a ring inside another one is a hole."""
    with path.open(encoding="utf-8", errors="replace") as file:
        plane = plane_of(file.read(2000)) or plane
    frame, shapes = _through_gdal(path)
    layer = frame.get("Layer", pd.Series([""] * len(frame))).fillna("").astype(str).to_numpy()
    text = frame.get("Text", pd.Series([""] * len(frame))).fillna("").astype(str).to_numpy()
    found, names, labels = [], [], []
    for name in dict.fromkeys(layer):
        rings = [ring for shape in shapes[layer == name] for ring in _rings(shape)]
        if rings:
            found.append(_even_odd(rings))
            names.append(spelt_out(name))
            labels.append(spelt_out(next((one for one in text[layer == name] if one), "")))
    table = pd.DataFrame({"layer": names, "text": labels})
    shapes = np.array(found, dtype=object)
    return _polygons(table, shapes, np.arange(1, len(names) + 1), None if plane is None else f"EPSG:{plane}")


def _rings(shape: shapely.Geometry | None) -> list[np.ndarray]:
    if shape is None or shape.is_empty:
        return []
    rings = []
    for part in shapely.get_parts(shapely.force_2d(shape)):
        lines = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        rings += [shapely.get_coordinates(line) for line in lines if line.geom_type in ("LineString", "LinearRing")]
    return [ring for ring in rings if len(ring) >= 4 and (ring[0] == ring[-1]).all()]


def _even_odd(rings: list[np.ndarray]) -> shapely.Geometry:
    """Rings as polygons: those at an even depth are outlines, the others holes of the ring around them."""
    solid = sorted((shapely.Polygon(ring) for ring in rings), key=lambda polygon: -polygon.area)
    outer: list[tuple[shapely.Polygon, list]] = []
    for polygon in solid:
        point = shapely.point_on_surface(polygon)
        around = [one for one in outer if shapely.covers(one[0], point)]
        in_hole = around and any(shapely.covers(shapely.Polygon(hole), point) for hole in around[-1][1])
        if around and not in_hole:
            around[-1][1].append(polygon.exterior)
        else:
            outer.append((polygon, []))
    parts = [shapely.Polygon(polygon.exterior, holes) for polygon, holes in outer]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _through_gdal(path: Path) -> tuple[pd.DataFrame, np.ndarray]:
    """All layers of a file through GDAL, one below the other."""
    frames = []
    try:
        for layer in pyogrio.list_layers(path)[:, 0]:
            frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore")
            if "geometry" in frame.columns:
                frames.append(frame)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, ValueError) as error:
        raise _bad(_("%(file)s 读不出来（%(why)s）。"), path, fix=_("请重新保存。"), why=cause(error)) from None
    if not frames:
        raise _bad(_("%(file)s 里没有图层。"), path, fix=_("请把边界保存在文件里。"))
    whole = pd.concat([pd.DataFrame(frame) for frame in frames], ignore_index=True)
    shapes = np.array(whole["geometry"], dtype=object)
    return whole.drop(columns="geometry"), shapes


def _column(table: pd.DataFrame, words: tuple[str, ...]) -> list | None:
    names = {str(column).lower(): column for column in table.columns}
    column = next((names[word] for word in words if word in names), None)
    return None if column is None else table[column].tolist()


def _value(name: str, value: object) -> object:
    missing = value is None or value != value or value is pd.NA
    if name in NUMBERS or name == "area_m2":
        try:
            return 0 if missing else (float(str(value)) if name == "area_m2" else int(float(str(value))))
        except (ValueError, OverflowError):
            return 0
    if missing:
        return ""
    whole = isinstance(value, float) and value == int(value)
    return str(int(value) if whole else value).strip()
