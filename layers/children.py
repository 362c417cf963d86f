"""The places directly inside an area, each with its main figures: the table of an area's record."""

from gis.accounts.scope import Access
from layers.indicators import INDICATORS
from layers.values import values

#: Columns of the table, in order; one the reader may not see anywhere is left out.
COLUMNS = ("population", "households", "dwellings", "vacancy", "open", "late")
_LAYER = {12: "cells", 9: "community", 6: "street", 4: "district"}


def children_table(code: str, access: Access) -> dict:
    """Columns (name, unit) and rows (code, name, figures) of the places directly in an area.

    A figure is None where it is withheld or cannot be formed. Empty where nothing below the area is drawn.
    """
    layer = _LAYER.get(len(code))
    inside = Access({name: scope.within(code) for name, scope in access.scopes.items()}, access.postings)
    shown = [INDICATORS[name] for name in COLUMNS if inside.may_anywhere(INDICATORS[name].needs)]
    if layer is None or not shown:
        return {"columns": [], "rows": []}
    found = [values(layer, indicator.code, inside) for indicator in shown]
    figures: dict[tuple[str, str], list] = {}
    for column, one in enumerate(found):
        for at, name, value in zip(one["codes"], one["names"], one["values"], strict=True):
            figures.setdefault((at, name), [None] * len(shown))[column] = value
    rows = [{"code": at, "name": name, "figures": figures[at, name]} for at, name in sorted(figures)]
    return {"columns": [(indicator.name, indicator.unit) for indicator in shown], "rows": rows}
