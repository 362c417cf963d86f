"""XLSX workbooks. A cell is a value or a text, never a formula to evaluate."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from gis.errors import BadFile
from gis.exchange.archives import BROKEN, refuse_bomb
from gis.exchange.causes import cause

#: First and last row and column of cells merged into one.
Merged = tuple[tuple[int, int], tuple[int, int]]
#: How far down a heading may stand below a title.
_TITLE_ROWS = 10
#: Rows of a heading at most: what is merged further down stands beside the table.
_DEEPEST = 5


def read_sheet(path: Path, name: str | None = None) -> tuple[pd.DataFrame, int, str]:
    """The first sheet with rows, or the named one: its table, the number of its first row, and what was read.

    Raises BadFile.
    """
    _refuse_swollen(path)
    try:
        book = CalamineWorkbook.from_path(path)
        sheet, others = _choose(book, path, name)
        page = book.get_sheet_by_name(sheet)
        cells, merged = page.to_python(skip_empty_area=False), page.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError) as error:
        said = _("%(file)s 不是能打开的工作簿（%(why)s）。") % {"file": path.name, "why": cause(error)}
        raise BadFile(said, fix=_("请另存为 XLSX。")) from None
    if not any(_filled(row) for row in cells):
        said = _("%(file)s 的工作表“%(name)s”是空的。") % {"file": path.name, "name": sheet}
        raise BadFile(said, fix=_("请选择有数据的工作表（--layer）。"))
    merged = within(cells, merged)
    spread(cells, merged)
    top = heading_row(cells, merged)
    below = heading_end(cells, merged, top)
    titles = headings(cells[top:below])
    rows = [[_plain(cell) for cell in row] for row in cells[below:]]
    how = f"sheet {sheet}" + (f" (others left alone: {', '.join(others)})" if others else "")
    return pd.DataFrame(rows, columns=titles, dtype=object), below + 1, how


def _refuse_swollen(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            refuse_bomb(sum(m.file_size for m in members), sum(m.compress_size for m in members))
    except BROKEN:
        return  # an old .xls; calamine judges it


def _choose(book: CalamineWorkbook, path: Path, name: str | None) -> tuple[str, list[str]]:
    names = book.sheet_names
    if name is not None and name not in names:
        said = _("%(file)s 里没有工作表“%(name)s”。") % {"file": path.name, "name": name}
        raise BadFile(said, fix=_("里面有：%(names)s。") % {"names": ", ".join(names)})
    filled = [name] if name else [sheet for sheet in names if book.get_sheet_by_name(sheet).height > 1]
    if not filled:
        raise BadFile(_("%(file)s 里没有数据行。") % {"file": path.name}, fix=_("请选择有表头和数据行的工作簿。"))
    return filled[0], filled[1:]


def within(cells: list[list], merged: list[Merged]) -> list[Merged]:
    """What is merged, as far as there are cells. Raises BadFile where that is more than there are: one over another."""
    high, wide = len(cells), len(cells[0])
    kept = [
        ((top, left), (min(bottom, high - 1), min(right, wide - 1)))
        for (top, left), (bottom, right) in merged
        if top <= bottom and left <= right and top < high and left < wide
    ]
    if sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in kept) > high * wide:
        raise BadFile(_("工作表里的合并单元格互相重叠。"), fix=_("请另存为 XLSX 或 CSV。"))
    return kept


def spread(cells: list[list], merged: list[Merged]) -> None:
    """Write what a merged cell holds into every cell it covers: one address beside three people is that of each."""
    for (top, left), (bottom, right) in merged:
        for row in cells[top : bottom + 1]:
            row[left : right + 1] = [cells[top][left]] * len(row[left : right + 1])


def heading_row(cells: list[list], merged: list[Merged]) -> int:
    """Index of the heading's first row: at least half as full as the fullest near the top, so below any title.

    What is merged across counts once, as a title does, unless the row below divides it into columns.
    """
    first = next(place for place, row in enumerate(cells) if _filled(row))
    filled = [_breadth(cells, merged, place) for place in range(first, min(len(cells), first + _TITLE_ROWS))]
    return first + next(place for place, count in enumerate(filled) if count and count * 2 >= max(filled))


def _breadth(cells: list[list], merged: list[Merged], row: int) -> int:
    filled = _filled(cells[row])
    there = [(top, left, right) for (top, left), (bottom, right) in merged if top <= row <= bottom]
    twice = sum(right - left for top, left, right in there if _filled([cells[top][left]]))
    once = max(filled - twice, min(filled, 1))
    return filled if once > 1 and heading_end(cells, merged, row) > row + 1 else once


def heading_end(cells: list[list], merged: list[Merged], top: int) -> int:
    """Index of the first row below the heading: one row, or as many as its merged cells need.

    A cell merged downwards (姓名 beside two rows of 住址) says how many; cells only merged across have one row of names
    below them, where the columns that are not under one of them are empty.
    """
    starting = [(low, left, right) for (high, left), (low, right) in merged if high == top > low - _DEEPEST]
    deepest = max((low for low, _left, _right in starting), default=top)
    if deepest > top or top + 1 >= len(cells):
        return min(deepest + 1, len(cells))
    under = {column for _low, left, right in starting if right > left for column in range(left, right + 1)}
    named = {column for column, cell in enumerate(cells[top + 1]) if cell not in ("", None)}
    return top + 2 if named and named <= under else top + 1


def headings(rows: list[list]) -> list[str]:
    """The name of each column: what stands above it, from the top, each word once."""
    names = []
    for place, column in enumerate(zip(*rows, strict=True)):
        words = dict.fromkeys(text for cell in column if (text := str(_plain(cell) or "").strip()))
        names.append(" ".join(words) or f"column {place + 1}")
    return names


def _filled(row: list) -> int:
    return sum(cell not in ("", None) for cell in row)


def _plain(cell: object) -> object:
    """Whole numbers as int, blanks as missing."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    return np.nan if cell is None else cell
