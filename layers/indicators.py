"""What the map can colour cells, communities, streets and districts by: every indicator of every room.

**To add figures of your own**, write `layers/<your room>_figures.py` with a tuple of `layers.indicator.Indicator` and
add it to `_ROOMS` below. Nothing else needs to know: the chooser, the map, the table and the export take it from here.

    def _spots(asked: Asked) -> Computed:
        kinds = classify(asked.places.codes, asked.places.numbers, asked.now)   # arrays of len(asked.places)
        return Computed(values=kinds, doubtful=few, note=_("按近 90 天计算"))

    SPOTS = (
        Indicator(
            "spots", _("冷热点"), "", _("风险"), _spots, needs="incident.read",
            classes=(Category(_("热点"), "#b3364f"), Category(_("冷点"), "#3b6fa8")),   # values are 0 and 1
            source=_("事件库"), note=_("Getis-Ord Gi*，经错误发现率校正"),
        ),
    )

A figure is one of three kinds: a number (`values`); a number with a comparison (`compares=True`, and `previous` where
`asked.compare`); a category (`classes`, and in `values` the number of the class, NaN for none). Whatever takes longer
than some 20 ms is kept by the room itself, under the snapshot of what it was made from. Counts of persons, and what is
divided by them, give `hidden` from `layers.withheld`; the rest need not think of it.
"""

from layers.homes_figures import HOMES
from layers.incident_figures import INCIDENTS
from layers.indicator import Indicator
from layers.need_figures import NEEDS
from layers.people_figures import PEOPLE
from layers.risk_figures import RISK
from layers.service_figures import SERVICE
from layers.visit_figures import VISITS

_ROOMS: tuple[tuple[Indicator, ...], ...] = (PEOPLE, NEEDS, VISITS, HOMES, INCIDENTS, RISK, SERVICE)
INDICATORS = {indicator.code: indicator for room in _ROOMS for indicator in room}
