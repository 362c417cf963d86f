"""What the map can colour cells, communities and streets by. One row an indicator.

`rows` is the SQL of what is counted, after FROM, with the table that carries `area` called `a` and a condition at the
end; `layers.values` adds the scope and groups by the level on the map. `per_km2` divides by the ground, `share_of` by
another indicator. `people` marks counts of persons, to which the rule of small counts applies; `needs` is the
capability without which the reader does not get the figure.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_LIVING = "grid_residence a WHERE a.kind = 'living' AND a.ends IS NULL"
_PERSON = (
    "grid_residence a JOIN grid_resident r ON r.id = a.resident_id"
    " WHERE a.kind = 'living' AND a.ends IS NULL AND {condition}"
)
_OPEN = "grid_incident a WHERE a.state NOT IN ('closed', 'rejected', 'duplicate')"


@dataclass(frozen=True)
class Indicator:
    code: str
    name: str
    unit: str
    group: str
    rows: str
    needs: str = "area.read"
    per_km2: bool = False
    share_of: str = ""

    @property
    def people(self) -> bool:
        return self.needs == "people.count"


def _people(code: str, name: str, condition: str, unit: str = _("人")) -> Indicator:
    return Indicator(code, name, unit, _("人口"), _PERSON.format(condition=condition), "people.count")


def _incidents(code: str, name: str, rows: str) -> Indicator:
    return Indicator(code, name, _("件"), _("事件"), rows, "incident.read")


def _since(days: int) -> str:
    return f"grid_incident a WHERE a.reported_at >= now() - interval '{days} days'"


_ALL = [
    Indicator("population", _("常住人口"), _("人"), _("人口"), _LIVING, "people.count"),
    Indicator("density", _("人口密度"), _("人/km²"), _("人口"), _LIVING, "people.count", per_km2=True),
    _people("children", _("0–14 岁"), "r.born > current_date - interval '15 years'"),
    _people("elders", _("65 岁以上"), "r.born <= current_date - interval '65 years'"),
    _people("elders80", _("80 岁以上"), "r.born <= current_date - interval '80 years'"),
    _people("floating", _("流动人口"), "r.population = 'floating'"),
    Indicator("households", _("家庭户"), _("户"), _("人口"), "grid_household a WHERE true", "people.count"),
    Indicator("dwellings", _("住房套数"), _("套"), _("房屋"), "grid_dwelling a WHERE true"),
    Indicator("vacancy", _("空置率"), "%", _("房屋"), "grid_dwelling a WHERE a.state = 'empty'", share_of="dwellings"),
    _incidents("incidents30", _("近 30 天事件"), _since(30)),
    _incidents("incidents365", _("近一年事件"), _since(365)),
    _incidents("open", _("未结事件"), _OPEN),
    _incidents("late", _("超时未结事件"), _OPEN + " AND a.due_at < now()"),
]
INDICATORS = {indicator.code: indicator for indicator in _ALL}
