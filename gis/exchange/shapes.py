"""Files that carry shapes: GeoPackage, shapefile, GeoJSON through GDAL, GeoParquet through Arrow."""

import warnings
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet as parquet
import pyogrio
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.errors import BadFile
from gis.exchange.archives import LARGEST
from gis.exchange.causes import cause

#: Rows of one file. More is split by the user: every row is held in memory while it is checked.
MOST_ROWS = 20_000_000
_SHAPEFILE = gettext_lazy("请把 .shp、.shx、.dbf 和 .prj 放在同一个文件夹或同一个 ZIP 里。")


def read_layer(path: Path, layer: str | None, encoding: str | None) -> tuple[pd.DataFrame, str]:
    """One layer through GDAL, and what was read. Raises BadFile."""
    try:
        with warnings.catch_warnings():  # what GDAL mutters about single rows comes back as refusals of ours
            warnings.simplefilter("ignore")
            names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
            chosen = _layer(path, names, layer)
            options = {"encoding": encoding} if encoding else {}
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
        said = _("%(file)s 读不出来（%(why)s）。") % {"file": path.name, "why": cause(error)}
        raise BadFile(said, fix=_fix(path)) from None
    others = [name for name in names if name != chosen]
    return frame, f"layer {chosen}" + (f" (others left alone: {', '.join(others[:8])})" if others else "")


def _layer(path: Path, names: list[str], wanted: str | None) -> str:
    if not names:
        raise BadFile(_("%(file)s 里没有图层。") % {"file": path.name}, fix=_("请选择有图层的文件。"))
    if wanted is not None and wanted not in names:
        said = _("%(file)s 里没有图层“%(name)s”。") % {"file": path.name, "name": wanted}
        raise BadFile(said, fix=_("里面有：%(names)s。") % {"names": ", ".join(names[:8])})
    return wanted or names[0]


def _fix(path: Path) -> str:
    return str(_SHAPEFILE) if path.suffix.lower() == ".shp" else _("请用 GIS 软件打开，另存为 GeoPackage。")


def fewer_rows() -> str:
    """What to do about a file with too many rows."""
    return _("请分开：每个文件最多 %(most)s 行。") % {"most": f"{MOST_ROWS:,}"}


def read_parquet(path: Path) -> tuple[pd.DataFrame, str]:
    """A GeoParquet file, or a plain Parquet table. Raises BadFile."""
    try:
        about = parquet.read_metadata(path)
        size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        if about.num_rows > MOST_ROWS or size > LARGEST:
            said = _("%(file)s 展开后有 %(n)s 行、%(mb)s MB。")
            said %= {"file": path.name, "n": f"{about.num_rows:,}", "mb": f"{size / 1024**2:,.0f}"}
            raise BadFile(said, fix=fewer_rows())
        spatial = b"geo" in (about.metadata or {})
        frame = geopandas.read_parquet(path) if spatial else pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        said = _("%(file)s 不是能读的 Parquet 文件（%(why)s）。") % {"file": path.name, "why": cause(error)}
        raise BadFile(said, fix=_("请重新保存。")) from None
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
