"""Who is told of a publication, and what: workers their cells, planner and publisher that it is done, or why not."""

from collections.abc import Iterable, Mapping

from gis.accounts.users import User
from gis.planning.notifying import give
from gis.planning.plan import Plan, PlanNote
from gis.planning.publishing.heirs import Heir
from gis.planning.publishing.redrawing import PlanNotice, Redrawing
from gis.planning.publishing.workers import postings_at


def tell_workers(
    redrawing: Redrawing, found: Mapping[str, list[Heir]], changed: set[str], given: Mapping[int, list[str]]
) -> None:
    """Tell everybody whose cell is another one now: what they had, what they have, what is drawn anew."""
    lost: dict[int, list[str]] = {}
    for posting in _ended(list(found), redrawing):
        lost.setdefault(posting.user_id, []).append(posting.area)
    redrawn: dict[int, list[str]] = {}
    for posting in postings_at(sorted(changed), redrawing.day):
        redrawn.setdefault(posting.user_id, []).append(posting.area)
    give(
        PlanNotice(
            user_id=user, kind=PlanNotice.Kind.CELL, plan=redrawing.plan, redrawing=redrawing,
            facts={"lost": sorted(set(lost.get(user, []))), "given": given.get(user, []),
                   "redrawn": sorted(set(redrawn.get(user, [])))},
        )
        for user in sorted({*lost, *redrawn, *given})
    )  # fmt: skip


def _ended(codes: list[str], redrawing: Redrawing):
    from gis.accounts.postings import Posting

    return Posting.objects.filter(area__in=codes, ends=redrawing.day)


def concerned(plan: Plan) -> set[int]:
    """The planner, and whoever approved the plan last."""
    approval = plan.notes.filter(kind=PlanNote.Kind.APPROVE).order_by("-pk").first()
    return {plan.owner_id} | ({approval.user_id} if approval and approval.user_id else set())


def tell(users: Iterable[int], kind: str, plan: Plan, redrawing: Redrawing | None = None, **facts) -> None:
    known = User.objects.filter(pk__in=list(users), is_active=True).values_list("pk", flat=True)
    give(PlanNotice(user_id=user, kind=kind, plan=plan, redrawing=redrawing, facts=facts) for user in sorted(known))
