"""Files of what a subscription gives.

Each says at its head who took it, when and for what, an Excel file on every printed page too. Rows stand in an order
that says nothing: by cell, then by the name a row has for this department.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.cell import CellVersion
from gis.collection.sharing.subscription import Export
from gis.exchange.plain import shown_as_is

#: Rows a sheet can hold, less its head.
_MOST_ROWS = 1_048_575


@dataclass(frozen=True)
class Contents:
    """What goes into a file. `rows` may be gone through once; `counts` is (area, name, counts…), withheld ones None."""

    title: str
    mark: str
    facts: list[tuple[str, str]]
    heads: list[str]
    codes: list[str]
    rows: Iterator[tuple[str | None, ...]]
    count_heads: list[str]
    counts: list[tuple]


def write(kind: str, contents: Contents, path: Path) -> None:
    _WRITERS[Export.Kind(kind)](contents, path)


def withheld_word() -> str:
    return _("少于 5，不显示")


def _xlsx(contents: Contents, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        about = _sheet(book, _("说明"), contents)
        about.set_column(0, 0, 16)
        about.set_column(1, 1, 90)
        about.write_string(0, 0, contents.title, bold)
        for place, (label, text) in enumerate(contents.facts, start=2):
            about.write_string(place, 0, label)
            about.write_string(place, 1, text)
        if contents.heads:
            _table(book, _("数据"), contents, contents.heads, contents.rows, bold)
        if contents.counts:
            _table(book, _("按网格计数"), contents, contents.count_heads, iter(contents.counts), bold)


def _sheet(book: xlsxwriter.Workbook, name: str, contents: Contents):
    sheet = book.add_worksheet(name)
    # In a header & begins an order to the printer.
    mark = contents.mark.replace("&", "&&")
    sheet.set_header(f"&L{mark[:200]}")
    sheet.set_footer(f"&L{mark[:200]}&R&P / &N")
    sheet.set_landscape()
    return sheet


def _table(book, name: str, contents: Contents, heads: list[str], rows: Iterator[tuple], bold) -> None:
    sheet = _sheet(book, name, contents)
    sheet.freeze_panes(2, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    sheet.write_string(0, 0, contents.mark)
    for column, head in enumerate(heads):
        sheet.write_string(1, column, head, bold)
    for number, row in enumerate(rows, start=2):
        if number > _MOST_ROWS:
            break
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, value)


def _csv(contents: Contents, path: Path, encoding: str) -> None:
    """One table: the rows, or where only counts are given these."""
    heads, rows = (contents.heads, contents.rows) if contents.heads else (contents.count_heads, iter(contents.counts))
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow([contents.mark])
        lines.writerow(heads)
        for row in rows:
            lines.writerow(["" if value is None else shown_as_is(value) for value in row])


def _gpkg(contents: Contents, path: Path) -> None:
    """The rows as a table, and the cells they lie in with how many there are and the counts."""
    rows = pd.DataFrame(list(contents.rows), columns=["id", "area", *contents.codes], dtype=object)
    tally = rows["area"].value_counts()
    counted = pd.DataFrame(contents.counts, columns=["area", "name", *contents.count_heads[2:]])
    codes = set(rows["area"]) | set(counted["area"])
    cells = CellVersion.objects.on(timezone.localdate()).filter(code__in=codes)
    shapes = {cell.code: cell for cell in cells}
    frame = gpd.GeoDataFrame(
        {
            "area": list(shapes),
            "name": [cell.name for cell in shapes.values()],
            "rows": [int(tally.get(code, 0)) for code in shapes],
        },
        geometry=gpd.GeoSeries.from_wkb([bytes(cell.geometry.wkb) for cell in shapes.values()]),
        crs=crs.STORE,
    )
    if len(counted):
        frame = frame.merge(counted.drop(columns="name"), on="area", how="left")
    about = pd.DataFrame(
        [("mark", contents.mark), ("title", contents.title), *contents.facts], columns=["what", "text"]
    )
    pyogrio.write_dataframe(
        frame, path, layer="cells", driver="GPKG", geometry_type="MultiPolygon", promote_to_multi=True
    )
    pyogrio.write_dataframe(rows, path, layer="rows", driver="GPKG", append=True)
    pyogrio.write_dataframe(about, path, layer="about", driver="GPKG", append=True)


_WRITERS: dict[Export.Kind, Callable[[Contents, Path], None]] = {
    Export.Kind.XLSX: _xlsx,
    Export.Kind.CSV: lambda contents, path: _csv(contents, path, "utf-8-sig"),
    Export.Kind.GB: lambda contents, path: _csv(contents, path, "gb18030"),
    Export.Kind.GPKG: _gpkg,
}
