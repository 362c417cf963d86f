"""Indicators of buildings and dwellings: open figures, of things and not of persons."""

from django.utils.translation import gettext_lazy as _

from layers.indicator import Asked, Computed, Indicator
from layers.people_figures import ratio


def _count(name: str):
    return lambda asked: Computed(asked.rolled(asked.kept.column(name)).astype(float))


def _share(name: str):
    def figure(asked: Asked) -> Computed:
        part, whole = (asked.rolled(asked.kept.column(one)) for one in (name, "dwellings"))
        return Computed(100 * ratio(part, whole))

    return figure


def _homes(code: str, name: str, unit: str, figure) -> Indicator:
    return Indicator(code, name, unit, _("房屋"), figure)


HOMES = (
    _homes("buildings", _("楼栋"), _("栋"), _count("buildings")),
    _homes("dwellings", _("住房套数"), _("套"), _count("dwellings")),
    _homes("empty", _("空置住房"), _("套"), _count("dwellings_empty")),
    _homes("vacancy", _("空置率"), "%", _share("dwellings_empty")),
    _homes("rented", _("出租住房"), _("套"), _count("dwellings_rented")),
    _homes("rented_share", _("出租率"), "%", _share("dwellings_rented")),
)
