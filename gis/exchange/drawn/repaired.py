"""A file of outlines written again, with the columns it came with, in any format that is read.

GeoPackage and shapefile keep the file's own coordinates; GeoJSON and KML are in degrees by their definition, a DXF in
metres of the plane of the place, whose number its name says.
"""

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis import crs
from gis.exchange.drawn.dxf import dxf_text
from gis.exchange.drawn.kml import kml_text
from gis.exchange.drawn.reading import Outlines, in_degrees
from gis.exchange.drawn.writing import FORMATS
from gis.geometry import as_multipolygons

_OURS = ("fid", "geom", "geometry", "ogc_fid")


@dataclass(frozen=True)
class Written:
    content: bytes
    ending: str
    content_type: str


def write_again(found: Outlines, names: list[str], format: str) -> Written:
    """`names`: what each outline is called. Raises BadFile where degrees are wanted of unknown coordinates."""
    form, table = FORMATS[format], _columns(found.table)
    if format in ("gpkg", "shp"):
        return Written(_through_gdal(found, table, format), form.ending, form.content_type)
    degrees = in_degrees(found, Path("outlines"))
    if format == "dxf":
        west, south, east, north = shapely.total_bounds(degrees)
        plane = crs.metric((west + east) / 2, (south + north) / 2)
        metres = shapely.transform(degrees, lambda xy: crs.move(xy, crs.STORE, plane))
        text = dxf_text([f"S{row}" for row in range(1, len(names) + 1)], names, metres, plane)
        return Written(text.encode("ascii"), f"EPSG{plane}.dxf", form.content_type)
    rows = [{name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")]
    if format == "kml":
        text = kml_text(list(zip(names, rows, degrees, strict=True)))
        return Written(text.encode(), form.ending, form.content_type)
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for row, shape in zip(rows, degrees, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Written(text.encode(), form.ending, form.content_type)


def _columns(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=[one for one in table.columns if str(one).lower() in _OURS]).reset_index(drop=True)


def _plain(value: object) -> object:
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value if isinstance(value, (int, float)) else str(value)


def _through_gdal(found: Outlines, table: pd.DataFrame, format: str) -> bytes:
    frame = geopandas.GeoDataFrame(table, geometry=as_multipolygons(found.shapes), crs=found.crs)
    with tempfile.TemporaryDirectory() as folder:
        if format == "gpkg":
            path = Path(folder) / "repaired.gpkg"
            pyogrio.write_dataframe(frame, path, layer="repaired", driver="GPKG", geometry_type="MultiPolygon")
            return path.read_bytes()
        packed = io.BytesIO()
        path = Path(folder) / "repaired.shp"
        pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="UTF-8", geometry_type="Polygon")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
        return packed.getvalue()
