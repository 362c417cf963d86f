"""Whose cell is whose after a publication. A posting names a cell by its code.

A cell that goes on under its code keeps its people. The postings at a cell that vanishes end that day; unless the
approver says otherwise, whoever held one takes over the heir with the most of the old cell's households. The approver
says it by draft: these people, and no others, take this new cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from gis.accounts.postings import Posting
from gis.areas.covering import scope_over
from gis.errors import Refused
from gis.planning.publishing.heirs import Heir
from gis.planning.publishing.reckoning import Reckoning


@dataclass(frozen=True)
class Choices:
    """What an approver decided. `workers`: number of a draft → users who take it; drafts not named have the default.

    `keep_cases`: open cases stay with the team that has them where that team's cell goes on; else they go with the
    ground, to the team of the cell where they lie now.
    """

    workers: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    keep_cases: bool = False


@dataclass(frozen=True)
class Handover:
    """One posting that ends, and where its holder goes unless somebody says otherwise."""

    posting: Posting
    to: int | None  # number of a draft


def postings_at(codes: list[str], day: date):
    """The postings at cells that are in force on a day or begin later."""
    lasting = Q(ends__isnull=True) | Q(ends__gt=day)
    return Posting.objects.filter(lasting, area__in=codes).select_related("user").order_by("pk")


def handovers(found: Mapping[str, list[Heir]], day: date) -> list[Handover]:
    """What becomes of the postings at vanished cells by default."""
    return [
        Handover(posting, found[posting.area][0].number if found[posting.area] else None)
        for posting in postings_at(list(found), day)
    ]


def hand_over(reckoning: Reckoning, found: Mapping[str, list[Heir]], choices: Choices) -> dict[int, list[str]]:
    """End the postings at vanished cells and begin those at their heirs; user → the codes each has been given."""
    leaving = handovers(found, reckoning.day)
    roles = _roles(reckoning, leaving, choices)
    codes = {draft.number: str(code) for draft, code in zip(reckoning.drafts, reckoning.codes, strict=True)}
    wanted = {(one.posting.user_id, one.to) for one in leaving if one.to is not None and one.to not in choices.workers}
    for number, users in choices.workers.items():
        if number not in codes:
            raise Refused(_("方案里没有这个网格。"), fix=_("请刷新影响报告。"))
        wanted |= {(user, number) for user in users}
    ends = {one.posting.user_id: one.posting.ends for one in leaving}
    end_postings([one.posting for one in leaving], reckoning.day)
    new = [
        Posting(user_id=user, role=roles[user], area=codes[number], starts=reckoning.day, ends=ends.get(user))
        for user, number in sorted(wanted)
    ]
    return begin_postings(new, reckoning.day)


def _roles(reckoning: Reckoning, leaving: list[Handover], choices: Choices) -> dict[int, str]:
    """The role of each user at the cells of these communities. Raises Refused for one who works in none of them."""
    roles = {one.posting.user_id: one.posting.role for one in leaving}
    asked = {user for users in choices.workers.values() for user in users} - roles.keys()
    held = Posting.objects.on(reckoning.day).filter(scope_over(reckoning.communities).q("area"), user__in=asked)
    roles |= {one.user_id: one.role for one in held.order_by("pk") if len(one.area) == 15}
    if asked - roles.keys():
        raise Refused(_("选中的人不是这些社区的网格员。"), fix=_("请先在“人员与岗位”里为其设岗。"))
    return roles


def end_postings(postings: list[Posting], day: date) -> None:
    """A posting that has not begun, or begins today, goes: nobody has worked under it on any whole day."""
    begun = [posting.pk for posting in postings if posting.starts < day]
    Posting.objects.filter(pk__in=begun).update(ends=day)
    Posting.objects.filter(pk__in=[one.pk for one in postings if one.starts >= day]).delete()


def begin_postings(new: list[Posting], day: date) -> dict[int, list[str]]:
    """Begin those that nobody holds already; user → the codes given."""
    held = Posting.objects.on(day).filter(area__in={one.area for one in new})
    there = set(held.values_list("user_id", "role", "area"))
    new = [one for one in new if (one.user_id, one.role, one.area) not in there]
    Posting.objects.bulk_create(new)
    given: dict[int, list[str]] = {}
    for one in new:
        given.setdefault(one.user_id, []).append(one.area)
    return given
