"""How many people each point has, against how many it can serve."""

from dataclasses import dataclass

import numpy as np

from gis.models import ServicePoint
from gis.places.service.load import floating_catchment, nearest_load, shared_load
from gis.places.service.reach import Pairs, walks
from layers.service.question import Known
from layers.service.rounding import ROUNDED_TO, rounded
from layers.small_counts import is_own_staff
from layers.suppression import suppress


@dataclass(frozen=True)
class Load:
    """People of a point within the walk, how many of them come on a day, and what it can serve; None is not known.

    `usual`: the capacity is the kind's, the point itself says none. `per_hundred`: places per hundred people of its
    catchment after E2SFCA. People are rounded outside the point's own staff (`layers.service.rounding`).
    """

    point: ServicePoint
    people: int | None
    expected: float | None
    capacity: int | None
    usual: bool
    per_hundred: float | None

    @property
    def percent(self) -> int | None:
        """Expected visitors in % of the capacity; above 100 the point is over-full."""
        if self.expected is None or not self.capacity:
            return None
        return round(100 * self.expected / self.capacity)


def loads_of(known: Known, shared: bool = False) -> list[Load]:
    """The load of every point: by the nearest one, or `shared` by size and distance."""
    people = _people(known, shared)
    own = np.array([is_own_staff(known.access, point.area) for point in known.points], dtype=bool)
    hidden = suppress(np.round(people), [np.arange(len(people))], own) if len(people) else own
    supply, size, every = _supply(known), _capacities(known), int(known.asked.sum())
    return [
        _load(
            known,
            row,
            None if known.demand is None or gone else rounded(people[row], every, staff),
            _told(supply[row], size[row], every, staff),
        )
        for row, (gone, staff) in enumerate(zip(hidden, own, strict=True))
    ]


def _told(supply: float, size: float, every: int, own: bool) -> float:
    """Places a person finds, as the reader is told: whoever knows the size could count the catchment by it."""
    return supply if own or supply <= 0 else size / max(rounded(size / supply, every, own), ROUNDED_TO)


def _load(known: Known, row: int, people: int | None, supply: float) -> Load:
    point, kind = known.points[row], known.question.kind
    capacity = point.capacity or kind.usual_capacity
    use = kind.use_percent
    expected = None if people is None or use is None else people * use / 100
    per_hundred = None if people is None or not capacity else round(100 * supply, 2)
    return Load(point, people, expected, capacity, point.capacity is None and bool(capacity), per_hundred)


def _people(known: Known, shared: bool) -> np.ndarray:
    """People within the walk by point. Both ways add up to all who are within it."""
    if shared:
        found, limit = _walks(known)
        return shared_load(found, limit, _capacities(known), known.asked.T.ravel())
    near = np.where(known.far, -1, known.nearest.point[:, None])
    return nearest_load(near.ravel(), known.asked.ravel(), len(known.points))


def _supply(known: Known) -> np.ndarray:
    """Places a person of its catchment finds at each point."""
    found, limit = _walks(known)
    return floating_catchment(found, limit, _capacities(known), known.asked.T.ravel()).per_person


def _capacities(known: Known) -> np.ndarray:
    usual = known.question.kind.usual_capacity or 1
    return np.array([point.capacity or usual for point in known.points], dtype=float)


def _walks(known: Known) -> tuple[Pairs, float]:
    """Walks within the minutes, every home twice: as usual walkers', and as slow ones' with metres as long to them."""
    usual, slow = known.question.walk.limits
    limit = float(max(usual, slow))
    lonlat = np.array([point.position.coords for point in known.points], dtype=float).reshape(-1, 2)
    found = walks(known.ground.network, known.ground.homes, known.ground.access(lonlat), limit)
    parts = [
        Pairs(found.point, found.home + speed * len(known.ground), found.metres * limit / own)
        for speed, own in enumerate((usual, slow))
    ]
    return (parts[0] + parts[1]).within(limit), limit
