"""The places directly inside an area, each with its main figures: the table of an area's record."""

import numpy as np

from gis.accounts.scope import Access, Scope
from layers.indicators import INDICATORS
from layers.values import Question, values

#: Columns of the table, in order; one the reader may not see anywhere is left out.
COLUMNS = ("population", "households", "dwellings", "vacancy", "open", "late")
_LAYER = {12: "cells", 9: "community", 6: "street", 4: "district"}


def children_table(code: str, access: Access) -> dict:
    """Columns (name, unit) and rows (code, name, figures) of the places directly in an area.

    A figure is None where it is withheld or cannot be formed. Empty where nothing below the area is drawn. What is
    withheld here is what the map withholds.
    """
    layer = _LAYER.get(len(code))
    shown = [INDICATORS[name] for name in COLUMNS if access.which(INDICATORS[name].needs).within(code)]
    if layer is None or not shown:
        return {"columns": [], "rows": []}
    figures: dict[tuple[str, str], list] = {}
    for column, indicator in enumerate(shown):
        found = values(Question(layer, indicator.code), access)
        rows = found.places.rows_in(Scope.of([code]))
        for at, name, value in zip(found.places.codes[rows], found.places.names[rows], found.values[rows], strict=True):
            figures.setdefault((str(at), name), [None] * len(shown))[column] = _figure(value)
    rows = [{"code": at, "name": name, "figures": figures[at, name]} for at, name in sorted(figures)]
    return {"columns": [(indicator.name, indicator.unit) for indicator in shown], "rows": rows}


def _figure(value: float) -> float | None:
    if np.isnan(value):
        return None
    return int(value) if value == int(value) else round(float(value), 2)
