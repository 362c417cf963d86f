"""A list as a file: the rows its address finds for its owner at this moment, in the columns of the page."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Scope
from gis.reports.report import Kind
from layers.reports import delimited, package, vector, workbook
from layers.reports.contents import where_text
from layers.reports.sheets import Sheet, Told
from web.lists.listing import DAY, NUMBER, TIME, WHOLE, Asked, Column, Listing, cells_of

#: Writers of sheets.
WRITERS = {
    Kind.XLSX: workbook.write_sheets, Kind.CSV: delimited.write_utf8, Kind.CSV_GB: delimited.write_gb18030,
    Kind.GPKG: package.write, Kind.GEOJSON: vector.write_geojson, Kind.SHP: vector.write_shapefile,
    Kind.KML: vector.write_kml, Kind.DXF: vector.write_dxf, Kind.PARQUET: vector.write_parquet,
}  # fmt: skip
#: What a list without shapes can be had as.
_TABLES = (Kind.XLSX, Kind.CSV, Kind.CSV_GB, Kind.PARQUET)


def kinds_of(listing: Listing) -> list[Kind]:
    return list(WRITERS) if listing.shape else list(_TABLES)


def title_of(listing: Listing, scope: Scope) -> str:
    """What its file is called: where and what."""
    return f"{where_text(scope)} · {listing.name}"


def gather(listing: Listing, asked: Asked) -> Told:
    """Everything that goes into a file of the list. Raises OutOfScope for who may see none of it."""
    scope, columns = listing.scope(asked), listing.filed
    cells: list[list] = []
    shapes: list[np.ndarray] = []
    for rows, some in cells_of(listing, columns, asked):
        cells += some
        shapes += [listing.shapes(rows)] if listing.shape else []
    frame = _frame(columns, cells)
    headed = frame.set_axis([str(column.name) for column in columns], axis=1)
    if listing.shape:
        frame = _placed(frame, shapes)
    widths = tuple(column.width for column in columns)
    sheet = Sheet(listing.code, str(listing.name), frame, headed, widths, listing.called, shape=listing.shape)
    return Told(title_of(listing, scope), _facts(listing, asked, scope, len(cells)), (sheet,))


def _frame(columns: list[Column], cells: list[list]) -> pd.DataFrame:
    """One column a column, typed; those of no row are typed too."""
    lines = zip(*cells, strict=True) if cells else [()] * len(columns)
    return pd.DataFrame({one.field: _typed(one, list(line)) for one, line in zip(columns, lines, strict=True)})


def _typed(column: Column, values: list[Any]) -> pd.Series:
    if column.kind == WHOLE:
        return pd.Series(values, dtype="Int64")
    if column.kind == NUMBER:
        return pd.Series(values, dtype="float64")
    if column.kind == TIME:
        times = pd.to_datetime(pd.Series(values, dtype="object"), utc=True)
        return times.dt.tz_convert(timezone.get_current_timezone_name()).dt.tz_localize(None)
    return pd.Series(values if column.kind == DAY else [value or None for value in values], dtype="object")


def _placed(frame: pd.DataFrame, shapes: list[np.ndarray]) -> gpd.GeoDataFrame:
    found = np.concatenate(shapes) if shapes else np.array([], dtype=object)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(found, index=frame.index, crs=crs.STORE))


def _facts(listing: Listing, asked: Asked, scope: Scope, rows: int) -> list[tuple[str, str]]:
    reader, personal = asked.user, [str(one.name) for one in listing.columns if one.is_personal]
    facts = [
        (_("辖区"), where_text(scope)),
        (_("内容"), _("%(name)s，共 %(n)s 条") % {"name": listing.name, "n": localize(rows)}),
        (_("数据时间"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        (_("制作"), f"{reader.name or reader.username} · 网格 Wangge"),
    ]
    if listing.shape:
        facts.append((_("坐标系"), f"EPSG:{crs.STORE}"))
    if personal:
        text = _("不含%(columns)s：个人信息只按数据订阅提供。") % {"columns": "、".join(personal)}
        facts.append((_("隐私"), text))
    return facts
