"""What names a community by its 12 digits, or a street by its 9, and what becomes of it when that ends.

| where | what becomes of it |
|---|---|
| all that stands or happened in it | follows its ground, cell or not (`gis.exchange.relinking`) |
| `Building.code` | stays: the code of a building is its identity, whatever community it stands in later |
| `Posting.area` | `gis.planning.borders.offices`: nobody loses ground, no new community is without people |
| `Assignment.team` of an open case | the same community, by a step |
| `RoutingRule.area` | a rule for each community that got some of its ground, in a new version of the table |
| `Bulletin`, `Consultation`, `CommunityWish`, `Neighbour`, hotline files and words, `SavedFilter`, `Proposal`, aliases
  of roads | the community that got most of the households |
| `Plan.area` of a draft | stays: the impact report lists them, they have to be begun anew on the cells of today |
| `Token.area`, `Webhook.area` | left alone, as with cells |
"""

from collections.abc import Mapping

from django.db import connection

from gis.accounts.postings import Posting
from gis.accounts.users import User
from gis.codes.division import parent_of
from gis.incidents.assignment import Assignment
from gis.incidents.incident import ENDED
from gis.planning.borders.held import Held
from gis.planning.borders.offices import Office, offices
from gis.planning.notifying import give
from gis.planning.publishing.cases import Transfer, transfer
from gis.planning.publishing.following import carry_filters, carry_routes, rename
from gis.planning.publishing.heirs import Heir
from gis.planning.publishing.redrawing import PlanNotice, Redrawing
from gis.planning.publishing.workers import begin_postings, end_postings

#: A smaller share of a community's households is no inheritance: a rule would name half the street.
_LEAST = 0.01
_NAMED = "WITH named AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS n(old, new))"
_TOLD = (  # their room is not below this one
    "UPDATE grid_bulletin t SET area = n.new FROM named n WHERE t.area = n.old",
    "UPDATE grid_consultation t SET area = n.new FROM named n WHERE t.area = n.old",
    "UPDATE grid_communitywish t SET area = n.new FROM named n WHERE t.area = n.old",
    "UPDATE grid_neighbour t SET area = n.new FROM named n WHERE t.area = n.old",
)


def heirs_of(reckoning: Held) -> dict[str, list[Heir]]:
    """Code of each area that ends → the ones that get its households, the one with most first."""
    found: dict[str, list[Heir]] = {}
    for row, code in enumerate(reckoning.before.codes):
        if code in reckoning.ended:
            shares = [(number, share) for number, share in reckoning.heirs[row].items() if number]
            kept = [one for one in shares if one[1] >= _LEAST] or shares[:1]
            found[code] = [Heir(number, number, reckoning.codes[number], 0.0, share) for number, share in kept]
    return found


def main_of(found: Mapping[str, list[Heir]]) -> dict[str, str]:
    """Code of each area that ends → the one that stands for it; the one around where nothing is left of it."""
    return {code: mine[0].code if mine else parent_of(code) for code, mine in found.items()}


def follow_areas(reckoning: Held, redrawing: Redrawing, user: User | None) -> dict:
    """Take along what hangs on the codes of communities, or of streets; after what lies in them. Says how much."""
    found = heirs_of(reckoning)
    main = main_of(found)
    moved = _hand_over(offices(reckoning, main), redrawing)
    cases = transfer(_teams(main), user, str(redrawing.uuid))
    rename(main)
    _tell_on(main)
    routing = carry_routes(found, user)
    return {"postings": moved, "cases": cases, "routing": routing, "filters": carry_filters(main), "heirs": main}


def _hand_over(going: list[Office], redrawing: Redrawing) -> int:
    leaving = {one.posting.pk: one.posting for one in going if one.ends}
    wanted = {(one.posting.user_id, one.posting.role, one.to, one.posting.ends) for one in going if one.begins}
    lost: dict[int, set[str]] = {one.posting.user_id: set() for one in going}
    for posting in leaving.values():
        lost[posting.user_id].add(posting.area)
    end_postings(list(leaving.values()), redrawing.day)
    new = [
        Posting(user_id=user, role=role, area=code, starts=redrawing.day, ends=ends)
        for user, role, code, ends in sorted(wanted, key=lambda one: one[:3])
    ]
    given = begin_postings(new, redrawing.day)
    give(
        PlanNotice(
            user_id=user, kind=PlanNotice.Kind.CELL, plan=redrawing.plan, redrawing=redrawing,
            facts={"lost": sorted(codes), "given": sorted(given.get(user, ())), "redrawn": []},
        )
        for user, codes in sorted(lost.items())
        if codes or given.get(user)
    )  # fmt: skip
    return len(going)


def _teams(main: Mapping[str, str]) -> list[Transfer]:
    mine = Assignment.objects.filter(team__in=list(main), ended=None).exclude(incident__state__in=ENDED)
    return [Transfer(one, main[one.team]) for one in mine.select_related("incident").order_by("incident_id", "pk")]


def _tell_on(main: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        for statement in _TOLD:
            cursor.execute(f"{_NAMED} {statement}", [list(main), list(main.values())])
