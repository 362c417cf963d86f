"""One indicator's figures for the cells or areas a person may see, joined to the tiles by id in the browser."""

from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.areas.area import LEVELS
from gis.errors import WanggeError
from gis.models import Area, CellVersion
from layers.indicators import INDICATORS, Indicator
from layers.small_counts import hide, is_own_staff

_LEVELS = {level: length for length, level in LEVELS.items()}
LAYERS = ("cells", "community", "street", "district")


@dataclass(frozen=True)
class Places:
    """The places of one layer in code order: ids of the tiles, codes, names and ground in km²."""

    ids: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    km2: list[float] = field(default_factory=list)


def places(layer: str, scope: Scope) -> Places:
    """The places of a layer inside the scope. Raises WanggeError for an unknown layer."""
    if layer not in LAYERS:
        raise WanggeError("There is no such layer.", fix=f"Choose one of {', '.join(LAYERS)}.")
    rows = CellVersion.objects.on(timezone.localdate()) if layer == "cells" else Area.objects.filter(level=layer)
    listed = rows.inside(scope).order_by("code").values_list("id", "code", "name", "area_m2")
    columns = list(zip(*listed, strict=True)) or [(), (), (), ()]
    return Places(list(columns[0]), list(columns[1]), list(columns[2]), [(m2 or 0) / 1e6 for m2 in columns[3]])


def values(layer: str, code: str, access: Access) -> dict:
    """The figures of one indicator on one layer, small counts withheld.

    Returns `ids, codes, names, values` of equal length (a value is None where it is withheld or cannot be formed)
    and `hidden`, the ids withheld because the count is small.
    """
    indicator = INDICATORS.get(code)
    if indicator is None:
        raise WanggeError("There is no such indicator.", fix=f"Choose one of {', '.join(INDICATORS)}.")
    # Where the reader may not see this kind of figure the place is absent, not zero.
    scope = access.which(indicator.needs)
    listed = places(layer, scope)
    counts = _counted(indicator, listed, scope)
    hidden = _hidden(indicator, counts, listed.codes, access)
    formed = _formed(indicator, counts, listed, scope)
    figures = [None if gone else _figure(value) for value, gone in zip(formed, hidden, strict=True)]
    return {
        "indicator": code,
        "name": str(indicator.name),
        "unit": str(indicator.unit),
        "layer": layer,
        "ids": listed.ids,
        "codes": listed.codes,
        "names": listed.names,
        "values": figures,
        "hidden": [pk for pk, gone in zip(listed.ids, hidden, strict=True) if gone],
        "at": timezone.now().isoformat(timespec="seconds"),
    }


def _counted(indicator: Indicator, listed: Places, scope: Scope) -> np.ndarray:
    """The indicator's number in each place, rolled up to the length of the places' codes."""
    if not listed.codes:
        return np.zeros(0)
    inside, params = scope.sql("a.area")
    rolled = f"SELECT left(a.area, %s), {indicator.summed} FROM {indicator.rows} AND {inside} GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(rolled, [len(listed.codes[0]), *params])
        totals = dict(cursor.fetchall())
    return np.array([totals.get(code, 0) for code in listed.codes], dtype=float)


def _formed(indicator: Indicator, counts: np.ndarray, listed: Places, scope: Scope) -> np.ndarray:
    if indicator.per_km2:
        return np.divide(counts, listed.km2, out=np.full(len(counts), np.nan), where=np.array(listed.km2) > 0)
    if indicator.share_of:
        whole = _counted(INDICATORS[indicator.share_of], listed, scope)
        return np.divide(100 * counts, whole, out=np.full(len(counts), np.nan), where=whole > 0)
    return counts


def _hidden(indicator: Indicator, counts: np.ndarray, codes: list[str], access: Access) -> np.ndarray:
    if not indicator.people:
        return np.zeros(len(counts), dtype=bool)
    own = np.array([is_own_staff(access, code) for code in codes], dtype=bool)
    return hide(counts, np.array([code[:-3] for code in codes]), own)


def _figure(value: float) -> float | None:
    if np.isnan(value):
        return None
    return int(value) if value == int(value) else round(float(value), 2)
