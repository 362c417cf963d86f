"""The last periods of one place's Gi*, as a strip to look at and a table to read: why it is "growing" or "fading"."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from gis.accounts.scope import Access
from gis.risk.trends import Course
from layers.incident_copy import incidents_now
from layers.places import LAYERS, ground
from layers.risk import NEEDS
from layers.spots import Asked, series_of

#: Height of the drawing above and below its middle, in its own units, and the z that fills it.
HEIGHT, HIGHEST = 30.0, 5.0


@dataclass(frozen=True)
class Period:
    """One period: local days, both included; incidents, per km² and year (None without ground), Gi* as z (None where it
    cannot be told), and its class: −3 … 3, cold to hot at 90, 95, 99 %. `top` and `height` of its bar."""

    first: date
    last: date
    count: int
    rate: float | None
    z: float | None
    kind: int
    top: float = HEIGHT
    height: float = 0.0


@dataclass(frozen=True)
class Strip:
    """`hot` and `cold`: what the periods amount to, of `Course`; None where there are too few places or periods."""

    periods: tuple[Period, ...]
    hot: str | None
    cold: str | None
    rises: bool
    falls: bool
    days: int

    @property
    def is_told(self) -> bool:
        return self.hot is not None

    @property
    def is_calm(self) -> bool:
        """Neither hot nor cold in any period."""
        return self.hot == Course.NONE and self.cold == Course.NONE


def strip_of(code: str, access: Access, asked: Asked) -> Strip | None:
    """The periods of a place. None where the reader may not know them, or the code is no place of today."""
    if not access.may(NEEDS, code):
        return None
    for layer in LAYERS:
        places = ground()[layer]
        found = np.flatnonzero(places.codes == code)
        if len(found):
            return _strip(series_of(places, incidents_now(), asked), int(found[0]), asked)
    return None


def _strip(series, at: int, asked: Asked) -> Strip:
    found = series.found
    periods = tuple(_period(series, t, at) for t in range(len(series)))
    if found is None:
        return Strip(periods, None, None, False, False, asked.days)
    sure = found.p[at] <= 0.05
    rises, falls = bool(sure and found.trend[at] > 0), bool(sure and found.trend[at] < 0)
    return Strip(periods, str(found.hot[at]), str(found.cold[at]), rises, falls, asked.days)


def _period(series, t: int, at: int) -> Period:
    first, end = series.edges[t], series.edges[t + 1]
    rate = series.rates[t, at]
    plain = Period(
        first, end - timedelta(days=1), int(series.counts[t, at]), None if np.isnan(rate) else float(rate), None, 0
    )
    if series.found is None:
        return plain
    spots = series.found.spots[t]
    z, kind = float(spots.z[at]), int(spots.kind[at])
    height = round(HEIGHT * min(abs(z), HIGHEST) / HIGHEST, 1)
    top = HEIGHT - height if z > 0 else HEIGHT
    return Period(plain.first, plain.last, plain.count, plain.rate, z, kind, round(top, 1), height)
