"""Indicators of incidents: of any category and period, open, late, settled in time; with the period before."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from django.utils.translation import gettext_lazy as _

from gis.incidents.finding import OPEN, Wanted
from gis.incidents.incident import State
from gis.incidents.on_time import judge
from layers.incident_columns import STATES, Columns
from layers.incident_copy import incidents_now
from layers.incident_selection import Selection, is_open, selected
from layers.indicator import Asked, Computed, Indicator
from layers.kept_incident_areas import ranked_areas
from layers.people_figures import ratio
from layers.withheld import withheld_from

_DAYS, _KIND = frozenset({"days", "kind"}), frozenset({"kind"})


def _chosen(asked: Asked, wanted: Wanted, before: bool = False) -> Selection:
    """The incidents of the period, or of the one before: as many days, and of the last one as many hours."""
    wanted = replace(wanted, categories=asked.categories, majors=asked.majors)
    now = asked.now
    if before:
        now -= timedelta(days=asked.days)
        wanted = replace(wanted, days=asked.days)
    found = selected(incidents_now(), wanted, asked.scope, now)
    return found.narrowed(lambda columns: columns.at <= int(now.timestamp())) if before else found


def _counts(asked: Asked, selection: Selection) -> np.ndarray:
    """How many of the incidents lie in each place."""
    total = np.zeros(len(asked.places), dtype=np.int64)
    for columns, mask in selection.parts:
        areas, ranks = ranked_areas(columns.area)
        total += asked.places.rolled(areas, np.bincount(ranks[mask], minlength=len(areas)))
    return total


def _in_period(asked: Asked, before: bool = False) -> np.ndarray:
    return _counts(asked, _chosen(asked, Wanted(days=asked.days), before)).astype(float)


def _compared(asked: Asked, form) -> Computed:
    """What `form` makes of the counts of the period, and of those of the one before where that is asked for."""
    return Computed(form(_in_period(asked)), form(_in_period(asked, before=True)) if asked.compare else None)


def _number(asked: Asked) -> Computed:
    return _compared(asked, lambda counts: counts)


def _per_km2(asked: Asked) -> Computed:
    return _compared(asked, lambda counts: ratio(counts, asked.places.km2))


def _per_thousand(asked: Asked) -> Computed:
    """Incidents by residents tell how many residents there are, so the rate is withheld with their number."""
    residents = asked.kept.column("residents")
    people = asked.rolled(residents).astype(float)
    known = np.zeros(len(asked.places), dtype=bool)
    known[asked.places.rows_in(asked.access.which("people.count"))] = True
    found = _compared(asked, lambda counts: 1000 * ratio(counts, np.where(known, people, 0)))
    return replace(found, hidden=withheld_from(asked, residents) & known, doubtful=known & (people < _FEW))


#: A rate over fewer residents than this jumps with a single case.
_FEW = 100


def _standing(wanted: Wanted):
    """How many there are now, whenever they were reported."""
    return lambda asked: Computed(_counts(asked, _chosen(asked, wanted)).astype(float))


def _on_time(asked: Asked) -> Computed:
    return Computed(_rate(asked), _rate(asked, before=True) if asked.compare else None)


def _rate(asked: Asked, before: bool = False) -> np.ndarray:
    """Percent settled in time of the cases of the period, judged at its end; NaN where there is none to judge."""
    end = int(asked.now.timestamp()) - (asked.days * 86400 if before else 0)
    chosen = _chosen(asked, Wanted(days=asked.days), before)
    settled, judged = (
        _counts(asked, chosen.narrowed(lambda columns, which=which: _judged(columns, end)[which])) for which in (0, 1)
    )
    return 100 * ratio(settled, judged)


def _judged(columns: Columns, end: int) -> tuple[np.ndarray, np.ndarray]:
    """What was settled in time, and what could be judged, as it stood at a moment."""
    closed = columns.state == STATES[State.CLOSED]
    later = closed & (columns.closed > end)
    return judge(closed & ~later, is_open(columns) | later, columns.closed, columns.due, end)


def _incidents(code: str, name: str, figure, unit: str = _("件"), takes=_DAYS, note: str = "") -> Indicator:
    return Indicator(
        code, name, unit, _("事件"), figure, needs="incident.read", takes=takes, compares="days" in takes, note=note
    )


INCIDENTS = (
    _incidents("incidents", _("事件数"), _number),
    _incidents("incidents_rate", _("每千人事件数"), _per_thousand, unit=_("件/千人")),
    _incidents("incidents_km2", _("每平方公里事件数"), _per_km2, unit=_("件/km²")),
    _incidents("open", _("未结事件"), _standing(Wanted(states=frozenset({OPEN}))), takes=_KIND),
    _incidents("late", _("超时未结事件"), _standing(Wanted(late=True)), takes=_KIND),
    _incidents(
        "on_time", _("按期办结率"), _on_time, unit="%",
        note=_("按期办结 ÷（已结 + 超时未结），只算有时限的事件。"),
    ),
)  # fmt: skip
