"""Indicators of missing service: how many in a hundred walk more than 15 minutes to the nearest point of a kind."""

from collections.abc import Callable

import numpy as np
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis.errors import WanggeError
from gis.places.service.kinds import service_kinds
from layers.indicator import Asked, Computed, Indicator
from layers.people_figures import ratio
from layers.places import numbers_of_codes
from layers.service.question import Known, Question, Walk, know
from layers.service.rounding import rounded
from layers.withheld import own_places, withheld_from

_QUARTER = Walk(minutes=15)


def beyond(kind: str, group: str = "") -> Callable[[Asked], Computed]:
    """The share of those a kind serves, or of one age band, who walk farther than a quarter of an hour."""

    def figure(asked: Asked) -> Computed:
        served = service_kinds().get(kind)
        if served is None or not asked.scope:
            return _nothing(asked)
        try:
            known = know(Question(served, asked.scope, _QUARTER, group), asked.access)
        except WanggeError as error:  # too large to be worked out while somebody waits
            return _nothing(asked, f"{error.message}{error.fix}")
        far, every = _by_area(asked, known, known.asked * known.far), _by_area(asked, known, known.asked)
        hidden = withheld_from(asked, far) | withheld_from(asked, every) | withheld_from(asked, every - far)
        note = "" if known.points else gettext("辖区内还没有登记%(kind)s。") % {"kind": served.name}
        own = own_places(asked.places.numbers, asked.access)
        pairs = zip(asked.rolled(far).tolist(), asked.rolled(every).tolist(), own.tolist(), strict=True)
        told = np.array([rounded(part, whole, staff) for part, whole, staff in pairs], dtype=float)
        return Computed(100 * ratio(told, asked.rolled(every)), hidden=hidden, note=note)

    return figure


def _nothing(asked: Asked, note: str = "") -> Computed:
    return Computed(np.full(len(asked.places), np.nan), note=note)


def _by_area(asked: Asked, known: Known, people: np.ndarray) -> np.ndarray:
    """People by home × (usual, slow) walkers summed up beside `asked.kept.areas`."""
    numbers = numbers_of_codes(known.ground.areas.astype(str)) if len(known.ground) else np.empty(0, dtype=np.int64)
    at = np.searchsorted(asked.kept.areas, numbers)
    found = at < len(asked.kept.areas)
    found[found] = asked.kept.areas[at[found]] == numbers[found]
    return np.bincount(at[found], people.sum(axis=1)[found], len(asked.kept.areas)).astype(np.int64)


_NOTE = _("按道路步行，成人 1.2 米/秒，老人 0.8 米/秒；只算辖区内的设施。")


def _share(code: str, name: str, kind: str, group: str = "") -> Indicator:
    source = _("服务设施、道路")
    figure = beyond(kind, group)
    return Indicator(code, name, "%", _("服务可达"), figure, needs="people.count", note=_NOTE, source=source)


SERVICE = (
    _share("beyond_clinic", _("15 分钟走不到卫生服务站"), "clinic"),
    _share("beyond_canteen80", _("80 岁以上 15 分钟走不到老年食堂"), "canteen", "80+"),
    _share("beyond_elder_care", _("65 岁以上 15 分钟走不到日间照料"), "elder_care"),
    _share("beyond_kindergarten", _("3–5 岁 15 分钟走不到幼儿园"), "kindergarten"),
    _share("beyond_market", _("15 分钟走不到菜市场"), "market"),
)
