"""The incidents of a report: one row a case, as the list shows it, with its position. No description and no person."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from django.contrib.gis.db.models.functions import AsWKB
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis import crs
from gis.incidents.incident import Incident, State
from gis.models import Category, Department

_AT_ONCE = 50_000
_FIELDS = (
    "number", "category_id", "place", "state", "origin", "reported_at", "due_at", "closed_at", "department_id", "area",
    "doubt",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    field: str
    name: str | Promise
    width: int


#: The columns of a sheet, in order.
COLUMNS = (
    Column("number", _("编号"), 20),
    Column("major", _("大类"), 16),
    Column("category", _("小类"), 20),
    Column("place", _("地点"), 28),
    Column("state", _("状态"), 12),
    Column("origin", _("渠道"), 12),
    Column("reported_at", _("上报时间"), 18),
    Column("due_at", _("时限"), 18),
    Column("closed_at", _("结案时间"), 18),
    Column("department", _("处置部门"), 18),
    Column("area", _("辖区代码"), 18),
    Column("doubt", _("位置存疑"), 16),
    Column("longitude", _("经度"), 12),
    Column("latitude", _("纬度"), 12),
)


def frame_of(incidents, progress: Callable[[int], None]) -> gpd.GeoDataFrame:
    """A queryset of incidents as n rows in EPSG:4326; words in the language in force, times local and without zone."""
    total = incidents.order_by().count()
    chosen = incidents.order_by("pk").annotate(wkb=AsWKB("position")).values_list(*_FIELDS, "wkb")
    parts = []
    for first in _chunks(chosen):
        parts.append(first)
        progress(round(100 * sum(map(len, parts)) / max(total, 1)))
    rows = pd.concat(parts, ignore_index=True) if parts else _frame([])
    shapes = gpd.GeoSeries.from_wkb(rows.pop("wkb").map(bytes), crs=crs.STORE)
    return gpd.GeoDataFrame(_worded(rows), geometry=shapes, crs=crs.STORE)


def _frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*_FIELDS, "wkb"])


def _chunks(rows) -> Iterator[pd.DataFrame]:
    kept: list[tuple] = []
    for row in rows.iterator(chunk_size=_AT_ONCE):
        kept.append(row)
        if len(kept) == _AT_ONCE:
            yield _frame(kept)
            kept = []
    if kept:
        yield _frame(kept)


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    """Keys as words. Few words stand in many rows, so they are categories: a million rows fit in memory."""
    departments = dict(Department.objects.values_list("pk", "name"))
    keys = rows.pop("category_id")
    named = list(Category.objects.filter(pk__in=keys.unique().tolist()))
    rows["major"] = _said(named, "major", keys, rows["reported_at"])
    rows["category"] = _said(named, "name", keys, rows["reported_at"])
    rows["department"] = _words(rows.pop("department_id"), departments)
    rows["state"] = _words(rows["state"], {key: str(word) for key, word in State.choices})
    rows["origin"] = _words(rows["origin"], {key: str(word) for key, word in Incident.Source.choices})
    rows["area"] = rows["area"].astype("category")
    for name in ("reported_at", "due_at", "closed_at"):
        at = pd.to_datetime(rows[name], utc=True)
        rows[name] = at.dt.tz_convert(timezone.get_current_timezone_name()).dt.tz_localize(None)
    return rows


def _said(named: list[Category], field: str, keys: pd.Series, at: pd.Series) -> pd.Series:
    """What the category of each row said when it was reported; few were ever changed."""
    words = keys.map({one.pk: gettext(getattr(one, field)) for one in named}).astype(object)
    for one in (one for one in named if one.log):
        mine = keys == one.pk
        words[mine] = [gettext(getattr(one.at(moment), field)) for moment in at[mine]]
    return words.astype("category")


def _words(keys: pd.Series, words: dict) -> pd.Series:
    return keys.map(words).astype("category")


def rows_of(frame: gpd.GeoDataFrame) -> Iterator[list[str | float | datetime | None]]:
    """The cells of `COLUMNS`, row by row, newest first; None where there is nothing."""
    frame = frame.assign(longitude=frame.geometry.x.round(6), latitude=frame.geometry.y.round(6))
    ordered = frame.sort_values("reported_at", ascending=False, kind="stable")
    for row in ordered[[column.field for column in COLUMNS]].itertuples(index=False):
        yield [_cell(value) for value in row]


def _cell(value):
    if value is None or value is pd.NaT or value == "" or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return float(value) if isinstance(value, np.floating) else value
