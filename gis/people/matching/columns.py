"""Columns in one spelling, each distinct value once, so that a comparison looks at every value a single time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

NONE = -1


@dataclass(frozen=True)
class Column:
    """`which` is the distinct value of every row, -1 where none is given. `facets` are numbers over the distinct
    values: two with an equal number, not -1, agree in that respect. `parts` are what the comparison needs of them."""

    which: np.ndarray
    facets: dict[str, np.ndarray]
    parts: dict[str, np.ndarray] = field(default_factory=dict)

    def facet(self, name: str) -> np.ndarray:
        """The facet of every row, -1 where none."""
        if not len(self.facets[name]):
            return np.full(len(self.which), NONE, np.int64)
        return np.where(self.which == NONE, NONE, self.facets[name][self.which])


def distinct(values: Sequence | np.ndarray, spelling: Callable[[pd.Series], pd.Series]) -> tuple[np.ndarray, pd.Series]:
    """Which distinct text each value is, -1 where it comes to "", and those texts. `spelling` sees each value once."""
    raw, cells = _factorized(values)
    texts = ["" if missing(cell) else text_of(cell) for cell in cells]
    if not len(texts):
        return np.full(len(values), NONE, np.int64), pd.Series([], dtype=object)
    spelt = spelling(pd.Series(texts, dtype=object)).astype(object)
    again, once = pd.factorize(spelt.to_numpy(dtype=object))
    given = once != ""
    number = np.where(given, np.cumsum(given) - 1, NONE)[again]
    return np.where(raw == NONE, NONE, number[raw]), pd.Series(once[given], dtype=object)


def _factorized(values: Sequence | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which distinct cell each is, -1 for an empty one, and the cells."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = list(values)
    try:
        return pd.factorize(cells)
    except TypeError:  # a cell that is a list
        cells[:] = [str(cell) for cell in cells]
        return pd.factorize(cells)


def missing(value: object) -> bool:
    """Whether a cell says nothing: None, NaN, NaT."""
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value)


def text_of(value: object) -> str:
    """A cell as text; a whole number kept as a float is written without its point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def letters(texts: pd.Series, most: int) -> np.ndarray:
    """Code points of texts as a table, 0 behind the end, as wide as the longest text; what is longer than `most` is
    cut."""
    if not len(texts):
        return np.zeros((0, most), np.uint32)
    most = min(most, int(texts.str.len().max()))
    fixed = texts.to_numpy(dtype=f"U{most}")
    return fixed.view(np.uint32).reshape(len(fixed), most)


def numbered(table: np.ndarray) -> np.ndarray:
    """A number for each row of a table, equal for equal rows."""
    weights = np.random.default_rng(20).integers(1, 2**62, table.shape[1], dtype=np.int64).astype(
        np.uint64
    ) | np.uint64(1)
    mixed = table.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    return pd.factorize((mixed * weights).sum(axis=1, dtype=np.uint64))[0].astype(np.int64)


def numbered_text(texts: pd.Series) -> np.ndarray:
    """A number for each text, equal for equal ones; -1 for ""."""
    values = texts.to_numpy(dtype=object)
    return np.where(values == "", NONE, pd.factorize(values)[0]) if len(values) else np.zeros(0, np.int64)


def respelt(texts: pd.Series, plain: str, spelling: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """The texts in another spelling; those that fit the pattern `plain` are in it already."""
    rest = ~texts.str.fullmatch(plain).to_numpy(dtype=bool)
    found = texts.copy()
    if rest.any():
        found[rest] = spelling(texts[rest])
    return found


def one_slip(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether two rows of letters differ in one place only, or in two neighbours that have changed places."""
    differs = one != other
    number = differs.sum(axis=1)
    slip = number == 1
    two = np.flatnonzero(number == 2)
    first = differs[two].argmax(axis=1)
    a, b, rows = one[two], other[two], np.arange(len(two))
    after = np.minimum(first + 1, one.shape[1] - 1)
    slip[two] = (a[rows, first] == b[rows, after]) & (a[rows, after] == b[rows, first]) & (after > first)
    return slip
