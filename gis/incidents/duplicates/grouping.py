"""Open cases that may be one, in groups around the one that came first: near it, of its kind, soon after it.

Every case of a group is like its first one, not merely like some other of the group, so no chain of neighbours runs
down a street. What is decided, a person decides: a group is an offer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import cos, hypot, radians

from gis.accounts.scope import Access
from gis.incidents.incident import Incident, State
from gis.incidents.similar import AGE, ALIKE, REACH, likeness, pairs_of, shared
from gis.incidents.step import Act
from gis.incidents.workflow import moves, on_desks

#: Likeness from which a case is offered with another: of the same kind, 95 m apart on one day or 40 m within two weeks.
LEAST = 0.2
#: Cases looked through: the latest, where a scope has more.
MOST = 5000
#: The further a case has come, the more is lost by merging it into another.
_FAR = [State.REPORTED, State.VERIFYING, State.FILED, State.DISPATCHED, State.IN_PROGRESS]


@dataclass
class Member:
    """A case laid on the ground: metres from a corner of its own, good for the distances of neighbours."""

    incident: Incident
    metres: float = 0.0
    likeness: float = 1.0

    @cached_property
    def place(self) -> tuple[float, float]:
        point = self.incident.position
        return point.x * 111_320 * cos(radians(point.y)), point.y * 110_574

    @cached_property
    def pairs(self) -> Counter:
        return pairs_of(self.incident.description)

    @property
    def square(self) -> tuple[int, int]:
        x, y = self.place
        return int(x // REACH), int(y // REACH)


@dataclass
class Group:
    """Cases that may be one. `kept` is proposed to take in the others: the one furthest on its way, then the first."""

    members: list[Member] = field(default_factory=list)

    @property
    def first(self) -> Member:
        return self.members[0]

    @property
    def kept(self) -> Member:
        return max(self.members, key=lambda one: _FAR.index(one.incident.state))  # of several the first

    @property
    def others(self) -> list[Member]:
        return [one for one in self.members if one is not self.kept]

    @property
    def span(self) -> timedelta:
        return self.members[-1].incident.reported_at - self.first.incident.reported_at


def find_groups(access: Access, now: datetime) -> list[Group]:
    """The groups among the cases that somebody may merge, the largest first."""
    scope = access.which("case.accept")
    states = moves()[Act.DUPLICATE].sources
    mine = Incident.objects.inside(scope).filter(on_desks(scope), state__in=states, reported_at__gte=now - AGE)
    latest = mine.select_related("category").defer("drawing").order_by("-reported_at", "-pk")[:MOST]
    groups = grouped(reversed(latest))
    return sorted((one for one in groups if len(one.members) > 1), key=lambda one: -len(one.members))


def grouped(incidents: Iterable[Incident]) -> list[Group]:
    """Every case in one group, around the first that it is most like. `incidents`: in order of time."""
    known: dict[tuple[int, int], list[Group]] = defaultdict(list)
    groups = []
    for incident in incidents:
        member = Member(incident)
        best = max(_near(member, known), key=lambda found: found[1], default=None)
        if best and best[1] >= LEAST:
            group, member.likeness, member.metres = best
        else:
            group = Group()
            groups.append(group)
            known[member.square].append(group)
        group.members.append(member)
    return groups


def _near(member: Member, known: dict[tuple[int, int], list[Group]]) -> Iterator[tuple[Group, float, float]]:
    """The groups whose first case lies within reach, with how like it is, and how far away."""
    east, north = member.square
    for square in ((east + x, north + y) for x in (-1, 0, 1) for y in (-1, 0, 1)):
        for group in known.get(square, ()):
            metres = hypot(*(a - b for a, b in zip(member.place, group.first.place, strict=True)))
            if metres <= REACH:
                yield group, _like(member, group.first, metres), metres


def _like(member: Member, first: Member, metres: float) -> float:
    one, other = member.incident, first.incident
    alike = shared(member.pairs, first.pairs)
    if one.category_id != other.category_id and alike < ALIKE:
        return 0.0  # litter beside a poster is another matter, unless it is said in the same words
    return likeness(other.category, one.category, metres, abs(one.reported_at - other.reported_at), alike)
