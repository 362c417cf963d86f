"""A report or a list as an Excel workbook: typed cells, codes as text, filters on, the first sheet says what it is."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.reports.contents import Contents
from layers.reports.incidents import COLUMNS, rows_of
from layers.reports.sheets import Told

_PERIODS = {"now": gettext_lazy("本期"), "before": gettext_lazy("上期")}
#: Rows a sheet can hold, less its head.
MOST_ROWS = 1_048_575
_KINDS = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}


def write_sheets(told: Told, path: Path, progress: Callable[[int], None]) -> Path:
    """A list: its sheets with the heads that people know."""
    with xlsxwriter.Workbook(path, _KINDS) as book:
        bold = book.add_format({"bold": True})
        _write_facts(book, told, bold)
        for sheet in told.sheets:
            heads = list(zip(map(str, sheet.headed.columns), sheet.widths, strict=True))
            page = _sheet(book, sheet.title, heads, min(len(sheet.headed), MOST_ROWS), bold)
            _fill(book, page, _plain_rows(sheet.headed), len(sheet.headed), progress)
    return path


def _plain_rows(frame: pd.DataFrame) -> Iterable[list]:
    plain = frame.astype(object)
    return map(list, plain.where(plain.notna(), None).itertuples(index=False))


def write(contents: Contents, path: Path, progress: Callable[[int], None]) -> Path:
    with xlsxwriter.Workbook(path, _KINDS) as book:
        bold = book.add_format({"bold": True})
        _write_facts(book, contents, bold)
        _write_places(book, contents, bold)
        progress(30)
        if contents.incidents is not None:
            _write_incidents(book, contents, bold, progress)
    return path


def _write_facts(book: xlsxwriter.Workbook, contents: Contents | Told, bold) -> None:
    sheet = book.add_worksheet(_("说明"))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, contents.title, bold)
    for row, (label, text) in enumerate(contents.facts, start=2):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, text)


def _sheet(book: xlsxwriter.Workbook, name: str, heads: list[tuple[str, int]], rows: int, bold):
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    sheet.autofilter(0, 0, max(rows, 1), len(heads) - 1)
    return sheet


def _write_places(book: xlsxwriter.Workbook, contents: Contents, bold) -> None:
    figure = f"{contents.figure} ({contents.unit})" if contents.unit else contents.figure
    heads = [(_("代码"), 18), (_("名称"), 20), (_("上级"), 28)] + ([(figure, 18), (_("说明"), 18)] if figure else [])
    frame = contents.places
    periods = [name for name in ("now", "before") if name in frame]
    heads += [(str(_PERIODS[name]), 12) for name in periods]
    sheet = _sheet(book, _("数据"), heads, len(frame), bold)
    ordered = frame.sort_values("figure", ascending=False, na_position="last", kind="stable") if figure else frame
    for number, row in enumerate(ordered.itertuples(), start=1):
        for column, text in enumerate((row.code, row.name, row.parent)):
            sheet.write_string(number, column, text)
        if figure and row.figure == row.figure:
            sheet.write_number(number, 3, row.figure)
        if figure and row.shown != f"{row.figure:g}":
            sheet.write_string(number, 4, row.shown)
        for column, name in enumerate(periods, start=5):
            if not np.isnan(value := getattr(row, name)):
                sheet.write_number(number, column, value)


def _write_incidents(book: xlsxwriter.Workbook, contents: Contents, bold, progress: Callable[[int], None]) -> None:
    total = len(contents.incidents)
    sheet = _sheet(book, _("事件"), [(str(c.name), c.width) for c in COLUMNS], min(total, MOST_ROWS), bold)
    _fill(book, sheet, rows_of(contents.incidents), total, progress)


def _fill(book: xlsxwriter.Workbook, sheet, rows: Iterable[list], total: int, progress: Callable[[int], None]) -> None:
    time, day = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd"))
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            break
        for column, value in enumerate(row):
            if value is None:
                continue
            if hasattr(value, "year"):
                sheet.write_datetime(number, column, value, time if isinstance(value, datetime) else day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)
        if number % 5000 == 0:
            progress(30 + 65 * number // total)
