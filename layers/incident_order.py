"""A page of a selection in any order: a million rows are not sorted to show fifty of them."""

from collections.abc import Sequence

import numpy as np

from gis.models import Category
from layers.incident_selection import Selection

#: Orders a list offers, by the column that leads; the newest come first among equals.
ORDERS = ("at", "due", "state", "category")


def ids_in_order(chosen: Selection, order: str, descending: bool, start: int, end: int) -> list[int]:
    """Primary keys of the rows `start` to `end` (not included) in that order. `order` is one of ORDERS.

    A state sorts by its place in the workflow, a category by its place in the code tables, no time limit after all.
    """
    if order == "at":
        return _by_time(chosen, descending, start, end)
    at, ids = chosen.column("at"), chosen.column("ids")
    leading = _ranks(chosen.column("category")) if order == "category" else chosen.column(order).astype(np.int64)
    keys = [-leading if descending else leading, -at, -ids]
    return ids[first_rows(keys, min(end, len(ids)))[start:end]].tolist()


def _by_time(chosen: Selection, descending: bool, start: int, end: int) -> list[int]:
    """Each part is in order of time, so nothing beyond `end` rows at one end of it is looked at."""
    ends = [(columns, rows[-end:] if descending else rows[:end]) for columns, rows in chosen.meant]
    at, ids = (np.concatenate([columns.values(name, rows) for columns, rows in ends]) for name in ("at", "ids"))
    order = np.lexsort((ids, at))
    return ids[order[::-1] if descending else order][start:end].tolist()


def _ranks(categories: np.ndarray) -> np.ndarray:
    known = list(Category.objects.order_by("kind", "code").values_list("pk", flat=True))
    ranks = np.zeros(max([*known, int(categories.max(initial=0))]) + 1, dtype=np.int64)
    ranks[known] = np.arange(len(known))
    return ranks[categories]


def first_rows(keys: Sequence[np.ndarray], number: int) -> np.ndarray:
    """The first `number` rows in order of the keys, the first of which leads. As many rows there must be."""
    rows = _first(keys, np.arange(len(keys[0])), number)
    return rows[np.lexsort([key[rows] for key in reversed(keys)])]


def _first(keys: Sequence[np.ndarray], rows: np.ndarray, number: int) -> np.ndarray:
    """The same in no order: those below the value of the last of them, and as many as are missing of its equals."""
    if not keys or number >= len(rows) or not number:
        return rows[:number]
    values = keys[0][rows]
    last = np.partition(values, number - 1)[number - 1]
    below = rows[values < last]
    return np.concatenate([below, _first(keys[1:], rows[values == last], number - len(below))])
