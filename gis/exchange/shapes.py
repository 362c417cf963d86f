"""Files that carry shapes: GeoPackage, shapefile, GeoJSON through GDAL, GeoParquet through Arrow."""

import warnings
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet as parquet
import pyogrio

from gis.errors import BadFile
from gis.exchange.archives import LARGEST

#: Rows of one file. More is split by the user: every row is held in memory while it is checked.
MOST_ROWS = 20_000_000
_SHAPEFILE = "Keep the .shp, .shx, .dbf and .prj files together in one folder, or in one ZIP."


def read_layer(path: Path, layer: str | None, encoding: str | None) -> tuple[pd.DataFrame, str]:
    """One layer through GDAL, and what was read. Raises BadFile."""
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        chosen = _layer(path, names, layer)
        options = {"encoding": encoding} if encoding else {}
        with warnings.catch_warnings():  # what GDAL mutters about single rows comes back as refusals of ours
            warnings.simplefilter("ignore")
            frame = pyogrio.read_dataframe(path, layer=chosen, on_invalid="ignore", **options)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FieldError,
        pyogrio.errors.CRSError,
        pyogrio.errors.GeometryError,
        UnicodeDecodeError,
        ValueError,
    ) as error:
        raise BadFile(f"{path.name} cannot be read ({_short(error)}).", fix=_fix(path)) from None
    others = [name for name in names if name != chosen]
    return frame, f"layer {chosen}" + (f" (others left alone: {', '.join(others[:8])})" if others else "")


def _layer(path: Path, names: list[str], wanted: str | None) -> str:
    if not names:
        raise BadFile(f"{path.name} holds no layer.", fix="Name a file with one.")
    if wanted is not None and wanted not in names:
        raise BadFile(f"{path.name} has no layer {wanted}.", fix=f"It has {', '.join(names[:8])}.")
    return wanted or names[0]


def _short(error: Exception) -> str:
    """The first sentence of what a library said, without the folder."""
    return str(error).split("; ")[0].split("\n")[0].replace("'", "")[:160]


def _fix(path: Path) -> str:
    return _SHAPEFILE if path.suffix.lower() == ".shp" else "Open it in a GIS and save it again as GeoPackage."


def read_parquet(path: Path) -> tuple[pd.DataFrame, str]:
    """A GeoParquet file, or a plain Parquet table. Raises BadFile."""
    try:
        about = parquet.read_metadata(path)
        size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if about.num_rows > MOST_ROWS or size > LARGEST:
            raise BadFile(
                f"{path.name} would unpack to {about.num_rows:,} rows and {size / 1024**2:,.0f} MB.",
                fix=f"Split it: at most {MOST_ROWS:,} rows a file.",
            )
        spatial = b"geo" in (about.metadata or {})
        frame = geopandas.read_parquet(path) if spatial else pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        raise BadFile(
            f"{path.name} is not a Parquet file that can be read ({_short(error)}).", fix="Write it again."
        ) from None
    return frame.reset_index(drop=True), "GeoParquet" if spatial else "Parquet"


def dbf_encoding(path: Path) -> tuple[str | None, str]:
    """Encoding of a shapefile's table, and a remark where its label is missing or wrong.

    Without a right .cpg file GDAL reads Latin letters and Chinese turns to rubble.
    """
    table = next((p for p in (path.with_suffix(".dbf"), path.with_suffix(".DBF")) if p.is_file()), None)
    if table is None:
        return None, ""
    data = table.read_bytes()
    header = int.from_bytes(data[8:10], "little")
    body = data[32:header:32] + data[header:]
    if body.isascii():
        return None, ""
    label = next(
        (
            p.read_text("ascii", "ignore").strip()
            for p in (path.with_suffix(".cpg"), path.with_suffix(".CPG"))
            if p.is_file()
        ),
        "",
    )
    found = "utf-8" if _share_broken(body, "utf-8") < 0.05 else "gb18030"
    if label.lower().replace("-", "") in (
        found.replace("-", ""),
        *(["gbk", "gb2312", "936", "cp936"] if found != "utf-8" else []),
    ):
        return None if found == "utf-8" else found, ""
    said = f"its label says {label}" if label else "it has no label"
    return found, f"the table is in {found}, though {said}"


def _share_broken(data: bytes, encoding: str) -> float:
    """Share of the non-ASCII bytes that do not decode. A name cut inside a character breaks a few."""
    other = int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) > 127))
    return data.decode(encoding, "replace").count("\ufffd") / max(other, 1)
