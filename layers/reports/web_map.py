"""A report as one HTML file with its map (Folium): no outside address, so it works without a network and for ever."""

import base64
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import folium
import geopandas as gpd
import shapely
from branca.element import Element, Figure
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from layers.reports.contents import Contents
from layers.reports.landscape import landscape, painted

#: Points drawn at the most, the latest first: beyond it a browser opens the file slowly. All of them are counted.
MOST_POINTS = 20_000
#: Rows of the table under the map; the workbook has them all.
MOST_ROWS = 5000
_WIDTH = 1200  # px of the map: what is finer is thinned away


def write(contents: Contents, path: Path, progress: Callable[[int], None]) -> Path:
    chart = blank_chart(contents.bounds, height="70vh")
    progress(20)
    _add_places(chart, contents)
    progress(50)
    add_landscape(chart, contents.bounds, contents.scope)
    _add_incidents(chart, contents)
    progress(80)
    path.write_text(_page(chart, contents), encoding="utf-8")
    return path


def blank_chart(bounds: tuple[float, float, float, float], *, height: str = "100%") -> folium.Map:
    """A map without base map over a window in degrees (west, south, east, north); `add_leaflet` completes its page."""
    west, south, east, north = bounds
    chart = folium.Map(
        location=((south + north) / 2, (west + east) / 2), tiles=None, control_scale=True, prefer_canvas=True,
        height=height, attribution_control=False,
    )  # fmt: skip
    # Folium would fetch Leaflet, Bootstrap and three fonts from the network; the one it needs is put into the page.
    chart.default_js, chart.default_css = [], []
    chart.fit_bounds([[south, west], [north, east]])
    return chart


def _add_places(chart: folium.Map, contents: Contents) -> None:
    frame = contents.places
    shown = gpd.GeoDataFrame(
        {
            "name": [
                marked(f"{parent} {name}".strip()) for parent, name in zip(frame["parent"], frame["name"], strict=True)
            ],
            "shown": [marked(text) for text in frame["shown"]],
            "colour": contents.classes.colour_of if contents.figure else ["#ffffff"] * len(frame),
        },
        geometry=_thinned(frame.geometry, contents),
        crs=frame.crs,
    )
    fields, heads = ["name"], [_("名称")]
    if contents.figure:
        fields, heads = [*fields, "shown"], [*heads, marked(f"{contents.figure} {contents.unit}".strip())]
    folium.GeoJson(
        shown.to_json(drop_id=True),
        name=marked(contents.figure or contents.title),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["colour"], "fillOpacity": 0.75, "color": "#6b5b4a", "weight": 0.8,
        },
        highlight_function=lambda _feature: {"weight": 3, "color": "#0b5fff"},
        tooltip=folium.GeoJsonTooltip(fields, aliases=heads, style="font-size:16px"),
    ).add_to(chart)  # fmt: skip


def _thinned(shapes: gpd.GeoSeries, contents: Contents) -> gpd.GeoSeries:
    """Outlines without what a screen cannot show, thinned together so that neighbours still share their borders."""
    west, _south, east, _north = contents.bounds
    tolerance = (east - west) / _WIDTH / 2
    thinned = shapely.coverage_simplify(shapes.to_numpy(), tolerance)
    return gpd.GeoSeries(shapely.set_precision(thinned, 1e-6, mode="pointwise"), crs=shapes.crs)


def add_landscape(chart: folium.Map, bounds: tuple[float, float, float, float], scope: Scope) -> None:
    """Roads and waters of a window in degrees, as a layer of their own."""
    group = folium.FeatureGroup(name=_("道路和水系"), control=True)
    for rows, colour, width in painted(landscape(bounds, scope)):
        style = {"color": colour, "weight": 2 * width, "fillColor": colour, "fillOpacity": 0 if width else 1}
        folium.GeoJson(
            rows[["geometry"]].to_json(drop_id=True),
            style_function=lambda _feature, style=style: style,
            interactive=False,
        ).add_to(group)
    group.add_to(chart)


def _add_incidents(chart: folium.Map, contents: Contents) -> None:
    if contents.incidents is None or not len(contents.incidents):
        return
    latest = contents.incidents.nlargest(MOST_POINTS, "reported_at")
    tips = [
        marked(" · ".join(str(part) for part in row if part == part and part))
        for row in latest[["number", "category", "state"]].astype(object).itertuples(index=False)
    ]
    points = gpd.GeoDataFrame({"tip": tips}, geometry=latest.geometry.to_numpy(), crs=latest.crs)
    folium.GeoJson(
        points.to_json(drop_id=True),
        name=_("事件"),
        marker=folium.CircleMarker(radius=4, weight=1, color="#1d3557", fill=True, fill_opacity=0.7),
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, style="font-size:16px"),
    ).add_to(chart)


def _page(chart: folium.Map, contents: Contents) -> str:
    folium.LayerControl(collapsed=False).add_to(chart)
    figure = chart.get_root()
    figure.title = escape(contents.title)  # written as markup
    add_leaflet(figure)
    words = _words(contents)
    figure.html.add_child(Verbatim(render_to_string("layers/report_head.html", words)), name="head")
    chart.render()  # puts the map between the two
    figure.html.add_child(Verbatim(render_to_string("layers/report_table.html", words)), name="table")
    return figure.render().replace("<html>", f'<html lang="{escape(get_language() or "zh-hans")}">', 1)


def add_leaflet(figure: Figure) -> None:
    """Put Leaflet itself into the page, so that it needs no network."""
    for name, text in (("leaflet_css", _style()), ("leaflet_js", _script())):
        figure.header.add_child(Verbatim(text), name=name)


def _words(contents: Contents) -> dict:
    frame = contents.places
    ordered = frame.sort_values("figure", ascending=False, na_position="last", kind="stable")
    return {
        "title": contents.title,
        "figure": contents.figure,
        "unit": contents.unit,
        "legend": contents.legend if contents.figure else [],
        "facts": contents.facts,
        "rows": [(row.code, row.parent, row.name, row.shown) for row in ordered.head(MOST_ROWS).itertuples()],
        "total": len(frame),
    }


def marked(text: str) -> str:
    """Text for Folium, which writes it as markup and then takes its own script, names and all, as a Jinja template."""
    return escape(text).replace("{", "&#123;")


class Verbatim(Element):
    """Text that stands in the page as it is. As a value of a template, never as its source: names of places and people
    are in it, and what is written in a name as Jinja would run where reports are made."""

    def __init__(self, text: str) -> None:
        super().__init__("{{ this.text }}")
        self.text = text


def _script() -> str:
    text = _asset("leaflet/leaflet.js").decode()
    # Neither its source map nor the link in its credit leads out of the file.
    text = re.sub(r"//# sourceMappingURL=.*", "", text).replace("https://leafletjs.com", "#")
    return f"<script>{text}</script>"


def _style() -> str:
    """Leaflet's sheet with its pictures inside."""
    text = _asset("leaflet/leaflet.css").decode()
    text = re.sub(r"url\((images/[\w.-]+)\)", lambda found: f"url({_picture(found[1])})", text)
    return f"<style>{text}</style>"


def _picture(name: str) -> str:
    return f"data:image/png;base64,{base64.b64encode(_asset(f'leaflet/{name}')).decode()}"


def _asset(name: str) -> bytes:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(name)
    return Path(found).read_bytes()
