"""Who and what an area holds, for a dashboard: people with small counts withheld, homes, and incidents per resident."""

from dataclasses import dataclass

from django.db.models import Sum

from gis.accounts.scope import Access, Scope
from gis.models import Figures
from layers.age_bars import Bars, age_bars
from layers.dashboard.places import Places
from layers.people_count import People
from layers.places import LAYERS
from layers.summary import people_of
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
    people = people_of(scope.areas[0], access) if len(scope.areas) == 1 else None
    counted = (sums[name] or 0 for name in _SUMS)
    return Ground(*counted, people, tuple(age_bars(people)) if people else ())


def residents_by_place(places: Places, access: Access) -> dict[str, int]:
    """Residents by code; a place whose number is withheld or zero is left out, so that no rate gives it away."""
    if places.layer not in LAYERS or not access.may_anywhere("people.count"):
        return {}
    counted = values(Question(places.layer, "population"), access)
    found = dict(zip(counted.places.codes.tolist(), counted.values.tolist(), strict=True))
    return {code: int(found[code]) for code in places.codes if found.get(code, 0) > 0}
