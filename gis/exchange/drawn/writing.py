"""Writing cells as a file of some format."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis import crs
from gis.exchange.drawn.cell import COLUMNS, NUMBERS, TEXTS, DrawnCell
from gis.exchange.drawn.dxf import dxf_text
from gis.exchange.drawn.kml import kml_text


@dataclass(frozen=True)
class Format:
    ending: str
    content_type: str
    write: Callable[[Sequence[DrawnCell], int], bytes]


def write(cells: Sequence[DrawnCell], name: str, plane: int) -> bytes:
    """The bytes of a file. `plane`: EPSG number of the metres that DXF is drawn in."""
    return FORMATS[name].write(cells, plane)


def _geojson(cells: Sequence[DrawnCell], plane: int) -> bytes:
    """By hand: GDAL rounds to seven decimals, a centimetre."""
    features = [
        {"type": "Feature", "properties": _properties(cell), "geometry": shapely.geometry.mapping(cell.shape)}
        for cell in cells
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _properties(cell: DrawnCell) -> dict:
    return {name: getattr(cell, name) for name in COLUMNS}


def _geopackage(cells: Sequence[DrawnCell], plane: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.gpkg"
        pyogrio.write_dataframe(_table(cells), path, layer="cells", driver="GPKG", geometry_type="MultiPolygon")
        return path.read_bytes()


def _shapefile(cells: Sequence[DrawnCell], plane: int) -> bytes:
    """A ZIP of its parts, the label of its encoding (.cpg) among them."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        path = Path(folder) / "cells.shp"
        pyogrio.write_dataframe(_table(cells), path, driver="ESRI Shapefile", encoding="UTF-8", geometry_type="Polygon")
        for part in sorted(Path(folder).iterdir()):
            archive.write(part, part.name)
    return packed.getvalue()


def _table(cells: Sequence[DrawnCell]) -> geopandas.GeoDataFrame:
    columns: dict = {name: pd.array([getattr(cell, name) for cell in cells], dtype="str") for name in TEXTS}
    columns |= {name: np.array([getattr(cell, name) for cell in cells], dtype=np.int32) for name in NUMBERS}
    columns["area_m2"] = np.array([cell.area_m2 for cell in cells], dtype=float)
    shapes = [_many(cell.shape) for cell in cells]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs.STORE)


def _many(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


def _kml(cells: Sequence[DrawnCell], plane: int) -> bytes:
    return kml_text([(cell.name or cell.code, _properties(cell), cell.shape) for cell in cells]).encode()


def _dxf(cells: Sequence[DrawnCell], plane: int) -> bytes:
    shapes = np.array([cell.shape for cell in cells], dtype=object)
    metres = shapely.transform(shapes, lambda xy: crs.move(xy, crs.STORE, plane))
    layers = [cell.code or f"P{cell.number}" for cell in cells]
    return dxf_text(layers, [cell.name for cell in cells], metres, plane).encode("ascii")


FORMATS: dict[str, Format] = {
    "geojson": Format("geojson", "application/geo+json", _geojson),
    "gpkg": Format("gpkg", "application/geopackage+sqlite3", _geopackage),
    "shp": Format("zip", "application/zip", _shapefile),
    "kml": Format("kml", "application/vnd.google-earth.kml+xml", _kml),
    "dxf": Format("dxf", "image/vnd.dxf", _dxf),
}
