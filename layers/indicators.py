"""What the map can colour cells, communities and streets by. One row an indicator.

A figure that is kept (`gis.statistics`) names its column in `kept`; any other is counted: `rows` is the SQL after FROM,
with the table that carries `area` called `a` and a condition at the end. `layers.values` adds the scope and groups by
the level on the map. `per_km2` divides by the ground, `share_of` by
another indicator. `people` marks counts of persons, to which the rule of small counts applies; `needs` is the
capability without which the reader does not get the figure.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

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
    rows: str = "grid_figures a WHERE true"
    needs: str = "area.read"
    kept: str = ""
    per_km2: bool = False
    share_of: str = ""

    @property
    def people(self) -> bool:
        return self.needs == "people.count"

    @property
    def summed(self) -> str:
        return f"sum(a.{self.kept})" if self.kept else "count(*)"


def _people(code: str, name: str, kept: str = "", condition: str = "", unit: str = _("人"), **more) -> Indicator:
    rows = {"rows": _PERSON.format(condition=condition)} if condition else {"kept": kept}
    return Indicator(code, name, unit, _("人口"), needs="people.count", **rows, **more)


def _homes(code: str, name: str, unit: str, kept: str, **more) -> Indicator:
    return Indicator(code, name, unit, _("房屋"), kept=kept, **more)


def _incidents(code: str, name: str, **counted: str) -> Indicator:
    return Indicator(code, name, _("件"), _("事件"), needs="incident.read", **counted)


def _since(days: int) -> str:
    return f"grid_incident a WHERE a.reported_at >= now() - interval '{days} days'"


_ALL = [
    _people("population", _("常住人口"), "residents"),
    _people("density", _("人口密度"), "residents", unit=_("人/km²"), per_km2=True),
    _people("children", _("0–14 岁"), condition="r.born > current_date - interval '15 years'"),
    _people("elders", _("65 岁以上"), condition="r.born <= current_date - interval '65 years'"),
    _people("elders80", _("80 岁以上"), condition="r.born <= current_date - interval '80 years'"),
    _people("floating", _("流动人口"), "floating"),
    _people("households", _("家庭户"), "households", unit=_("户")),
    _homes("buildings", _("楼栋"), _("栋"), "buildings"),
    _homes("dwellings", _("住房套数"), _("套"), "dwellings"),
    _homes("vacancy", _("空置率"), "%", "dwellings_empty", share_of="dwellings"),
    _incidents("incidents30", _("近 30 天事件"), rows=_since(30)),
    _incidents("incidents365", _("近一年事件"), rows=_since(365)),
    _incidents("open", _("未结事件"), kept="incidents_open"),
    _incidents("late", _("超时未结事件"), rows=_OPEN + " AND a.due_at < now()"),
]
INDICATORS = {indicator.code: indicator for indicator in _ALL}
