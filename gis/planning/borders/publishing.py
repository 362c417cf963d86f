"""Publishing a plan of communities: their outlines, codes and names, the cells in them, and all that names either.

One transaction, with the publication of the cells inside it (`gis.planning.publishing`): killed in the middle it leaves
nothing, done twice it does nothing the second time.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope, applied
from gis.accounts.users import User
from gis.errors import Refused
from gis.exchange.relinking import Relinked
from gis.planning.basis import is_outdated
from gis.planning.borders.cells import drafts_of
from gis.planning.borders.faults import faults_of
from gis.planning.borders.following import follow_areas
from gis.planning.borders.held import Held
from gis.planning.borders.reckoning import BorderReckoning, communities_in_force, reckon_borders
from gis.planning.borders.writing import draw_whole, write_level
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.publishing.faults import outdated
from gis.planning.publishing.publishing import Choices, NotPublished, Published, publish
from gis.planning.publishing.redrawing import Redrawing
from gis.planning.publishing.writers import hold_writers, one_at_a_time


def publish_communities(plan: Plan, *, user: User | None, choices: Choices | None = None) -> Published:
    """Bring a plan of communities into force today. That `user` may do so, the caller has made sure.

    Raises NotPublished with the faults, and then nothing has changed.
    """
    if plan.kind != Plan.Kind.COMMUNITIES:
        raise Refused(_("这不是社区边界方案。"), fix=_("请按网格方案发布。"))
    with applied(Scope.of([plan.area])):
        one_at_a_time([plan.area, *communities_in_force(plan, timezone.localdate()).codes])
        if done := Redrawing.objects.filter(plan=plan).first():
            return Published(done, fresh=False)
        hold_writers()
        if is_outdated(plan):
            raise NotPublished([outdated()])
        reckoning = reckon_borders(plan, drawing_of(plan), timezone.localdate())
        if found := faults_of(reckoning):
            raise NotPublished(found)
        draw_whole(plan.area, reckoning)
        return bring_into_force(reckoning, user, choices)


def bring_into_force(reckoning: BorderReckoning, user: User | None, choices: Choices | None) -> Published:
    """Write the communities and all that hangs on them, in the caller's transaction."""
    communities = reckoning.communities
    drafts = drafts_of(reckoning)
    facts = facts_of(reckoning)
    write_level(reckoning, "community")
    if communities:
        published = publish(
            drafts, communities, reckoning.day, user=user, plan=reckoning.plan, choices=choices,
            outlines=reckoning.outlines,
        )  # fmt: skip
    else:
        published = Published(_names_only(reckoning, user))
    redrawing = published.redrawing
    followed = follow_areas(reckoning, redrawing, user)
    redrawing.facts |= {"communities": facts, "followed": followed}
    redrawing.save(update_fields=["facts"])
    return published


def _names_only(reckoning: BorderReckoning, user: User | None) -> Redrawing:
    facts = {"codes": [], "appeared": [], "vanished": [], "unchanged": 0, "relinked": vars(Relinked()), "cases": 0}
    return Redrawing.objects.create(plan=reckoning.plan, day=reckoning.day, user=user, communities=[], facts=facts)


def facts_of(reckoning: Held) -> list[dict]:
    """What became of each area: old code, new code, share of the old one's households."""
    rows = []
    for row, code in enumerate(reckoning.before.codes):
        for number, share in reckoning.heirs[row].items():
            if number:
                rows.append({"old": code, "new": reckoning.codes[number], "share": round(share, 4)})
    return [row for row in rows if row["old"] != row["new"] or row["share"] < 1]
