"""What the map shows of the domain. Reads only.

Analysts import it too: after `layers.sign_in()`, `layers.cells("risk")`, `layers.incidents()` and `layers.risk_table()`
give GeoDataFrames and `layers.draw(…)` a Folium map of them, in scope of a token (`layers.notebook`).
"""

from importlib import import_module

#: Of `layers.notebook`, which needs Django's models; this package is imported before there are any.
_NOTEBOOK = frozenset({"sign_in", "figures", "cells", "areas", "incidents", "risk_table", "draw"})


def __getattr__(name: str):
    if name not in _NOTEBOOK:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("layers.notebook"), name)
