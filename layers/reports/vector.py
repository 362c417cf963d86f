"""A report as files for other programs: GeoJSON, Shapefile, KML, DXF and GeoParquet, with English field names."""

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis import crs
from gis.exchange.drawn.dxf import dxf_text
from gis.exchange.drawn.kml import kml_text
from layers.reports.contents import Contents
from layers.reports.tables import about, as_texts, packed, tables

Progress = Callable[[int], None]
#: Features that are written at once.
_AT_ONCE = 10_000
#: Bytes of a name and of a text in a shapefile's table.
_NAME, _TEXT = 10, 254


def write_geojson(contents: Contents, path: Path, progress: Progress) -> Path:
    """RFC 7946, every digit of a coordinate; two files where there are incidents."""
    files = {}
    for name, frame in tables(contents).items():
        files[f"{name}.geojson"] = file = path.with_name(f"{name}.geojson")
        with file.open("w", encoding="utf-8") as out:
            out.write('{"type": "FeatureCollection", "features": [\n')
            for first in range(0, len(frame), _AT_ONCE):
                out.write(",\n" * bool(first) + ",\n".join(_features(frame.iloc[first : first + _AT_ONCE])))
                progress(95 * first // len(frame))
            out.write("\n]}\n")
    return packed(files, contents, path)


def _features(frame: gpd.GeoDataFrame) -> list[str]:
    # Outer rings run against the clock (RFC 7946, 3.1.6).
    shapes = shapely.to_geojson(shapely.orient_polygons(frame.geometry.to_numpy()))
    rows = _properties(frame)
    return [
        f'{{"type": "Feature", "properties": {json.dumps(row, ensure_ascii=False)}, "geometry": {shape or "null"}}}'
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _properties(frame: gpd.GeoDataFrame) -> list[dict]:
    """Each row as JSON knows it: no NaN, no time."""
    plain = pd.DataFrame(as_texts(frame).drop(columns=frame.geometry.name)).astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def write_shapefile(contents: Contents, path: Path, progress: Progress) -> Path:
    """A ZIP: of each table its parts in UTF-8 with the label of the encoding, and `fields.csv` with the long names."""
    whole = path.with_suffix(".zip")
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        listed = [("file", "field", "name")]
        for done, (name, frame) in enumerate(tables(contents).items()):
            short = short_names(list(frame.columns.drop(frame.geometry.name)))
            listed += [(name, field, long) for long, field in short.items()]
            _write_shapes(frame.rename(columns=short), path.with_name(f"{name}.shp"))
            for part in sorted(path.parent.glob(f"{name}.*")):
                archive.write(part, part.name)
            progress(45 * (done + 1))
        archive.writestr("fields.csv", "".join(f"{','.join(row)}\r\n" for row in listed))
        archive.writestr("about.txt", about(contents))
    return whole


def short_names(names: list[str]) -> dict[str, str]:
    """Names of at most ten bytes, each unlike all others whatever the case, by the long ones."""
    short: dict[str, str] = {}
    for name in names:
        tries = [cut(name, _NAME), *(f"{cut(name, _NAME - len(str(n)))}{n}" for n in range(1, len(names) + 1))]
        taken = {one.casefold() for one in short.values()}
        short[name] = next(one for one in tries if one.casefold() not in taken)
    return short


def cut(text: str, most: int) -> str:
    """As much of the text as fits in so many bytes of UTF-8, no sign halved."""
    return text.encode()[:most].decode(errors="ignore")


def _write_shapes(frame: gpd.GeoDataFrame, path: Path) -> None:
    flat = as_texts(frame)
    for name in flat.columns.drop(flat.geometry.name):
        if flat[name].dtype == object:
            flat[name] = [cut(value, _TEXT) if isinstance(value, str) else None for value in flat[name]]
    kind = "Point" if (flat.geom_type == "Point").any() else "Polygon"
    pyogrio.write_dataframe(flat, path, driver="ESRI Shapefile", encoding="UTF-8", geometry_type=kind)


def write_kml(contents: Contents, path: Path, progress: Progress) -> Path:
    places = []
    for name, frame in tables(contents).items():
        shown = frame[~frame.geometry.isna()]
        called = shown["name" if name == "places" else "number"]
        places += list(zip(called, map(_said, _properties(shown)), shown.geometry, strict=True))
    progress(50)
    path = path.with_suffix(".kml")
    path.write_text(kml_text(places), encoding="utf-8")
    return path


def _said(row: dict) -> dict:
    return {name: value for name, value in row.items() if value is not None}


def write_dxf(contents: Contents, path: Path, progress: Progress) -> Path:
    """In metres of the local zone; a layer a place under its code, cases on one of their own."""
    west, south, east, north = contents.bounds
    plane = crs.metric((west + east) / 2, (south + north) / 2)
    marks, names, shapes = [], [], []
    for table, frame in tables(contents).items():
        shown = frame[~frame.geometry.isna()]
        marks += shown["code"].tolist() if table == "places" else ["INCIDENTS"] * len(shown)
        names += shown["name" if table == "places" else "number"].tolist()
        shapes += shown.geometry.tolist()
    metres = shapely.transform(np.array(shapes, dtype=object), lambda xy: crs.move(xy, crs.STORE, plane))
    progress(50)
    path = path.with_suffix(".dxf")
    path.write_text(dxf_text(marks, names, metres, plane), encoding="ascii")
    return path


def write_parquet(contents: Contents, path: Path, progress: Progress) -> Path:
    """GeoParquet 1.1."""
    files = {}
    for name, frame in tables(contents).items():
        files[f"{name}.parquet"] = file = path.with_name(f"{name}.parquet")
        frame.to_parquet(file, index=False)
        progress(45 * len(files))
    return packed(files, contents, path)
