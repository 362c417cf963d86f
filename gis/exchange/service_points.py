"""Importing service points: what each offers, where it stands, how many it can serve, from when to when."""

import numpy as np
import pandas as pd
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.exchange.areas import whole_numbers
from gis.exchange.batches import in_batches
from gis.exchange.columns import take, take_text
from gis.exchange.merging import Tally, known_ids, merge
from gis.exchange.options import Options, Outcome
from gis.exchange.point_areas import areas_of_points
from gis.exchange.positions import read_points
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.exchange.texts import fit_texts, row_keys
from gis.exchange.times import read_days
from gis.exchange.words import table_of_words, translate
from gis.geometry import only
from gis.places.service.kinds import service_kinds
from gis.places.service.point import ServicePoint

_MOST_SERVED = 100_000


def import_service_points(table: Table, mapping: dict[str, str], options: Options, report: Report) -> Outcome:
    """Check the rows of a file and bring the good ones in. Refusals and notes go to `report`. Raises WanggeError."""
    xy = read_points(table, mapping, options.crs, report)
    columns = check_service_points(table, mapping, options, report)
    columns["source_code"] = row_keys(table, mapping, table.shapes, report)
    columns["area"] = areas_of_points(xy, options, report)
    columns["position"] = only(shapely.points(np.nan_to_num(xy)), report.good)
    good, outcome = np.flatnonzero(report.good), Outcome()
    if not options.dry_run and len(good):
        outcome.tally = in_batches(good, options, lambda batch: _write(columns, options, batch))
    return outcome


def check_service_points(
    table: Table, mapping: dict[str, str], options: Options, report: Report
) -> dict[str, np.ndarray]:
    """Kind, name, capacity, opening and days of a file of service points, judged row by row."""
    columns: dict = {"kind": _kinds(table, mapping, report)}
    columns["name"] = fit_texts(take_text(table.frame, mapping, "name"), 80, "name", report)
    report.refuse(columns["name"] == "", "name", _("缺少名称"), _("请补上，或删去这一行。"))
    if "capacity" in mapping:
        columns["capacity"] = whole_numbers(take(table.frame, mapping, "capacity"), "capacity", report, _MOST_SERVED)
    if "opening" in mapping:
        columns["opening"] = fit_texts(take_text(table.frame, mapping, "opening"), 80, "opening", report)
    today = np.datetime64(timezone.localdate())
    starts, ends = (_days(table, mapping, name, options, report) for name in ("starts", "ends"))
    columns["starts"] = np.where(np.isnat(starts), np.fmin(today, ends), starts)
    columns["ends"] = ends
    early = columns["ends"] < columns["starts"]
    report.refuse(early, "ends", _("关闭日期早于开放日期"), _("请改正两个日期之一。"))
    return columns


def _kinds(table: Table, mapping: dict[str, str], report: Report) -> np.ndarray:
    """Codes of the table of kinds, from the code itself, its name or a word for it."""
    known = {kind.name: code for code, kind in service_kinds().items()} | {code: code for code in service_kinds()}
    kinds = translate(take_text(table.frame, mapping, "kind"), known | table_of_words("service_kinds"), "")
    kinds = np.where(np.isin(kinds, list(service_kinds())), kinds, "").astype(object)
    fix = _("请写其中之一：%s；或先把它加到代码表 service_kind。") % ", ".join(service_kinds())
    report.refuse(kinds == "", "kind", _("没有这一类服务点"), fix)
    return kinds


def _days(table: Table, mapping: dict[str, str], name: str, options: Options, report: Report) -> np.ndarray:
    values = take(table.frame, mapping, name)
    if values is None:
        return np.full(len(table.frame), np.datetime64("NaT"), dtype="datetime64[D]")
    days = read_days(values, options.time_format)
    unread = np.isnat(days) & values.notna().to_numpy()
    report.refuse(unread, name, _("日期无法识别"), _("请写成 2026-03-05 这样。"))
    return days


def _write(columns: dict, options: Options, batch: np.ndarray) -> Tally:
    part = {name: values[batch] for name, values in columns.items()}
    part["ends"] = pd.Series(part["ends"]).astype(object).where(~np.isnat(part["ends"]), None).to_numpy()
    part["source"] = np.full(len(batch), options.source, dtype=object)
    ids = known_ids(ServicePoint, "source_code", part["source_code"], source=options.source)
    return merge(ServicePoint, ids, part)
