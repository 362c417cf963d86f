"""Sheets as files for other programs: GeoJSON, Shapefile, KML, DXF and GeoParquet, with English field names."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from gis import crs
from gis.exchange.drawn.dxf import dxf_text
from gis.exchange.drawn.kml import kml_text
from layers.reports.sheets import Sheet, Told, as_texts, packed, zipped

Progress = Callable[[int], None]
#: Features that are written at once.
_AT_ONCE = 10_000
#: Bytes of a name and of a text in a shapefile's table.
_NAME, _TEXT = 10, 254


def write_geojson(told: Told, path: Path, progress: Progress) -> Path:
    """RFC 7946, every digit of a coordinate; a file a sheet."""
    files = {}
    for sheet in told.sheets:
        frame, file = sheet.frame, path.with_name(f"{sheet.name}.geojson")
        with file.open("w", encoding="utf-8") as out:
            out.write('{"type": "FeatureCollection", "features": [\n')
            for first in range(0, len(frame), _AT_ONCE):
                out.write(",\n" * bool(first) + ",\n".join(_features(frame.iloc[first : first + _AT_ONCE])))
                progress(95 * first // len(frame))
            out.write("\n]}\n")
        files[file.name] = file
    return packed(files, told, path)


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


def write_shapefile(told: Told, path: Path, progress: Progress) -> Path:
    """A ZIP: of each sheet its parts in UTF-8 with the label of the encoding, and `fields.csv` with the long names."""
    parts: list[tuple[str, Path]] = []
    listed = [("file", "field", "name")]
    for done, sheet in enumerate(told.sheets):
        short = short_names(sheet.fields)
        listed += [(sheet.name, field, long) for long, field in short.items()]
        _write_shapes(sheet.frame.rename(columns=short), path.with_name(f"{sheet.name}.shp"), sheet.shape)
        parts += [(part.name, part) for part in sorted(path.parent.glob(f"{sheet.name}.*"))]
        progress(45 * (done + 1))
    return zipped(parts, told, path, fields="".join(f"{','.join(row)}\r\n" for row in listed))


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


def _write_shapes(frame: gpd.GeoDataFrame, path: Path, kind: str) -> None:
    flat = as_texts(frame)
    for name in flat.columns.drop(flat.geometry.name):
        if flat[name].dtype == object:
            flat[name] = [cut(value, _TEXT) if isinstance(value, str) else None for value in flat[name]]
    pyogrio.write_dataframe(flat, path, driver="ESRI Shapefile", encoding="UTF-8", geometry_type=kind)


def write_kml(told: Told, path: Path, progress: Progress) -> Path:
    places = []
    for sheet in told.sheets:
        shown = sheet.placed
        places += list(zip(shown[sheet.called], map(_said, _properties(shown)), shown.geometry, strict=True))
    progress(50)
    path = path.with_suffix(".kml")
    path.write_text(kml_text(places), encoding="utf-8")
    return path


def _said(row: dict) -> dict:
    return {name: value for name, value in row.items() if value is not None}


def write_dxf(told: Told, path: Path, progress: Progress) -> Path:
    """In metres of the local zone; features on the layers that their sheets say."""
    west, south, east, north = told.bounds or (0.0, 0.0, 0.0, 0.0)
    plane = crs.metric((west + east) / 2, (south + north) / 2)
    marks = [mark for sheet in told.sheets for mark in sheet.marks]
    names = [name for sheet in told.sheets for name in _names(sheet)]
    shapes = np.array([shape for sheet in told.sheets for shape in sheet.placed.geometry], dtype=object)
    metres = shapely.transform(shapes, lambda xy: crs.move(xy, crs.STORE, plane))
    progress(50)
    path = path.with_suffix(".dxf")
    path.write_text(dxf_text(marks, names, metres, plane), encoding="ascii")
    return path


def _names(sheet: Sheet) -> list[str]:
    return sheet.placed[sheet.called].tolist()


def write_parquet(told: Told, path: Path, progress: Progress) -> Path:
    """GeoParquet 1.1."""
    files = {}
    for sheet in told.sheets:
        files[f"{sheet.name}.parquet"] = file = path.with_name(f"{sheet.name}.parquet")
        sheet.frame.to_parquet(file, index=False)
        progress(45 * len(files))
    return packed(files, told, path)
