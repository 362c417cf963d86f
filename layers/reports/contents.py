"""What a report tells, gathered once for whichever format: the places with their figures, the incidents, the words.

Every figure comes from where the map has it (`layers.values`), so a report equals the screen and hides what it hides.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from django.db import connection
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.areas.area import LEVEL_NAMES
from gis.areas.cell import CellVersion
from gis.incidents.finding import find_incidents
from gis.models import Area
from layers.places import places_of
from layers.reports.classes import Classes, classes_of
from layers.reports.incidents import frame_of
from layers.reports.view import View
from layers.small_counts import SMALLEST_SHOWN
from layers.values import DOUBTFUL, HIDDEN, UNKNOWN, values


@dataclass(frozen=True)
class Contents:
    """`places` (EPSG:4326): code, name, parent, figure (NaN where there is none), shown (as text), geometry; by code.

    `classes` belongs to `places`, row by row. `incidents` (EPSG:4326) is None where none were asked for.
    `facts` are the lines under the title, label and text each.
    """

    view: View
    title: str
    figure: str
    unit: str
    places: gpd.GeoDataFrame
    classes: Classes
    incidents: gpd.GeoDataFrame | None
    facts: list[tuple[str, str]]
    scope: Scope

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees of what is to be seen."""
        return self.view.box or tuple(float(side) for side in self.places.total_bounds)

    @property
    def legend(self) -> list[tuple[str, str, int]]:
        """Of each class its colour, its range as text and how many places are in it."""
        figures = self.places["figure"].to_numpy()
        rows = []
        for number, count in enumerate(self.classes.counts):
            inside = figures[self.classes.of == number]
            text = self._class_name(number) or (_range(inside.min(), inside.max(), self.unit) if inside.size else "–")
            rows.append((self.classes.colours[number], text, int(count)))
        return rows

    def _class_name(self, number: int) -> str:
        named = self.view.indicator.classes if self.view.indicator else ()
        return str(named[number].name) if named else ""


def gather(view: View, access: Access, reader: User) -> Contents:
    """Everything a view shows of what its reader may see, as of now.

    Raises OutOfScope where that is nothing at all.
    """
    scope = view.scope(access)
    indicator = view.indicator
    found = _places(view, access, scope)
    return Contents(
        view=view,
        title=title_of(view, scope),
        figure=str(indicator.name) if indicator else "",
        unit=_unit(view),
        places=found,
        classes=classes_of(found["figure"].to_numpy(), view),
        incidents=None,
        facts=_facts(view, scope, reader, found),
        scope=scope,
    )


def _unit(view: View) -> str:
    if view.indicator is None:
        return ""
    return "%" if view.change == "percent" else str(view.indicator.unit)


def title_of(view: View, scope: Scope) -> str:
    """What a report is called: where and what."""
    what = str(view.indicator.name) if view.indicator else level_name(view.question.layer)
    changed = _("（与上期相比）") if view.change else ""
    return f"{where_text(scope)} · {what}{changed}"


def with_incidents(contents: Contents, progress: Callable[[int], None]) -> Contents:
    """The contents with the incidents that the view asks for. They are no personal table, so no scoped transaction is
    needed, and `progress` may write."""
    wanted = contents.view.incidents
    if wanted is None:
        return contents
    found = find_incidents(wanted, contents.scope)
    if contents.view.box:
        window = Polygon.from_bbox(contents.view.box)
        window.srid = crs.STORE
        found = found.filter(drawing__intersects=window)
    frame = frame_of(found, progress)
    fact = (_("事件"), _("符合筛选的 %(n)s 件") % {"n": localize(len(frame))})
    return replace(contents, incidents=frame, facts=[*contents.facts, fact])


def level_name(layer: str) -> str:
    return _("网格") if layer == "cells" else str(LEVEL_NAMES[layer])


def _places(view: View, access: Access, scope: Scope) -> gpd.GeoDataFrame:
    """The places of the view. What is withheld follows from all the reader sees, so it is decided before narrowing."""
    if view.indicator:
        answer = values(view.question, access)
        listed, figures, state, previous = answer.places, answer.values, answer.state, answer.previous
    else:
        listed, previous = places_of(view.question.layer, scope), None
        figures, state = np.full(len(listed), np.nan), np.full(len(listed), UNKNOWN)
    shapes = shapes_of(view.question.layer, listed.ids.tolist())
    frame = gpd.GeoDataFrame(
        {"code": listed.codes, "name": listed.names, "figure": figures.astype(float), "state": state},
        geometry=[shapes.get(pk) for pk in listed.ids.tolist()],
        crs=crs.STORE,
    )
    if previous is not None:
        frame["now"], frame["before"] = frame["figure"], previous.astype(float)
        frame["figure"] = change(frame["now"].to_numpy(), frame["before"].to_numpy(), view.change)
    inside = np.array([scope.covers(code) for code in listed.codes], dtype=bool)
    frame = frame[inside & _in_window(frame, view)].reset_index(drop=True)
    frame["withheld"] = frame["state"] == HIDDEN
    frame["parent"] = parents_of(frame["code"])
    named = [str(one.name) for one in view.indicator.classes] if view.indicator else []
    frame["shown"] = [_shown(*row, named) for row in zip(frame["figure"], frame["state"], strict=True)]
    return frame


def change(now: np.ndarray, before: np.ndarray, how: str) -> np.ndarray:
    """What changed, as a difference or in per cent; a beginning from nothing has no per cent (NaN)."""
    difference = now - before
    if how == "difference":
        return difference
    share = np.divide(100 * difference, before, out=np.full(len(now), np.nan), where=before != 0)
    return np.where((before == 0) & (difference == 0), 0, share)


def _in_window(frame: gpd.GeoDataFrame, view: View) -> np.ndarray:
    if view.box is None:
        return np.ones(len(frame), dtype=bool)
    return shapely.intersects(frame.geometry.to_numpy(), shapely.box(*view.box))


def shapes_of(layer: str, ids: list[int]) -> dict[int, shapely.Geometry]:
    """Outlines in degrees of the places of a layer, by id; None for one that has none."""
    table = (CellVersion if layer == "cells" else Area)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, ST_AsBinary(geometry) FROM {table} WHERE id = ANY(%s)", [ids])
        rows = cursor.fetchall()
    found = shapely.from_wkb([bytes(shape) if shape else None for _pk, shape in rows])
    return dict(zip([pk for pk, _shape in rows], found, strict=True))


def parents_of(codes) -> list[str]:
    """The names above each place within its street: 胜利街道 幸福社区."""
    above = {code[:length] for code in codes for length in (9, 12) if length < len(code)}
    named = {area.code: str(area) for area in Area.objects.filter(code__in=above)}
    return [" ".join(named[code[:n]] for n in (9, 12) if n < len(code) and code[:n] in named) for code in codes]


def _shown(figure: float, state: int, named: list[str]) -> str:
    """A figure as the map's table writes it; of a category the name of its class."""
    if state == HIDDEN:
        return _("人数少，不显示")
    if np.isnan(figure):
        return "–"
    text = named[int(figure)] if named else _number(figure)
    return _("%(figure)s（数据少）") % {"figure": text} if state == DOUBTFUL else text


def _number(figure: float) -> str:
    return localize(int(figure) if figure == int(figure) else round(float(figure), 2))


def _range(low: float, high: float, unit: str) -> str:
    return f"{_number(low) if low == high else f'{_number(low)} – {_number(high)}'} {unit}".strip()


def where_text(scope: Scope) -> str:
    """The names of a scope's areas, three at the most."""
    named = dict(Area.objects.filter(code__in=scope.areas).values_list("code", "name"))
    cells = CellVersion.objects.on(timezone.localdate()).filter(code__in=scope.areas)
    named |= dict(cells.values_list("code", "name"))
    names = [named.get(code, code) for code in scope.areas]
    return "、".join(names[:3]) + (_(" 等") if len(names) > 3 else "")


def _facts(view: View, scope: Scope, reader: User, found: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    facts = [
        (_("辖区"), where_text(scope)),
        (_("范围"), _("当前视野") if view.box else _("整个辖区")),
        (_("级别"), _("%(level)s，共 %(n)s 个") % {"level": level_name(view.question.layer), "n": len(found)}),
        (_("数据时间"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        (_("制作"), f"{reader.name or reader.username} · 网格 Wangge"),
        (_("坐标系"), f"EPSG:{crs.STORE}"),
    ]
    if view.indicator:
        facts += [(label, str(text)) for label, text in _about(view) if text]
    if found["withheld"].any():
        text = _("%(n)s 处的人数在 1–%(most)s 之间，或会泄露这样的数，不显示。")
        facts.append((_("隐私"), text % {"n": int(found["withheld"].sum()), "most": SMALLEST_SHOWN - 1}))
    return facts


def _about(view: View) -> list[tuple[str, str]]:
    """What the reader has to know about the indicator."""
    days = _("近 %(n)s 天") % {"n": view.question.days} if "days" in view.indicator.takes else ""
    return [(_("时段"), days), (_("说明"), view.indicator.note), (_("来源"), view.indicator.source)]
