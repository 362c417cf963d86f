"""Places with their figures, incidents and the table of risk, as frames in EPSG:4326."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access, Scope
from gis.areas.outline import drawn_on
from gis.errors import NotAllowed, OutOfScope, WanggeError
from gis.incidents.finding import Wanted, find_incidents
from gis.models import Category
from gis.risk.definitions import definitions
from gis.risk.score import Dimension
from gis.risk.weighting import DISTRICT
from layers.indicators import INDICATORS
from layers.notebook.session import asking
from layers.past import day_of, values_on
from layers.places import LAYERS, Places, places_of, places_on
from layers.reports.contents import parents_of, shapes_of
from layers.reports.incidents import COLUMNS, frame_of
from layers.risk import NEEDS, Scored, not_held, scored
from layers.values import DOUBTFUL, HIDDEN, SHOWN, UNKNOWN, Answer, Question, values

_WORDS = {SHOWN: "", HIDDEN: "hidden", UNKNOWN: "unknown", DOUBTFUL: "doubtful"}


def figures() -> pd.DataFrame:
    """The figures there are, a row each by code: name, unit, group, source, note, and whether this token gets it."""
    with asking() as access:
        rows = [
            {"code": one.code, "name": str(one.name), "unit": str(one.unit), "group": str(one.group),
             "source": str(one.source), "note": str(one.note), "allowed": bool(one.scope(access))}
            for one in INDICATORS.values()
        ]  # fmt: skip
    return pd.DataFrame(rows).set_index("code")


def cells(*figures: str, on: date | str | None = None, within: str = "", days: int = 30) -> gpd.GeoDataFrame:
    """The cells, as `areas` gives them."""
    return areas("cells", *figures, on=on, within=within, days=days)


def areas(
    level: str, *figures: str, on: date | str | None = None, within: str = "", days: int = 30
) -> gpd.GeoDataFrame:
    """The places of a level with figures, a row each by code (text, 6 to 15 digits), in EPSG:4326.

    `level`: "cells", "community", "street" or "district". `within`: code of an area, for its part alone. `days`: 7, 30,
    90 or 365, the period of figures of incidents. `on`: a day (date or ISO text), for the places as they were drawn
    then; figures are those of today and stand where a place is the same to this day.
    Columns: name, parent, and of every figure one of its code, NaN where there is none (of a category the name of its
    class), and `…_state`: "" or "hidden" (few people), "unknown", "doubtful" (rests on little). `attrs["named"]`: name
    and unit of each figure. Raises WanggeError for a level, figure, day or period there is not, NotAllowed for a figure
    the token does not get, OutOfScope for an area outside.
    """
    with asking() as access:
        day = None if on is None else day_of(str(on))
        frame = _frame(level, _listed(level, _inside(access.which("area.read"), within), day), day)
        for code in figures:
            _add_figure(frame, Question(level, code, days=days), access, day)
    return frame


def _inside(scope: Scope, within: str) -> Scope:
    found = scope.within(within) if within else scope
    if not found:
        raise OutOfScope(_("这里没有这个令牌可以查看的内容。"), fix=_("请核对辖区代码和令牌的权限。"))
    return found


def _listed(level: str, scope: Scope, day: date | None) -> Places:
    if day is None or level not in LAYERS:
        return places_of(level, scope)
    return places_on(level, day).inside(scope)


def _frame(level: str, listed: Places, day: date | None) -> gpd.GeoDataFrame:
    codes = [str(code) for code in listed.codes]
    frame = gpd.GeoDataFrame(
        {"name": [str(name) for name in listed.names], "parent": parents_of(codes)},
        index=pd.Index(codes, name="code", dtype=object),
        geometry=_outlines(level, listed, day),
        crs=crs.STORE,
    )
    frame.attrs["named"] = {}
    return frame


def _outlines(level: str, listed: Places, day: date | None) -> list[shapely.Geometry | None]:
    """A cell of another day is another version, with an id of its own; an area keeps its id when it is redrawn."""
    if day is None or level == "cells":
        found = shapes_of(level, listed.ids.tolist())
        return [found.get(key) for key in listed.ids.tolist()]
    drawn = drawn_on(day, listed.codes.tolist())
    return [shapely.from_wkb(bytes(drawn[code][1].wkb)) if code in drawn else None for code in listed.codes.tolist()]


def _add_figure(frame: gpd.GeoDataFrame, question: Question, access: Access, day: date | None) -> None:
    answer = values(question, access) if day is None else values_on(question, access, day)
    if not answer.indicator.scope(access):
        raise NotAllowed(
            _("这个令牌不能查看“%(figure)s”。") % {"figure": answer.indicator.name},
            fix=_("请管理员给令牌加上所需的权限；layers.figures() 说明哪些可以查看。"),
        )
    code = question.indicator
    column = pd.Series(_told(answer), index=answer.places.codes.astype(str))
    state = pd.Series([_WORDS[one] for one in answer.state.tolist()], index=column.index, dtype=object)
    frame[code] = column.reindex(frame.index)
    frame[f"{code}_state"] = state.reindex(frame.index).fillna(_WORDS[UNKNOWN])
    frame.attrs["named"][code] = f"{answer.indicator.name} {answer.indicator.unit}".strip()


def _told(answer: Answer) -> list:
    if not answer.indicator.classes:
        return answer.values.astype(float).tolist()
    names = [str(one.name) for one in answer.indicator.classes]
    return [None if np.isnan(value) else names[int(value)] for value in answer.values]


def incidents(
    *, days: int | None = 30, first: date | str | None = None, last: date | str | None = None, within: str = "",
    kinds: tuple[str, ...] = (), states: tuple[str, ...] = (),
) -> gpd.GeoDataFrame:  # fmt: skip
    """The incidents of the last `days`, or from `first` to `last` (both included), a row each by number, newest first.

    `kinds`: beginnings of codes of categories; `states`: "open", "ended" or states of their own. Points in EPSG:4326,
    times local. Columns as in the list of cases; no description, nobody. Raises NotAllowed without `incident.read`.
    """
    with asking() as access:
        scope = access.which(NEEDS)
        if not scope:
            raise NotAllowed(_("这个令牌不能查看事件。"), fix=_("请管理员给令牌加上“查看事件”的权限。"))
        period = {"first": first and day_of(str(first)), "last": last and day_of(str(last))}
        wanted = Wanted(
            days=None if first or last else days, categories=_categories(kinds), states=frozenset(states), **period
        )
        found = frame_of(find_incidents(wanted, _inside(scope, within)), lambda _percent: None)
        found.attrs["named"] = {column.field: str(column.name) for column in COLUMNS}
    return found.sort_values("reported_at", ascending=False, kind="stable").set_index("number")


def _categories(kinds: tuple[str, ...]) -> frozenset[int]:
    if not kinds:
        return frozenset()
    begins = Q()
    for kind in kinds:
        begins |= Q(code__startswith=kind)
    found = frozenset(Category.objects.filter(begins).values_list("pk", flat=True))
    if not found:
        raise WanggeError(_("没有代码以 %(codes)s 开头的类别。") % {"codes": "、".join(kinds)})
    return found


def risk_table(level: str = "cells", *, within: str = "") -> gpd.GeoDataFrame:
    """The risk of every place with all it is made of, a row each by code, the highest score first, in EPSG:4326.

    Columns: name, parent, score (0–10; NaN where there is none), low and high (90 in 100 times it lies between), little
    (rests on few incidents), the four dimensions (0–10, the higher the worse), and of every component its value (NaN
    where unknown or withheld) and `…_points`: what it adds to the score of a typical place. Points sum up to score less
    `attrs["typical"]`. Raises as `areas`.
    """
    with asking() as access:
        listed = _listed(level, _inside(access.which(NEEDS), within), None)
        found = scored(DISTRICT, not_held(access, definitions()))
        frame = _frame(level, listed, None)
        rows = _rows(found, level, listed)
        for name, column in _risk_columns(found).items():
            frame[name] = column[rows]
        _withhold(frame, found, rows)
        frame.attrs["named"] |= {"score": _("风险分")} | {one.code: one.name for one in found.assessment.definitions}
        frame.attrs |= {"typical": found.scores.typical, "day": timezone.localdate().isoformat()}
    return frame.sort_values("score", ascending=False, na_position="last", kind="stable")


def _rows(found: Scored, level: str, listed: Places) -> np.ndarray:
    """Where the listed places stand among all that are scored."""
    part = found.assessment.ground.part(level)
    return part.start + np.searchsorted(found.assessment.ground.layers[level].numbers, listed.numbers)


def _risk_columns(found: Scored) -> dict[str, np.ndarray]:
    scores, sure = found.scores, found.certainty
    columns = {"score": scores.score, "low": sure.low, "high": sure.high, "little": sure.little}
    columns |= dict(zip([str(one) for one in Dimension], scores.dimensions, strict=True))
    for component, points in zip(found.components, scores.reasons, strict=True):
        if component.name not in found.without:
            columns |= {component.name: component.values, f"{component.name}_points": points}
    return columns


def _withhold(frame: gpd.GeoDataFrame, found: Scored, rows: np.ndarray) -> None:
    """Few people stand behind these values; the points they add are told, as on the page that explains a score."""
    for code, mask in found.assessment.made.withheld.items():
        if code in frame:
            frame.loc[mask[rows], code] = np.nan
