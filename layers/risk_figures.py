"""Indicators of risk: the score of every place, hot and cold spots, and what becomes of them."""

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.models import Category as IncidentCategory
from gis.risk.definitions import definitions
from layers import spots
from layers.forecast import latest
from layers.forecast_words import worth
from layers.incident_copy import incidents_now
from layers.indicator import Asked, Category, Computed, Indicator
from layers.places import numbers_of_codes
from layers.risk import NEEDS, not_held, scored
from layers.spot_words import HOT, KINDS

#: Incidents over all periods below which a place is said to have little data.
_FEW = 12
_COURSES = {course: number for number, course in enumerate(HOT)}
_RISK = gettext_lazy("风险")


def _score(asked: Asked) -> Computed:
    found = scored(asked.weights, not_held(asked.access, definitions()))
    ground, layer = found.assessment.ground, asked.places.layer
    rows = np.searchsorted(ground.layers[layer].numbers, asked.places.numbers)
    scores, little = (one[ground.part(layer)][rows] for one in (found.scores.score, found.certainty.little))
    notes = [_("自定权重")] if found.is_own else []
    notes += [_("您的角色看不到的指标未计入")] if found.without else []
    notes.append(_("0 到 10，越高越差。数据少的地方得分不太确定。"))
    return Computed(np.round(scores, 2), doubtful=little & ~np.isnan(scores), note=" · ".join(notes))


def _hot_and_cold(asked: Asked) -> Computed:
    series, rows, few = _series(asked)
    if series.found is None:
        return _nothing(asked)
    return Computed(series.found.spots[-1].kind[rows] + 3.0, doubtful=few, note=_period(series, len(series) - 1))


def _course(asked: Asked) -> Computed:
    series, rows, few = _series(asked)
    if series.found is None:
        return _nothing(asked)
    courses = np.array([_COURSES[course] for course in series.found.hot[rows].tolist()], dtype=float)
    return Computed(courses, doubtful=few, note=_period(series, 0))


def _series(asked: Asked) -> tuple[spots.Series, np.ndarray, np.ndarray]:
    """The spots of the whole layer, where the asked places stand in it, and which of them have few incidents."""
    everywhere = asked.ground[asked.places.layer]
    wanted = spots.Asked(_kinds(asked), asked.days, timezone.localdate(asked.now))
    series = spots.series_of(everywhere, incidents_now(), wanted)
    rows = np.searchsorted(everywhere.numbers, asked.places.numbers)
    return series, rows, series.counts.sum(axis=0)[rows] < _FEW


def _kinds(asked: Asked) -> frozenset[int] | None:
    if not asked.categories and not asked.majors:
        return None
    of_majors = IncidentCategory.objects.filter(major__in=asked.majors).values_list("pk", flat=True)
    return asked.categories | frozenset(of_majors)


def _nothing(asked: Asked) -> Computed:
    return Computed(np.full(len(asked.places), np.nan), note=_("可比的地方或时期太少，还不能判断冷热点。"))


def _period(series: spots.Series, first: int) -> str:
    words = {"first": series.edges[first].isoformat(), "end": series.edges[-1].isoformat(), "n": len(series) - first}
    return _("%(first)s 起到 %(end)s 前，共 %(n)s 期。Getis-Ord Gi*，已按错误发现率校正。") % words


def _expected(asked: Asked) -> Computed:
    """Incidents expected in the days after the last forecast, with what such forecasts were worth."""
    found = latest()
    if found is None:
        return Computed(np.full(len(asked.places), np.nan), note=_("还没有预测：事件太少，或后台任务还没有运行。"))
    codes = np.array(sorted(found.expected), dtype="U15")
    numbers = np.array([found.expected[code] for code in codes.tolist()])
    sums = np.concatenate([[0.0], np.cumsum(numbers)])
    areas, places = numbers_of_codes(codes), asked.places
    low, high = (np.searchsorted(areas, places.numbers + shift) for shift in (0, places.span))
    return Computed(np.where(high > low, np.round(sums[high] - sums[low], 1), np.nan), note=worth(found))


def _spots(code: str, name: str, figure, classes: list[Category]) -> Indicator:
    return Indicator(
        code, name, "", _RISK, figure, needs=NEEDS, takes=frozenset({"days", "kind"}), classes=tuple(classes),
        source=gettext_lazy("事件记录"),
    )  # fmt: skip


RISK = (
    Indicator(
        "risk", gettext_lazy("风险分"), "", _RISK, _score, needs=NEEDS,
        source=gettext_lazy("事件记录、居民登记、房屋登记、任职登记"),
    ),
    Indicator(
        "forecast", gettext_lazy("未来两周预计事件"), gettext_lazy("件"), _RISK, _expected, needs=NEEDS,
        source=gettext_lazy("事件记录"),
    ),
    _spots("spots", gettext_lazy("冷热点"), _hot_and_cold, [Category(*KINDS[kind]) for kind in sorted(KINDS)]),
    _spots("emerging", gettext_lazy("热点的变化"), _course, [Category(*words[:2]) for words in HOT.values()]),
)  # fmt: skip
