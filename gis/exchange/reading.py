"""From a file on disk to rows, shapes and row numbers, whatever the format. What the file is, its first bytes say."""

import re
import tempfile
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.errors import BadFile
from gis.exchange.archives import BROKEN, unpack
from gis.exchange.delimited import OVERFLOW, empty_file, read_delimited
from gis.exchange.shapes import MOST_ROWS, dbf_encoding, fewer_rows, read_layer, read_parquet
from gis.exchange.sheets import read_sheet

_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_KINDS = {
    "sqlite": {".gpkg", ".sqlite"},
    "parquet": {".parquet", ".geoparquet", ".pq"},
    "shapefile": {".shp"},
    "json": {".geojson", ".json", ".geojsonl"},
    "workbook": {".xlsx", ".xlsm", ".xls"},
    "archive": {".zip"},
    "text": {".csv", ".txt", ".tsv", ".tab"},
}
_CALLED = {
    "sqlite": "GeoPackage",
    "parquet": "Parquet",
    "shapefile": "Shapefile",
    "json": "GeoJSON",
    "workbook": gettext_lazy("工作簿（XLSX）"),
    "archive": "ZIP",
    "text": gettext_lazy("文本（CSV）"),
}
MOST_COLUMNS = 1000


@dataclass
class Table:
    """The rows of a file, unjudged."""

    frame: pd.DataFrame  # columns as the file names them, without the shapes
    shapes: np.ndarray | None  # Shapely geometries as they stand in the file
    crs: str | None  # what the file says of them, as PROJ text
    rows: np.ndarray  # row numbers as the user's program shows them
    torn: np.ndarray  # bool: rows that have more cells than the heading
    how: str  # how the file was read, in a sentence


def read_table(
    path: Path, *, layer: str | None = None, encoding: str | None = None, kinds: Collection[str] = tuple(_KINDS)
) -> Table:
    """Read a GeoPackage, shapefile, GeoJSON, (Geo)Parquet, CSV or XLSX, packed in a ZIP or not. Raises BadFile.

    `kinds`: what it may be; anything else is refused unread.
    """
    if not path.is_file():
        said = _("没有文件 %(file)s。") % {"file": path.name}
        raise BadFile(said, fix=_("请核对路径；Shapefile 写它的 .shp。"))
    kind = kind_of(path)
    if kind == "archive":
        with tempfile.TemporaryDirectory() as folder:
            return read_table(unpack(path, Path(folder)), layer=layer, encoding=encoding, kinds=kinds)
    if kind not in kinds:
        said = _("%(file)s 是%(kind)s，这里不读。") % {"file": path.name, "kind": _CALLED[kind]}
        raise BadFile(said, fix=_("请用：%(kinds)s。") % {"kinds": ", ".join(str(_CALLED[one]) for one in kinds)})
    frame, first, how = _read(kind, path, layer, encoding)
    if path.suffix.lower() not in _KINDS[kind]:
        how += f"; it is named {path.suffix or 'without ending'}, but its content is a {kind}"
    return _table(path, frame, first, how)


def kind_of(path: Path) -> str:
    """A file by its first bytes: sqlite, parquet, shapefile, json, workbook, archive or text. Raises BadFile."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise empty_file(path)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _kind_of_zip(path)
    for kind, mark in (
        ("sqlite", b"SQLite format 3\x00"),
        ("parquet", b"PAR1"),
        ("shapefile", b"\x00\x00\x27\x0a"),
        ("workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ):
        if head.startswith(mark):
            return kind
    return "json" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "text"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return "workbook" if "xl/workbook.xml" in archive.namelist() else "archive"
    except BROKEN:
        return "archive"  # unpacking says what is wrong


def _read(kind: str, path: Path, layer: str | None, encoding: str | None) -> tuple[pd.DataFrame, int, str]:
    """The rows as they stand, the number of the first one, and how they were read."""
    if kind == "workbook":
        return read_sheet(path, layer)
    if kind == "text":
        frame, how = read_delimited(path, encoding)
        return frame, 2, how
    if kind == "parquet":
        frame, how = read_parquet(path)
        return frame, 1, how
    remark = ""
    if kind == "shapefile" and encoding is None:
        encoding, remark = dbf_encoding(path)
    frame, how = read_layer(path, layer, encoding)
    return frame, 1, "; ".join(filter(None, (how, remark)))


def _table(path: Path, frame: pd.DataFrame, first: int, how: str) -> Table:
    shapes, crs = None, None
    if isinstance(frame, geopandas.GeoDataFrame) and frame._geometry_column_name in frame.columns:
        shapes = np.asarray(frame.geometry.array, dtype=object)
        crs = frame.crs.to_string() if frame.crs else None
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    rows = np.arange(first, first + len(frame))
    torn = frame.pop(OVERFLOW).notna().to_numpy() if OVERFLOW in frame.columns else np.zeros(len(frame), dtype=bool)
    frame = _clean(frame)
    filled = frame.notna().any(axis=1).to_numpy() if frame.shape[1] else np.zeros(len(frame), dtype=bool)
    if shapes is not None:
        filled = filled | ~shapely.is_missing(shapes)
    _refuse_odd_size(path, frame, filled)
    return Table(
        frame[filled].reset_index(drop=True),
        None if shapes is None else shapes[filled],
        crs,
        rows[filled],
        torn[filled],
        how,
    )


def _refuse_odd_size(path: Path, frame: pd.DataFrame, filled: np.ndarray) -> None:
    if frame.shape[1] > MOST_COLUMNS:
        said = _("%(file)s 有 %(n)s 列。") % {"file": path.name, "n": f"{frame.shape[1]:,}"}
        raise BadFile(said, fix=_("请只保留需要的列，最多 %(most)s 列。") % {"most": f"{MOST_COLUMNS:,}"})
    if not filled.any():
        said = _("%(file)s 里没有数据行。") % {"file": path.name}
        raise BadFile(said, fix=_("请选择有表头和至少一行数据的文件。"))
    if len(frame) > MOST_ROWS:
        raise BadFile(_("%(file)s 有 %(n)s 行。") % {"file": path.name, "n": f"{len(frame):,}"}, fix=fewer_rows())


def _clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Names without blanks and marks, each once; texts trimmed, without control characters, missing where empty."""
    frame.columns = _names(frame.columns)
    for name in frame.columns:
        values = frame[name]
        if isinstance(values.dtype, pd.CategoricalDtype):
            frame[name] = values = values.astype(object)
        if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) == "string":
            frame[name] = values = values.astype("str")
        if isinstance(values.dtype, pd.StringDtype):
            frame[name] = _clean_text(values)
        elif values.dtype == object:
            frame[name] = values.map(lambda value: _clean_one(value) if isinstance(value, str) else value)
    return frame


def _names(columns: pd.Index) -> list[str]:
    names: list[str] = []
    for place, column in enumerate(columns, 1):
        name = str(column).strip().strip("\ufeff").strip() or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names


def _clean_text(values: pd.Series) -> pd.Series:
    cleaned = values.str.replace(_CONTROLS, "", regex=True).str.strip()
    return cleaned.where(cleaned.ne(""), None)


def _clean_one(value: str) -> str | None:
    """A text among numbers, as sheets have them."""
    return re.sub(_CONTROLS, "", value).strip() or None
