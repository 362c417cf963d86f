"""The components of the risk of every place, from the district's table and from what is counted."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_noop

from gis.risk.definitions import Definition
from gis.risk.rates import per
from gis.risk.score import Component
from gis.risk.smoothing import smooth
from layers.incident_copy import Copy
from layers.kept_figures import Kept
from layers.risk_capacity import on_time, workers
from layers.risk_ground import Ground
from layers.risk_incidents import Counted, count_incidents
from layers.risk_needs import Counts
from layers.risk_people import Open, PeopleOf

_YEAR = 365.25
#: Percent of the finest places that lie below a bound which follows the data.
_LEAST, _MOST = 5, 95
SOURCES = {
    "incidents": gettext_noop("事件记录"),
    "people": gettext_noop("居民登记"),
    "needs": gettext_noop("服务需求登记"),
    "homes": gettext_noop("房屋登记"),
    "postings": gettext_noop("任职登记"),
}
#: Why a component of the table is not in the score.
NO_DATA, UNKNOWN = gettext_noop("没有数据"), gettext_noop("系统还不会计算")


@dataclass(frozen=True)
class Made:
    """The components that have data, each with the flags (n) of where its own figure is withheld; and the others."""

    components: tuple[Component, ...]
    withheld: dict[str, np.ndarray]
    missing: dict[str, str]
    counted: Counted


@dataclass(frozen=True)
class _Figure:
    values: np.ndarray
    source: str
    date: str
    deviation: np.ndarray | None = None
    withheld: np.ndarray | None = None


def make_components(
    ground: Ground, copy: Copy, kept: Kept, needs: Counts, definitions: tuple[Definition, ...], day: date
) -> Made:
    """Components of all places as of the end of a day."""
    of_incidents = tuple(one for one in definitions if one.categories)
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    counted = count_incidents(copy, ground, of_incidents, int(midnight.timestamp()))
    people = PeopleOf(ground, kept)
    figures = _incident_figures(ground, counted, of_incidents, _last(copy, day))
    figures |= _other_figures(ground, people, counted, day, _last(copy, day))
    figures |= _need_figures(people, needs, day.isoformat())
    components, hidden, missing = [], {}, {}
    for one in definitions:
        figure = figures.get(one.code)
        if figure is None or not _known(figure, ground).any():
            missing[one.code] = UNKNOWN if figure is None else NO_DATA
            continue
        components.append(_component(one, figure, ground))
        if figure.withheld is not None:
            hidden[one.code] = figure.withheld
    return Made(tuple(components), hidden, missing, counted)


def _component(one: Definition, figure: _Figure, ground: Ground) -> Component:
    bounds = _bounds(one, figure.values[ground.finest])
    named = {"name": one.code, "dimension": one.dimension, "weight": one.weight, "source": figure.source}
    return Component(values=figure.values, bounds=bounds, date=figure.date, deviation=figure.deviation, **named)


def _known(figure: _Figure, ground: Ground) -> np.ndarray:
    return ~np.isnan(figure.values[ground.finest])


def _bounds(one: Definition, values: np.ndarray) -> tuple[float, float]:
    """The table's bounds; where it leaves one open, what 5 or 95 % of the finest places stay below, to two digits so
    that it does not move every day."""
    found = (float(f"{np.nanpercentile(values, share):.2g}") for share in (_LEAST, _MOST))
    low, high = (value if fixed is None else fixed for fixed, value in zip(one.bounds, found, strict=True))
    return low, high if high > low else low + max(abs(low), 1.0)


def _incident_figures(
    ground: Ground, counted: Counted, definitions: tuple[Definition, ...], last: str
) -> dict[str, _Figure]:
    """Incidents per km² and year, smoothed. A component of whose kinds nothing was ever reported has no data."""
    figures = {}
    for number, one in enumerate(definitions):
        count = counted.decayed[:, number]
        years = ground.km2 * counted.days[number] / _YEAR
        if not count[ground.finest].sum() > 0:
            figures[one.code] = _Figure(np.full(len(ground), np.nan), SOURCES["incidents"], last)
            continue
        worth = counted.weight[number]
        smoothed = smooth(count * worth, years * worth, among=ground.finest)
        known = ground.km2 > 0
        rate, spread = (np.where(known, found, np.nan) for found in (smoothed.rate, np.sqrt(smoothed.variance)))
        figures[one.code] = _Figure(rate, SOURCES["incidents"], last, spread)
    return figures


def _other_figures(ground: Ground, people: PeopleOf, counted: Counted, day: date, last: str) -> dict[str, _Figure]:
    kept, today = people.kept, day.isoformat()
    homes, households = (
        ground.summed(kept.areas, kept.column(name)[:, None])[:, 0] for name in ("dwellings", "households")
    )
    settled, deviation = on_time(ground, counted)
    return {
        "residents": _open(people.density(), people, today),
        "homes": _Figure(_if_any(homes, per(homes, ground.km2)), SOURCES["homes"], today),
        "elders80": _open(people.share_aged(80, None, day.year), people, today),
        "children": _open(people.share_aged(0, 14, day.year), people, today),
        "workers": _Figure(per(workers(ground, day), households, 1000), SOURCES["postings"], today),
        "on_time": _Figure(settled, SOURCES["incidents"], last, deviation),
    }


def _need_figures(people: PeopleOf, needs: Counts, today: str) -> dict[str, _Figure]:
    """Shares of the residents with a need; none at all where nobody's needs have been registered yet."""
    figures = {}
    for name, (areas, counts) in needs.items():
        shares = people.share(counts, areas)
        values = _if_any(counts, _if_any(people.residents, shares.values))
        figures[name] = _Figure(values, SOURCES["needs"], today, shares.deviation, shares.withheld)
    return figures


def _open(figure: Open, people: PeopleOf, today: str) -> _Figure:
    """A figure of people; none at all where nobody has been registered yet."""
    values = _if_any(people.residents, figure.values)
    return _Figure(values, SOURCES["people"], today, figure.deviation, figure.withheld)


def _if_any(counts: np.ndarray, values: np.ndarray) -> np.ndarray:
    return values if counts.sum() > 0 else np.full(len(values), np.nan)


def _last(copy: Copy, day: date) -> str:
    """The day of the last incident."""
    ends = [columns.at[-1] for columns in (copy.base, copy.fresh) if len(columns)]
    if not ends:
        return day.isoformat()
    return min(
        day, timezone.localdate(datetime.fromtimestamp(int(max(ends)), tz=timezone.get_current_timezone()))
    ).isoformat()
