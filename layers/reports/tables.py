"""A view of the map as sheets: its places and, where they were asked for, its incidents."""

import geopandas as gpd
import pandas as pd
from django.utils.translation import gettext as _

from layers.reports.contents import Contents
from layers.reports.incidents import COLUMNS
from layers.reports.sheets import Sheet, Told


def told_of(contents: Contents) -> Told:
    """`places` and, where they were asked for, `incidents`.

    A figure that is withheld or unknown is NaN, and `shown` says which.
    """
    sheets = (_places(contents),) if contents.incidents is None else (_places(contents), _incidents(contents))
    return Told(contents.title, contents.facts, sheets)


def _places(contents: Contents) -> Sheet:
    frame = contents.places.assign(unit=contents.unit, indicator=contents.figure, colour=contents.classes.colour_of)
    return Sheet("places", _("数据"), frame, _headed_places(contents), mark="code")


def _incidents(contents: Contents) -> Sheet:
    frame = _plain(contents.incidents)
    return Sheet("incidents", _("事件"), frame, _headed_incidents(frame), called="number", shape="Point")


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    words = {name: frame[name].astype(object) for name in frame.columns if frame[name].dtype == "category"}
    return frame.assign(**words)


def _headed_incidents(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    points = frame.geometry
    frame = frame.assign(longitude=points.x.round(6), latitude=points.y.round(6))
    ordered = frame.sort_values("reported_at", ascending=False, kind="stable")[[one.field for one in COLUMNS]]
    return pd.DataFrame(ordered).set_axis([str(one.name) for one in COLUMNS], axis=1)


def _headed_places(contents: Contents) -> pd.DataFrame:
    frame = contents.places
    columns = {_("代码"): frame["code"], _("名称"): frame["name"], _("上级"): frame["parent"]}
    if contents.figure:
        pairs = zip(frame["shown"], frame["figure"], strict=True)
        head = f"{contents.figure} ({contents.unit})" if contents.unit else contents.figure
        columns[head] = frame["figure"]
        columns[_("说明")] = ["" if shown == f"{value:g}" else shown for shown, value in pairs]
    periods = {"now": _("本期"), "before": _("上期")}
    columns |= {head: frame[name] for name, head in periods.items() if name in frame}
    return pd.DataFrame(columns)
