"""A report as plain tables: for programs with English field names, for people with the heads of the workbook."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas as gpd
import pandas as pd
from django.utils.translation import gettext as _

from layers.reports.contents import Contents
from layers.reports.incidents import COLUMNS


def tables(contents: Contents) -> dict[str, gpd.GeoDataFrame]:
    """`places` and, where they were asked for, `incidents`, in EPSG:4326; codes and words are texts, times local.

    A figure that is withheld or unknown is NaN, and `shown` says which.
    """
    places = contents.places.assign(unit=contents.unit, indicator=contents.figure, colour=contents.classes.colour_of)
    if contents.incidents is None:
        return {"places": places}
    return {"places": places, "incidents": _plain(contents.incidents)}


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    words = {name: frame[name].astype(object) for name in frame.columns if frame[name].dtype == "category"}
    return frame.assign(**words)


def as_texts(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame with its times as ISO 8601 texts, for formats that know days alone, or none."""
    times = {
        name: frame[name].dt.strftime("%Y-%m-%dT%H:%M:%S") for name in frame if str(frame[name].dtype)[:8] == "datetime"
    }
    return frame.assign(**times)


def headed(contents: Contents) -> dict[str, pd.DataFrame]:
    """The tables with the heads a reader knows, as in the workbook: figures as numbers, points as two columns."""
    found = {_("数据"): _headed_places(contents)}
    if contents.incidents is not None:
        points = contents.incidents.geometry
        frame = _plain(contents.incidents).assign(longitude=points.x.round(6), latitude=points.y.round(6))
        ordered = frame.sort_values("reported_at", ascending=False, kind="stable")[[one.field for one in COLUMNS]]
        found[_("事件")] = pd.DataFrame(ordered).set_axis([str(one.name) for one in COLUMNS], axis=1)
    return found


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


def packed(files: dict[str, Path], contents: Contents, path: Path) -> Path:
    """One file as it is; several, by their names, in a ZIP with what they are about. Returns the file that was made."""
    if len(files) == 1:
        (only,) = files.values()
        return only
    whole = path.with_suffix(".zip")
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.write(file, name)
        archive.writestr("about.txt", about(contents))
    return whole


def about(contents: Contents) -> str:
    """What a report is, line by line."""
    return "\r\n".join([contents.title, "", *(f"{label}: {text}" for label, text in contents.facts)]) + "\r\n"
