"""A Folium map of a frame, with Leaflet inside: shown in a notebook, or saved as one file that needs no network."""

from dataclasses import dataclass
from html import escape

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import WanggeError
from layers.indicators import INDICATORS
from layers.notebook.session import asking
from layers.reports.classes import NO_FIGURE, classes_of
from layers.reports.view import View
from layers.reports.web_map import MOST_POINTS, Verbatim, add_landscape, add_leaflet, blank_chart, marked
from layers.values import Question

_POINT = "#1d3557"


@dataclass(frozen=True)
class _Painted:
    """A colour a row, and of each class its colour and what it says."""

    colours: list[str]
    legend: list[tuple[str, str]]


def draw(frame: gpd.GeoDataFrame, column: str = "") -> folium.Map:
    """A map of places coloured by a column (numbers in five quantiles, words each in a colour), or of points.

    Of more than 20,000 points the first are drawn, and the legend says so. Raises WanggeError where there is nothing
    to draw or no such column.
    """
    with asking() as access:
        if column and column not in frame:
            names = ", ".join(name for name in frame if name != frame.geometry.name)
            raise WanggeError(_("没有“%(column)s”这一列。") % {"column": column}, fix=names)
        shown = frame[~frame.geometry.isna() & ~frame.geometry.is_empty].to_crs(crs.STORE)
        if shown.empty:
            raise WanggeError(_("没有可以画的内容。"))
        return _drawn(shown, column, access.which("area.read"))


def _drawn(shown: gpd.GeoDataFrame, column: str, scope: Scope) -> folium.Map:
    bounds = tuple(float(side) for side in shown.total_bounds)
    chart = blank_chart(bounds)
    title = str(shown.attrs.get("named", {}).get(column, column))
    drawn = shown.iloc[:MOST_POINTS] if _is_points(shown) else shown
    painted = _painted(drawn, column)
    if not _is_points(shown):
        _add(chart, drawn, column, title, painted)
    add_landscape(chart, bounds, scope)
    if _is_points(shown):
        _add(chart, drawn, column, title, painted)
    left = len(shown) - len(drawn)
    notes = [_("另有 %(n)s 个点没有画出。") % {"n": left}] if left else []
    figure = chart.get_root()
    add_leaflet(figure)
    figure.html.add_child(Verbatim(_legend(title, painted.legend, notes)), name="legend")
    return chart


def _is_points(frame: gpd.GeoDataFrame) -> bool:
    return bool((frame.geom_type == "Point").all())


def _painted(frame: gpd.GeoDataFrame, column: str) -> _Painted:
    if not column:
        return _Painted([_POINT if _is_points(frame) else NO_FIGURE] * len(frame), [])
    if pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column]):
        return _by_number(frame[column].to_numpy(dtype=float))
    return _by_word(frame[column], column)


def _by_number(figures: np.ndarray) -> _Painted:
    classes = classes_of(figures, View(Question("cells", "")))
    legend = []
    for number, colour in enumerate(classes.colours):
        inside = figures[classes.of == number]
        if inside.size:
            legend.append((colour, f"{inside.min():.4g} – {inside.max():.4g}"))
    return _with_rest(classes.colour_of, legend)


#: Eight hues that colour-blind readers tell apart (Okabe & Ito 2008), for words that have no colour of their own.
_HUES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f")


def _by_word(words: pd.Series, column: str) -> _Painted:
    own = {str(one.name): one.colour for one in (INDICATORS[column].classes if column in INDICATORS else ())}
    known = [str(word) for word in words.dropna().value_counts().index]
    colours = {word: own.get(word, _HUES[min(at, len(_HUES) - 1)]) for at, word in enumerate(known)}
    told = [colours.get(str(word), NO_FIGURE) for word in words.astype(object)]
    alike = [word for word in known if colours[word] == _HUES[-1]]
    legend = [(colours[word], word) for word in known if word not in alike[1:]]
    if len(alike) > 1:
        legend[legend.index((_HUES[-1], alike[0]))] = _HUES[-1], _("其余 %(n)s 类") % {"n": len(alike)}
    return _with_rest(told, legend)


def _with_rest(colours: list[str], legend: list[tuple[str, str]]) -> _Painted:
    rest = [(NO_FIGURE, _("没有数字或不显示"))] if NO_FIGURE in colours else []
    return _Painted(colours, [*legend, *rest])


def _add(chart: folium.Map, frame: gpd.GeoDataFrame, column: str, title: str, painted: _Painted) -> None:
    names = frame.get("name", frame.index)
    told = frame[column].astype(object) if column else [""] * len(frame)
    rows = {
        "name": [marked(str(name)) for name in names],
        "told": [marked("–" if value != value or value is None else str(value)) for value in told],
        "colour": painted.colours,
    }
    fields, heads = (["name", "told"], [_("名称"), marked(title)]) if column else (["name"], [_("名称")])
    folium.GeoJson(
        gpd.GeoDataFrame(rows, geometry=frame.geometry.to_numpy(), crs=frame.crs).to_json(drop_id=True),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"], "fillOpacity": 0.75, "color": "#6b5b4a", "weight": 0.8,
        },
        marker=folium.CircleMarker(radius=4, fill=True),
        tooltip=folium.GeoJsonTooltip(fields, aliases=heads, style="font-size:16px"),
    ).add_to(chart)  # fmt: skip


def _legend(title: str, rows: list[tuple[str, str]], notes: list[str]) -> str:
    if not (rows or notes):
        return ""
    lines = "".join(
        f'<li><span style="background:{colour};display:inline-block;width:1.2em;height:1em;border:1px solid #6b5b4a;'
        f'margin-right:.5em"></span>{escape(text)}</li>'
        for colour, text in rows
    )
    said = "".join(f"<p style='margin:.3em 0 0'>{escape(note)}</p>" for note in notes)
    return (
        '<section style="position:fixed;right:10px;bottom:30px;z-index:1000;background:#fff;padding:10px 14px;'
        'border-radius:8px;box-shadow:0 1px 4px #0006;font:16px/1.5 sans-serif;max-width:18em">'
        f'<b>{escape(title)}</b><ul style="list-style:none;margin:.3em 0 0;padding:0">{lines}</ul>{said}</section>'
    )
