"""Invented ground for risk: places, incidents and kept figures as arrays, without a database behind them."""

import numpy as np

from layers.incident_columns import NEVER, STATES, Columns, in_order
from layers.incident_copy import Copy, laid_in_order
from layers.kept_figures import FIRST_YEAR, LAST_YEAR, NAMES, Kept
from layers.places import LAYERS, Places, numbers_of_codes
from layers.risk_ground import Ground

COMMUNITY = "990101001001"
#: A community that has no cells.
BARE = "990101001002"
#: The midnight after 15 June 2025 in the demonstration's time zone.
END = 1_750_003_200
DAY = 86400


def cell_codes(count: int) -> list[str]:
    return [f"{COMMUNITY}{number:03d}" for number in range(1, count + 1)]


def invented_ground(km2: list[float]) -> Ground:
    """Cells of so much ground in one community, beside it a community without cells, above them a street."""
    codes = {"cells": cell_codes(len(km2)), "community": [COMMUNITY, BARE], "street": ["990101001"], "district": []}
    sizes = {"cells": km2, "community": [sum(km2), 1.0], "street": [0.0], "district": []}
    return Ground({layer: _places(layer, codes[layer], sizes[layer]) for layer in LAYERS})


def _places(layer: str, codes: list[str], km2: list[float]) -> Places:
    coded, ids = np.array(codes, dtype="U15"), np.arange(len(codes), dtype=np.int64)
    names = np.array([f"place {code}" for code in codes], dtype=object)
    boxes = np.zeros((len(codes), 4), dtype=np.float32)
    return Places(layer, ids, coded, names, numbers_of_codes(coded), np.array(km2, dtype=float), boxes, mark=layer)


def invented_kept(residents: list[int], elders: list[int], children: list[int], homes: list[int]) -> Kept:
    """Kept figures of the cells in order. `elders` were born in 1930, `children` in 2020."""
    areas = numbers_of_codes(np.array(cell_codes(len(residents)), dtype="U15"))
    figures = np.zeros((len(NAMES), len(areas)), dtype=np.int32)
    for name, counts in {"residents": residents, "dwellings": homes, "households": homes}.items():
        figures[NAMES.index(name)] = counts
    births = np.zeros((LAST_YEAR - FIRST_YEAR + 2, len(areas)), dtype=np.int32)
    births[1930 - FIRST_YEAR + 1], births[2020 - FIRST_YEAR + 1] = elders, children
    return Kept(areas, figures, births)


def invented_copy(cells: list[int], ages: list[float], categories: list[int]) -> Copy:
    """Closed incidents by the number of their cell, their age in days before END, and their category."""
    n = len(cells)
    codes = np.array(cell_codes(max(cells, default=0) + 1), dtype="U15")
    zeros, at = np.zeros(n, dtype=np.int32), END - (np.array(ages, dtype=float) * DAY).astype(np.int64)
    state = np.full(n, STATES["closed"], dtype=np.int8)
    columns = Columns(
        ids=np.arange(n, dtype=np.int64), east=zeros, north=zeros, at=at, category=np.array(categories, dtype=np.int32),
        state=state, origin=state, doubt=state * 0, department=zeros, due=np.full(n, NEVER), closed=at + 3600,
        area=numbers_of_codes(codes)[np.array(cells, dtype=int)] if n else np.zeros(0, dtype=np.int64),
    )  # fmt: skip
    return laid_in_order(in_order(columns))
