"""Indicators of population: totals, age groups, shares and densities, with small counts withheld."""

from collections.abc import Callable

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.indicator import Asked, Computed, Indicator
from layers.kept_figures import FIRST_YEAR, LAST_YEAR
from layers.withheld import Sight, sight_of, withheld_from
from layers.withheld_parts import kept_masks, withheld_chain, withheld_parts

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


def count_of(name: str) -> Callable[[Asked], Computed]:
    """How many people there are."""
    return lambda asked: Computed(asked.rolled(_TAKEN[name](asked)).astype(float), hidden=people_masks(asked)[name])


def per_km2(name: str) -> Callable[[Asked], Computed]:
    """How many people there are on a square kilometre of ground."""

    def figure(asked: Asked) -> Computed:
        counts = asked.rolled(_TAKEN[name](asked))
        return Computed(ratio(counts, asked.places.km2), hidden=people_masks(asked)[name])

    return figure


def share_of(part: str, whole: str, times: float = 100) -> Callable[[Asked], Computed]:
    """`times` the part over the whole. With one of them known the other could be worked out, so both must be open."""

    def figure(asked: Asked) -> Computed:
        parts, wholes = (asked.rolled(_TAKEN[name](asked)) for name in (part, whole))
        masks = people_masks(asked)
        return Computed(times * ratio(parts, wholes), hidden=masks[part] | masks[whole])

    return figure


def households(asked: Asked) -> Computed:
    counts = asked.kept.column("households")
    return Computed(asked.rolled(counts).astype(float), hidden=withheld_from(asked, counts))


def _per_household(asked: Asked) -> Computed:
    homes = households(asked)
    size = ratio(asked.rolled(asked.kept.column("residents")), homes.values)
    return Computed(size, hidden=people_masks(asked)["residents"] | homes.hidden)


def ratio(parts: np.ndarray, wholes: np.ndarray) -> np.ndarray:
    """Parts by wholes, NaN where there is no whole."""
    return np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=np.asarray(wholes) > 0)


_KINDS = ("registered", "floating", "left_behind", "overseas")
#: Name → youngest and oldest: parts of the residents, and the elders each within the one before.
_AGES = {"children": (0, 14), "adults": (15, 59), "elders60": (60, None), "elders": (65, None), "elders80": (80, None)}


def people_masks(asked: Asked) -> dict[str, np.ndarray]:
    """For the residents, their kinds and their ages, of which asked places they are withheld: together, because kinds
    and ages add up to the residents."""
    sight = sight_of(asked, asked.access.which("people.count"))
    counts = {name: sight.summed(asked.kept.areas, take(asked)) for name, take in _TAKEN.items()}
    names = list(counts)
    masks = kept_masks("people", sight, [counts[name] for name in names], lambda: _people_masks(sight, counts))
    return {name: mask[sight.rows] for name, mask in zip(names, masks, strict=True)}


def _people_masks(sight: Sight, counts: dict[str, np.ndarray]) -> list[np.ndarray]:
    tree, own, residents = sight.tree, sight.own, counts["residents"]
    groups = [[counts[name] for name in names] for names in (_KINDS, list(_AGES)[:3])]
    kinds, ages = (withheld_parts(tree, own, residents, group) for group in groups)
    elders = withheld_chain(tree, own, [counts[name] for name in list(_AGES)[2:]], ages[-1])
    found = dict(zip(_KINDS, kinds[1:], strict=True)) | dict(zip(list(_AGES)[:3], ages[1:], strict=True))
    found |= dict(zip(list(_AGES)[3:], elders[1:], strict=True)) | {"residents": kinds[0]}
    return [found[name] for name in counts]


def _people(code: str, name: str, figure, unit: str = _("人"), note: str = "") -> Indicator:
    return Indicator(code, name, unit, _("人口"), figure, needs="people.count", note=note)


_TAKEN: dict[str, Taken] = (
    {"residents": kept("residents")}
    | {name: kept(name) for name in _KINDS}
    | {name: aged(*years) for name, years in _AGES.items()}
)
_BY_YEAR = _("按出生年份计算，今年满该年龄的人都算在内。")


def _ages(code: str, name: str) -> Indicator:
    return _people(code, name, count_of(code), note=_BY_YEAR)


PEOPLE = (
    _people("population", _("常住人口"), count_of("residents")),
    _people("density", _("人口密度"), per_km2("residents"), unit=_("人/km²")),
    _ages("children", _("0–14 岁")),
    _ages("adults", _("15–59 岁")),
    _ages("elders60", _("60 岁以上")),
    _ages("elders", _("65 岁以上")),
    _ages("elders80", _("80 岁以上")),
    _people("elder_share", _("65 岁以上占比"), share_of("elders", "residents"), unit="%", note=_BY_YEAR),
    _people("registered", _("户籍人口"), count_of("registered")),
    _people("floating", _("流动人口"), count_of("floating")),
    _people("floating_share", _("流动人口占比"), share_of("floating", "residents"), unit="%"),
    _people("left_behind", _("留守人员"), count_of("left_behind")),
    _people("overseas", _("境外人员"), count_of("overseas")),
    _people("households", _("家庭户"), households, unit=_("户")),
    _people("household_size", _("户均人口"), _per_household, unit=_("人/户")),
)
