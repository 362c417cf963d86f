"""XLSX workbooks. A cell is a value or a text, never a formula to evaluate."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from gis.errors import BadFile
from gis.exchange.archives import refuse_bomb

#: How far down a heading may stand below a title.
_TITLE_ROWS = 10


def read_sheet(path: Path, name: str | None = None) -> tuple[pd.DataFrame, int, str]:
    """The first sheet with rows, or the named one: its table, the number of its first row, and what was read.

    Raises BadFile.
    """
    _refuse_swollen(path)
    try:
        book = CalamineWorkbook.from_path(path)
        sheet, others = _choose(book, path, name)
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise BadFile(
            f"{path.name} is not a workbook that can be opened ({error}).", fix="Save it again as XLSX."
        ) from None
    if not any(_filled(row) for row in cells):
        raise BadFile(f"The sheet {sheet} of {path.name} is empty.", fix="Name a sheet with rows by --layer.")
    top = heading_row(cells)
    titles = [str(_plain(cell) or "").strip() or f"column {place + 1}" for place, cell in enumerate(cells[top])]
    rows = [[_plain(cell) for cell in row] for row in cells[top + 1 :]]
    how = f"sheet {sheet}" + (f" (others left alone: {', '.join(others)})" if others else "")
    return pd.DataFrame(rows, columns=titles, dtype=object), top + 2, how


def _refuse_swollen(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            refuse_bomb(sum(m.file_size for m in members), sum(m.compress_size for m in members))
    except zipfile.BadZipFile:
        return  # an old .xls; calamine judges it


def _choose(book: CalamineWorkbook, path: Path, name: str | None) -> tuple[str, list[str]]:
    names = book.sheet_names
    if name is not None and name not in names:
        raise BadFile(f"{path.name} has no sheet {name}.", fix=f"It has {', '.join(names)}.")
    filled = [name] if name else [sheet for sheet in names if book.get_sheet_by_name(sheet).total_height > 1]
    if not filled:
        raise BadFile(f"{path.name} has no rows.", fix="Name a workbook with a heading and rows.")
    return filled[0], filled[1:]


def heading_row(cells: list[list]) -> int:
    """Index of the heading: the first row at least half as full as the fullest near the top, so below any title."""
    filled = [_filled(row) for row in cells[:_TITLE_ROWS]]
    return next(place for place, count in enumerate(filled) if count and count * 2 >= max(filled))


def _filled(row: list) -> int:
    return sum(cell not in ("", None) for cell in row)


def _plain(cell: object) -> object:
    """Whole numbers as int, blanks as missing."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    return np.nan if cell is None else cell
