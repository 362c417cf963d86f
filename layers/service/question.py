"""What is asked: which kind of service, for whom, on which ground, how far on foot; and what is known to answer it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.models import ServicePoint
from gis.places.service.kinds import SLOW_BANDS, ServiceKind
from gis.places.service.reach import SLOW_SPEED, SPEED, Nearest, nearest_points
from layers.service.demand import Demand, demand_of
from layers.service.ground import Ground, ground_of


@dataclass(frozen=True)
class Walk:
    """How far is far: minutes on foot, and metres a second of usual and of slow walkers."""

    minutes: float = 15
    speed: float = SPEED
    slow: float = SLOW_SPEED

    @property
    def limits(self) -> np.ndarray:
        """Metres that usual and slow walkers go in these minutes."""
        return 60 * self.minutes * np.array([self.speed, self.slow])


@dataclass(frozen=True)
class Question:
    """`area`: the ground asked about, inside the reader's scope. `group`: "", an age band, or `need:TAG`."""

    kind: ServiceKind
    area: Scope
    walk: Walk = Walk()
    group: str = ""

    @property
    def slow(self) -> bool:
        """Whether those asked about walk slowly, so that the map's minutes are theirs."""
        return self.group in SLOW_BANDS or (not self.group and self.kind.slow)

    @property
    def one_area(self) -> str:
        """The area asked about, "" where it is several."""
        return self.area.areas[0] if len(self.area.areas) == 1 else ""


@dataclass(frozen=True)
class Known:
    """Everything an answer is made of. Points are those the reader may see, wherever in their scope."""

    question: Question
    access: Access
    ground: Ground
    points: list[ServicePoint]
    demand: Demand | None  # None: the reader's role sees no figures of people

    @cached_property
    def nearest(self) -> Nearest:
        """The nearest point of every home."""
        lonlat = np.array([point.position.coords for point in self.points], dtype=float).reshape(-1, 2)
        return nearest_points(self.ground.network, self.ground.homes, self.ground.access(lonlat))

    @cached_property
    def far(self) -> np.ndarray:
        """Homes × (usual, slow) walkers: whether the nearest point is farther than asked for."""
        return self.nearest.metres[:, None] > self.question.walk.limits

    @cached_property
    def asked(self) -> np.ndarray:
        """Homes × (usual, slow) walkers: the people asked about."""
        if self.demand is None:
            return np.zeros((len(self.ground), 2), dtype=np.int64)
        return self.demand.served_by(self.question.kind, self.question.group)


def know(question: Question, access: Access) -> Known:
    """Bring together ground, points and people. Raises WanggeError where the area is too large."""
    ground = ground_of(question.area)
    seen = access.which("area.read")
    points = ServicePoint.objects.on(timezone.localdate()).inside(seen).filter(kind=question.kind.code)
    counted = _within(access.which("people.count"), question.area)
    return Known(question, access, ground, list(points), demand_of(ground, counted) if counted else None)


def _within(scope: Scope, area: Scope) -> Scope:
    return Scope.of(code for one in area.areas for code in scope.within(one).areas)
