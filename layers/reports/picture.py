"""A report as a picture for a page or a wall: A3 across at 200 dots an inch, with scale, north arrow and legend.

Drawn in the local plane in metres (`crs.metric`), so that the scale bar is true and north is up to a degree.
"""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib
import numpy as np
import shapely
from django.utils.translation import gettext as _
from matplotlib import font_manager, patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from gis import crs
from gis.errors import WanggeError
from layers.reports.classes import NO_FIGURE
from layers.reports.contents import Contents
from layers.reports.landscape import landscape, painted

_WIDTH = 16.54  # inches: A3 across
_DOTS = 200
#: The map's share of the page: left, bottom, width, height.
_MAP = (0.02, 0.03, 0.75, 0.89)
#: Names of places are written where they are fewer than this.
_MOST_NAMES = 150
_PAPER, _BORDER, _INK = "#f6f3ec", "#6b5b4a", "#222222"
#: Families that hold Chinese, the first found is taken.
_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Droid Sans Fallback", "Microsoft YaHei", "PingFang SC", "SimHei",
)  # fmt: skip


def write(contents: Contents, path: Path, progress: Callable[[int], None]) -> Path:
    """Raises WanggeError where the machine has no Chinese font: a map full of empty squares helps nobody."""
    with matplotlib.rc_context({"font.family": [_family(), "DejaVu Sans"], "axes.unicode_minus": False}):
        plane = crs.metric(*_middle(contents.bounds))
        figure = Figure((_WIDTH, _height(contents.bounds, plane)), dpi=_DOTS, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes(_MAP, facecolor=_PAPER)
        _draw(axes, contents, plane, progress)
        _frame(axes, contents.bounds, plane)
        _write_words(figure, contents)
        progress(80)
        figure.savefig(path, format="png")
    return path


def chinese_family() -> str | None:
    """The font that names are written in; None where the machine has none that holds Chinese."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _FAMILIES if name in known), None)


def _family() -> str:
    found = chinese_family()
    if found is None:
        raise WanggeError(
            _("服务器上没有中文字体，画不出图片。"), fix=_("请管理员安装 fonts-noto-cjk 或 fonts-droid-fallback。")
        )
    return found


def _middle(bounds) -> tuple[float, float]:
    west, south, east, north = bounds
    return (west + east) / 2, (south + north) / 2


def _height(bounds, plane: int) -> float:
    """Inches of a page on which the window leaves no empty paper, within reason."""
    (west, south), (east, north) = crs.move(np.array([bounds[:2], bounds[2:]]), crs.STORE, plane)
    return float(np.clip(_WIDTH * _MAP[2] / _MAP[3] * (north - south) / (east - west), 8.5, 22))


def _draw(axes, contents: Contents, plane: int, progress: Callable[[int], None]) -> None:
    places = contents.places.to_crs(plane)
    colours = contents.classes.colour_of if contents.figure else "#ffffff"
    places.plot(ax=axes, color=colours, edgecolor=_BORDER, linewidth=0.5, aspect=None)
    progress(30)
    around = landscape(contents.bounds, contents.scope)
    for rows, colour, width in painted(around):
        rows.to_crs(plane).plot(ax=axes, color=colour, linewidth=width, aspect=None)
    borders = around[around["level"].isin(["community", "street"])]
    if len(borders):
        borders.to_crs(plane).boundary.plot(ax=axes, color="#5b2a86", linewidth=1.2, aspect=None)
    progress(50)
    if contents.incidents is not None and len(contents.incidents):
        xy = shapely.get_coordinates(contents.incidents.to_crs(plane).geometry.to_numpy())
        axes.scatter(*xy.T, s=_dot(len(xy)), color="#1d3557", alpha=0.55, linewidths=0)
    if len(places) <= _MOST_NAMES:
        _write_names(axes, places)


def _dot(number: int) -> float:
    """Size of a dot in square points: the more there are, the smaller."""
    return float(np.clip(20_000 / number, 0.5, 16))


def _write_names(axes, places: gpd.GeoDataFrame) -> None:
    halo = [patheffects.withStroke(linewidth=2.5, foreground="#fffdf8")]
    for point, name, shown in zip(places.representative_point(), places["name"], places["shown"], strict=True):
        axes.text(
            point.x, point.y, f"{name}\n{shown}", ha="center", va="center", fontsize=8, color=_INK,
            path_effects=halo, clip_on=True,
        )  # fmt: skip


def _frame(axes, bounds, plane: int) -> None:
    """Show just the window, and what tells its size and direction."""
    corners = crs.move(np.array([bounds[:2], bounds[2:]]), crs.STORE, plane)
    (west, south), (east, north) = corners
    pad = 0.02 * max(east - west, north - south)
    axes.set(xlim=(west - pad, east + pad), ylim=(south - pad, north + pad), aspect="equal")
    axes.set(xticks=[], yticks=[], xlabel="", ylabel="", anchor="NW")
    length = scale_length(axes.get_xlim()[1] - axes.get_xlim()[0])
    x, y = axes.get_xlim()[0] + pad, axes.get_ylim()[0] + pad
    axes.plot([x, x + length], [y, y], color=_INK, linewidth=3, solid_capstyle="butt")
    text = f"{length:g} m" if length < 1000 else f"{length / 1000:g} km"
    axes.annotate(text, (x + length / 2, y), (0, 6), textcoords="offset points", ha="center", fontsize=11)
    axes.annotate(
        _("北"), (0.975, 0.965), (0.975, 0.9), xycoords="axes fraction", ha="center", va="center", fontsize=12,
        arrowprops={"arrowstyle": "-|>", "color": _INK, "linewidth": 1.6},
    )  # fmt: skip


def scale_length(width: float) -> float:
    """The round length in metres (1, 2 or 5 times a power of ten) nearest below a fifth of a map's width."""
    wanted = width / 5
    power = 10 ** np.floor(np.log10(wanted))
    return float(max(step for step in (1, 2, 5) if step * power <= wanted) * power)


def _write_words(figure: Figure, contents: Contents) -> None:
    figure.text(0.02, 0.94, contents.title, fontsize=22, color=_INK)
    y = 0.925
    if contents.figure:
        handles = [
            Patch(facecolor=colour, edgecolor="#777", label=f"{text} ({count})")
            for colour, text, count in contents.legend
        ]
        handles.append(Patch(facecolor=NO_FIGURE, edgecolor="#777", label=_("没有数字或不显示")))
        legend = figure.legend(
            handles=handles, title=f"{contents.figure} {contents.unit}".strip(), loc="upper left", fontsize=12,
            bbox_to_anchor=(0.775, y), title_fontsize=13, frameon=False, alignment="left",
        )  # fmt: skip
        legend.set_in_layout(False)
        y -= 0.06 + 0.028 * len(handles)
    for label, text in contents.facts:
        lines = _wrapped(text, 24)
        figure.text(0.785, y, label, fontsize=11, color="#595959", va="top")
        figure.text(0.785, y - 0.02, "\n".join(lines), fontsize=12, color=_INK, va="top", linespacing=1.4)
        y -= 0.036 + 0.021 * len(lines)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many full-width characters; a Latin one counts half."""
    lines, used = [""], 0.0
    for letter in text:
        used += 1 if ord(letter) > 0x2E80 else 0.55
        if used > width:
            lines.append("")
            used = 1
        lines[-1] += letter
    return lines
