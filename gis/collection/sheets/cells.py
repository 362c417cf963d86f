"""Cells as text in one spelling: what a clerk sees in the sheet, without what no text holds."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

import numpy as np
import pandas as pd

#: From here on a number in a sheet is no longer exact: an identity number kept as one has lost its end.
EXACT = 10**15
_POWER = re.compile(r"\d(\.\d+)?E\+\d{2}", re.IGNORECASE)
#: What people write into a cell to say that there is nothing.
_NOTHING = frozenset(
    {"无", "-", "--", "—", "——", "/", "\\", "n/a", "na", "null", "none", "#n/a", "暂无", "不详", "未知"}
)


def as_text(cell: object) -> str:
    """One cell; "" where it is empty."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return in_line(str(cell))


def in_line(text: str) -> str:
    """Half width, no control signs, blanks once."""
    if text.isascii() and text.isalnum():
        return text
    if text.isprintable() and "•" not in text and unicodedata.is_normalized("NFKC", text):
        return " ".join(text.split())
    plain = unicodedata.normalize("NFKC", text.replace("．", "·").replace("•", "·"))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())


def is_nothing(text: str) -> bool:
    """Whether a text says that nothing is known."""
    return not text or text.lower() in _NOTHING


def is_lost(cell: object) -> bool:
    """Whether a program of sheets has taken a long number for a quantity, and cut it."""
    if isinstance(cell, float):
        return cell == cell and abs(cell) >= EXACT
    return isinstance(cell, str) and len(cell) < 30 and bool(_POWER.fullmatch(cell.strip()))


def texts_of(cells: Sequence | np.ndarray) -> np.ndarray:
    """A column as texts; each distinct cell is looked at once (object array)."""
    column = np.empty(len(cells), dtype=object)
    column[:] = list(cells)
    codes, distinct = _distinct(column)
    texts = np.array([as_text(cell) for cell in distinct] + [""], dtype=object)
    return texts[codes]


def lines_of(columns: Iterable[np.ndarray], count: int) -> np.ndarray:
    """Which distinct line over some columns each of `count` rows is, numbered as they first come."""
    line = np.zeros(count, np.int64)
    for column in columns:
        which, distinct = pd.factorize(column)
        line, _lines = pd.factorize(line * (len(distinct) + 1) + which + 1)
    return line


def _distinct(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which distinct cell each is, -1 for an empty one. 1, 1.0 and True are told apart by their text."""
    plain = np.array([isinstance(cell, str) or cell is None for cell in column], dtype=bool)
    if not plain.all():
        column = column.copy()
        column[~plain] = [as_text(cell) for cell in column[~plain]]
    return pd.factorize(column)
