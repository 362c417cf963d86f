"""Hot and cold spots of incidents, and what becomes of them: any kind of incident, period after period.

Places of one layer are compared by their number of incidents, each together with its neighbours: cells are drawn to
hold about as many households each, so a number is what one worker meets. The rate per km² stands beside it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import Lock

import numpy as np
import shapely
from cachetools import LRUCache
from django.contrib.gis.db.models.functions import AsWKB
from django.utils import timezone
from scipy import sparse

from gis.models import Area, CellVersion
from gis.risk.neighbours import queen
from gis.risk.rates import per
from gis.risk.trends import Emerging, emerging
from layers.incident_columns import Columns
from layers.incident_copy import Copy
from layers.places import Places
from layers.risk_incidents import DAY, really_happened

#: Periods that a course is told from, and the fewest that can tell one.
PERIODS, FEWEST = 12, 4
#: Places that are compared at least: with fewer nothing can stand out.
ENOUGH = 5
#: Borders digitised up to this far apart, in metres of the drawing CRS, are one border.
APART = 3.0
_YEAR = 365.25


@dataclass(frozen=True)
class Asked:
    """Which incidents (`categories`: primary keys, None for all), in periods of how many days, to the end of `last`."""

    categories: frozenset[int] | None
    days: int
    last: date


@dataclass(frozen=True)
class Series:
    """Of n places over T periods, the oldest first.

    `edges`: T + 1 local days; `counts`, `rates` (per km² and year, as observed; NaN without ground): T × n; `found`:
    what they amount to, None where there are too few places or periods to tell.
    """

    edges: tuple[date, ...]
    counts: np.ndarray
    rates: np.ndarray
    found: Emerging | None

    def __len__(self) -> int:
        return len(self.counts)


_series: LRUCache = LRUCache(32)
_neighbours: LRUCache = LRUCache(8)
_lock = Lock()  # held while either is read or written


def series_of(places: Places, copy: Copy, asked: Asked) -> Series:
    """The spots of all places of a layer, kept until an incident or a border changes."""
    parts = copy.base, copy.gone, copy.fresh
    key = (places.layer, places.mark, *map(id, parts), asked)
    with _lock:
        kept = _series.get(key)
        if kept is None or any(one is not other for one, other in zip(kept[0], parts, strict=True)):
            kept = _series[key] = parts, _tell(places, copy, asked)  # the parts stay, so their ids are not used again
        return kept[1]


def _tell(places: Places, copy: Copy, asked: Asked) -> Series:
    edges = _edges(copy, asked)
    counts = _counts(places, copy, asked, edges)
    years = places.km2 * asked.days / _YEAR
    rates = np.array([per(row, years) for row in counts])
    enough = len(counts) >= FEWEST and len(places) >= ENOUGH
    return Series(edges, counts, rates, emerging(counts, neighbours_of(places)) if enough else None)


def _edges(copy: Copy, asked: Asked) -> tuple[date, ...]:
    """The ends of the periods that begin after the first incident of all, at most `PERIODS` of them."""
    first = min((columns.at[0] for columns in (copy.base, copy.fresh) if len(columns)), default=None)
    end = asked.last + timedelta(days=1)
    seen = (_moment(end) - first) / DAY if first is not None else 0
    number = int(np.clip(seen // asked.days, 1, PERIODS))
    return tuple(end - timedelta(days=asked.days * back) for back in range(number, -1, -1))


def _moment(day: date) -> int:
    return int(timezone.make_aware(datetime.combine(day, time.min)).timestamp())


def _counts(places: Places, copy: Copy, asked: Asked, edges: tuple[date, ...]) -> np.ndarray:
    moments = np.array([_moment(day) for day in edges])
    table = np.zeros((len(edges) - 1) * len(places), dtype=np.int64)
    for columns, sign in copy.parts():
        table += sign * np.bincount(_keys(places, columns, asked, moments), minlength=len(table))
    return table.reshape(len(edges) - 1, len(places))


def _keys(places: Places, columns: Columns, asked: Asked, moments: np.ndarray) -> np.ndarray:
    """Period × place of each incident that counts."""
    taken = columns.taken(slice(*np.searchsorted(columns.at, moments[[0, -1]])))  # in order of time
    mask = really_happened(taken)
    if asked.categories is not None:
        mask &= np.isin(taken.category, list(asked.categories))
    place = np.searchsorted(places.numbers, taken.area, side="right") - 1
    mask &= (place >= 0) & (taken.area < places.numbers[place] + places.span)
    period = np.searchsorted(moments, taken.at, side="right") - 1
    return (period * len(places) + place)[mask]


def neighbours_of(places: Places) -> sparse.csr_array:
    """Which places of a layer touch, in their order: a corner is enough. Kept while the outlines stay the same."""
    found = _neighbours.get(key := (places.layer, places.mark))
    if found is None:
        found = _neighbours[key] = queen(outlines(places), tolerance=APART)
    return found


def outlines(places: Places) -> np.ndarray:
    """The outlines in the drawing CRS; none where a place has none."""
    model = CellVersion if places.layer == "cells" else Area
    rows = model.objects.filter(pk__in=places.ids.tolist()).annotate(outline=AsWKB("drawing"))
    found = dict(rows.values_list("pk", "outline"))
    return shapely.from_wkb([found.get(pk) and bytes(found[pk]) for pk in places.ids.tolist()])
