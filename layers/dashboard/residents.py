"""Who and what an area holds, for a dashboard: people with small counts withheld, homes, and incidents per resident."""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from cachetools import LRUCache
from django.db.models import Sum
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.models import Figures
from layers.age_bars import Bars, age_bars
from layers.dashboard.places import Places
from layers.incident_columns import range_of
from layers.kept_figures import Kept, kept_now
from layers.on_map import withheld_on_map
from layers.people_count import Grouping, People, count_people
from layers.places import LAYERS
from layers.small_counts import is_own_staff
from layers.summary import siblings
from layers.values import Question, values

_SUMS = ("buildings", "dwellings", "dwellings_empty")


@dataclass(frozen=True)
class Ground:
    """Kept figures of an area. `people` is None for a reader who may not count them, or for several areas at once."""

    buildings: int
    dwellings: int
    empty: int
    people: People | None
    ages: tuple[Bars, ...]

    @property
    def vacancy(self) -> float | None:
        """Share of empty dwellings in percent; None where there is no dwelling."""
        return 100 * self.empty / self.dwellings if self.dwellings else None


def ground(scope: Scope, access: Access) -> Ground:
    """What lies in the areas of a scope, which the reader may see."""
    sums = Figures.objects.filter(scope.q()).aggregate(**{name: Sum(name) for name in _SUMS})
    people = _people(scope.areas[0], access) if len(scope.areas) == 1 else None
    counted = (sums[name] or 0 for name in _SUMS)
    return Ground(*counted, people, tuple(age_bars(people)) if people else ())


_PEOPLE = ("residents", "registered", "floating", "left_behind", "overseas", "households")
#: People counted lately, with the kept figures they were counted under: a street takes a fifth of a second, and a wall
#: asks again at every incident. A date of birth put right within its year is seen the next day only.
_lately: LRUCache = LRUCache(256)
_lock = Lock()


def _people(code: str, access: Access) -> People | None:
    """The people of an area or cell, counted as its panel does; None for a reader who may not count them."""
    if not access.may("people.count", code):
        return None
    grouping, own, kept = siblings(code, access), is_own_staff(access, code), kept_now()
    on_map = withheld_on_map(code, access)
    hidden = frozenset(name for name, is_hidden in on_map.items() if is_hidden)
    key, now = (code, grouping, own, hidden, timezone.localdate()), _signs(kept, grouping)
    with _lock:
        births, signs, people = _lately.get(key, (None, b"", None))
    if births is kept.births and signs == now:
        return people
    people = count_people(code, grouping, own, on_map)
    with _lock:
        _lately[key] = kept.births, now, people
    return people


def _signs(kept: Kept, grouping: Grouping) -> bytes:
    """The kept numbers of people of the areas that are counted together."""
    ends = (np.searchsorted(kept.areas, range_of(area)) for area in grouping.scope.areas)
    return b"".join(kept.column(name)[low:high].tobytes() for low, high in ends for name in _PEOPLE)


def residents_by_place(places: Places, access: Access) -> dict[str, int]:
    """Residents by code; a place whose number is withheld or zero is left out, so that no rate gives it away."""
    if places.layer not in LAYERS or not access.may_anywhere("people.count"):
        return {}
    counted = values(Question(places.layer, "population"), access)
    found = dict(zip(counted.places.codes.tolist(), counted.values.tolist(), strict=True))
    return {code: int(found[code]) for code in places.codes if found.get(code, 0) > 0}
