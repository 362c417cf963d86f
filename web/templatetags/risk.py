"""Numbers and words of risk in a page."""

import math

from django import template
from django.utils.translation import gettext_lazy as _

from gis.models import Forecast
from gis.risk.trends import Course
from gis.risk.trial import COUNTS, LAST, OURS, RANDOM, TUNED
from layers import forecast_words
from layers.spot_words import COLD, HOT, KINDS

register = template.Library()


@register.filter
def amount(value: float | None) -> str:
    """A figure with as many digits as tell something: 2,578 · 35.2 · 2.9 · 0.21."""
    if value is None or math.isnan(value):
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    return f"{value:,.{digits}f}"


@register.filter
def out_of_ten(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.1f}"


@register.filter
def signed(points: float) -> str:
    """Points added or taken, with a true minus: +0.52, −0.15, 0.00."""
    said = f"{abs(points):.2f}"
    return said if float(said) == 0 else f"{'+' if points > 0 else '−'}{said}"


@register.filter
def weight(value: float) -> str:
    return f"{value:g}"


@register.filter
def chance(percent: float) -> str:
    """A chance in words, with the number."""
    for most, words in _CHANCES:
        if percent <= most:
            return words
    return _CHANCES[-1][1]


_CHANCES = (
    (2, _("几乎不会")),
    (25, _("可能性不大")),
    (50, _("有可能")),
    (75, _("较有可能")),
    (98, _("很可能")),
    (100, _("几乎肯定")),
)


@register.filter
def hot_course(course: str) -> str:
    return HOT[Course(course)][0]


@register.filter
def cold_course(course: str) -> str:
    return COLD[Course(course)]


@register.filter
def course_why(course: str) -> str:
    return HOT[Course(course)][2]


@register.filter
def spot_kind(kind: int) -> str:
    return KINDS[kind][0]


@register.filter
def tenth(value: float) -> str:
    """0–10 as percent of a drawing."""
    return f"{10 * value:.1f}"


_MAPS = {
    OURS: _("本系统的预测"),
    TUNED: _("核密度图（带宽已调优）"),
    COUNTS: _("历史总数"),
    LAST: _("上一期"),
    RANDOM: _("随机"),
}


@register.filter
def worth(forecast: Forecast) -> str:
    return forecast_words.worth(forecast)


@register.filter
def trial_rows(forecast: Forecast) -> list[tuple[str, list[str]]]:
    """Each map that was tried, with the percent of the incidents it caught in each share of the area."""
    return [
        (words, [f"{100 * share:.1f}" for share in forecast.tried[name].values()])
        for name, words in _MAPS.items()
        if name in forecast.tried
    ]
