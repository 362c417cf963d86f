"""Indicators of population: totals, age groups, shares and densities, with small counts withheld."""

from collections.abc import Callable

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.indicator import Asked, Computed, Indicator
from layers.kept_figures import FIRST_YEAR, LAST_YEAR
from layers.withheld import withheld_from

#: A figure beside `asked.kept.areas`.
Taken = Callable[[Asked], np.ndarray]


def kept(name: str) -> Taken:
    return lambda asked: asked.kept.column(name)


def aged(youngest: int, oldest: int | None = None) -> Taken:
    """Who reaches an age from youngest to oldest in the course of this year."""

    def take(asked: Asked) -> np.ndarray:
        year = timezone.localdate(asked.now).year
        return asked.kept.born(FIRST_YEAR if oldest is None else year - oldest, min(year - youngest, LAST_YEAR))

    return take


def count_of(taken: Taken) -> Callable[[Asked], Computed]:
    """How many people there are."""

    def figure(asked: Asked) -> Computed:
        counts = taken(asked)
        return Computed(asked.rolled(counts).astype(float), hidden=withheld_from(asked, counts))

    return figure


def per_km2(taken: Taken) -> Callable[[Asked], Computed]:
    """How many people there are on a square kilometre of ground."""

    def figure(asked: Asked) -> Computed:
        counts = taken(asked)
        return Computed(ratio(asked.rolled(counts), asked.places.km2), hidden=withheld_from(asked, counts))

    return figure


def share_of(part: Taken, whole: Taken, times: float = 100) -> Callable[[Asked], Computed]:
    """`times` the part over the whole. With one of them known the other could be worked out, so both must be open."""

    def figure(asked: Asked) -> Computed:
        parts, wholes = part(asked), whole(asked)
        hidden = withheld_from(asked, parts) | withheld_from(asked, wholes)
        return Computed(times * ratio(asked.rolled(parts), asked.rolled(wholes)), hidden=hidden)

    return figure


def ratio(parts: np.ndarray, wholes: np.ndarray) -> np.ndarray:
    """Parts by wholes, NaN where there is no whole."""
    return np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=np.asarray(wholes) > 0)


def _people(code: str, name: str, figure, unit: str = _("人"), note: str = "") -> Indicator:
    return Indicator(code, name, unit, _("人口"), figure, needs="people.count", note=note)


_BY_YEAR = _("按出生年份计算，今年满该年龄的人都算在内。")
_RESIDENTS = kept("residents")


def _ages(code: str, name: str, youngest: int, oldest: int | None = None) -> Indicator:
    return _people(code, name, count_of(aged(youngest, oldest)), note=_BY_YEAR)


PEOPLE = (
    _people("population", _("常住人口"), count_of(_RESIDENTS)),
    _people("density", _("人口密度"), per_km2(_RESIDENTS), unit=_("人/km²")),
    _ages("children", _("0–14 岁"), 0, 14),
    _ages("adults", _("15–59 岁"), 15, 59),
    _ages("elders60", _("60 岁以上"), 60),
    _ages("elders", _("65 岁以上"), 65),
    _ages("elders80", _("80 岁以上"), 80),
    _people("elder_share", _("65 岁以上占比"), share_of(aged(65), _RESIDENTS), unit="%", note=_BY_YEAR),
    _people("registered", _("户籍人口"), count_of(kept("registered"))),
    _people("floating", _("流动人口"), count_of(kept("floating"))),
    _people("floating_share", _("流动人口占比"), share_of(kept("floating"), _RESIDENTS), unit="%"),
    _people("left_behind", _("留守人员"), count_of(kept("left_behind"))),
    _people("overseas", _("境外人员"), count_of(kept("overseas"))),
    _people("households", _("家庭户"), count_of(kept("households")), unit=_("户")),
    _people("household_size", _("户均人口"), share_of(_RESIDENTS, kept("households"), times=1), unit=_("人/户")),
)
