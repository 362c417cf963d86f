"""What publishing a plan of streets would break, before anything is done.

What becomes of communities and cells is told by the report on communities (`gis.planning.borders.impact`); this one
adds what concerns streets. Figures of people follow the same rule: households exactly, few people never.
"""

from dataclasses import dataclass, field, replace

from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.incidents.routing.rule import RoutingTable
from gis.planning.basis import is_outdated
from gis.planning.borders.following import heirs_of, main_of
from gis.planning.borders.impact import BorderImpact, Community, changes_of, impact_of_reckoning, no_cells
from gis.planning.borders.offices import Office, offices, unattended
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.publishing.faults import outdated
from gis.planning.streets.faults import faults_of
from gis.planning.streets.moving import moved
from gis.planning.streets.publishing import street_teams
from gis.planning.streets.reckoning import StreetReckoning, reckon_streets


@dataclass(frozen=True)
class CutCommunity:
    """A community that would lie in several streets: code and name of now, and the codes of its pieces with names."""

    code: str
    name: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Joining:
    """A part of a community where nobody lives, and the community it joins."""

    code: str
    name: str
    to: str
    m2: int


@dataclass(frozen=True)
class StreetImpact:
    reckoning: StreetReckoning
    borders: BorderImpact  # its faults are those of the plan
    streets: list[Community] = field(default_factory=list)
    cut: list[CutCommunity] = field(default_factory=list)
    joining: list[Joining] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    unattended: list[str] = field(default_factory=list)
    cases: int = 0  # open cases that go to another street's team
    tables: list[str] = field(default_factory=list)  # streets that end and have rules of dispatch of their own


def impact_of_streets(plan: Plan) -> StreetImpact:
    """What publishing a plan of streets today would do. Changes nothing."""
    with applied(Scope.of([plan.area])):
        reckoning = reckon_streets(plan, drawing_of(plan), timezone.localdate())
        found = [*([outdated()] if is_outdated(plan) else []), *faults_of(reckoning)]
        if not reckoning.drawn or not len(reckoning.pieces):
            return StreetImpact(reckoning, BorderImpact(reckoning.below, replace(no_cells(reckoning), faults=found)))
        return _worked_out(reckoning, impact_of_reckoning(reckoning.below, found))


def _worked_out(reckoning: StreetReckoning, borders: BorderImpact) -> StreetImpact:
    borders = replace(borders, communities=moved(reckoning, borders.communities))
    going = offices(reckoning, main_of(heirs_of(reckoning)))
    return StreetImpact(
        reckoning,
        borders,
        changes_of(reckoning),
        _cut(reckoning),
        _joining(reckoning),
        going,
        unattended(reckoning, going),
        len(_leaving(reckoning)),
        sorted(RoutingTable.objects.filter(owner__in=reckoning.ended).values_list("owner", flat=True).distinct()),
    )


def _leaving(reckoning: StreetReckoning) -> list:
    """The cases of streets in communities that end: whole ones that move. Cut ones are counted by their ground."""
    ended = set(reckoning.below.ended)
    return [one for one in street_teams(reckoning.below.communities) if one.incident.area[:12] in ended]


def _cut(reckoning: StreetReckoning) -> list[CutCommunity]:
    found = []
    communities, below = reckoning.in_communities, reckoning.below
    for row in reckoning.cut:
        mine = [piece + 1 for piece, one in enumerate(reckoning.pieces.community.tolist()) if one == row]
        pieces = tuple((below.codes[number], below.drawn[number].name) for number in mine)
        found.append(CutCommunity(communities.codes[row], communities.names[row], pieces))
    return found


def _joining(reckoning: StreetReckoning) -> list[Joining]:
    communities, below = reckoning.in_communities, reckoning.below
    return [
        Joining(communities.codes[row], communities.names[row], below.drawn[piece + 1].name, round(m2))
        for row, piece, m2 in reckoning.pieces.joined
    ]
