"""Whom it concerns that something was said or decided about a plan, and what they are told."""

from django.utils import timezone

from gis.accounts.postings import Posting
from gis.accounts.roles import roles
from gis.accounts.users import User
from gis.planning.levels import level_of
from gis.planning.notifying import give
from gis.planning.plan import Plan, PlanNote
from gis.planning.publishing.redrawing import PlanNotice

#: Which notice a note makes.
_NOTICES = {
    PlanNote.Kind.COMMENT: PlanNotice.Kind.COMMENT,
    PlanNote.Kind.SETTLE: PlanNotice.Kind.SETTLED,
    PlanNote.Kind.REOPEN: PlanNotice.Kind.COMMENT,
    PlanNote.Kind.SUBMIT: PlanNotice.Kind.SUBMITTED,
    PlanNote.Kind.APPROVE: PlanNotice.Kind.APPROVED,
    PlanNote.Kind.REDATE: PlanNotice.Kind.REDATED,
    PlanNote.Kind.REJECT: PlanNotice.Kind.REJECTED,
    PlanNote.Kind.TAKE_BACK: PlanNotice.Kind.TAKEN_BACK,
}


def tell_note(note: PlanNote) -> None:
    """Tell those concerned, but not the one who wrote it, and nobody who may not read the plan."""
    kind = _NOTICES.get(note.kind)
    if kind is None:
        return
    users = User.objects.filter(pk__in=_meant(note) - {note.user_id}, is_active=True)
    readers = [user for user in users if user.access.may("plan.read", note.plan.area)]
    give(PlanNotice(user=user, kind=kind, plan=note.plan, facts={"note": note.pk}) for user in readers)


def approvers(plan: Plan) -> set[int]:
    """Who can approve it: those of the nearest level above the planner's at which there is anybody."""
    able = [code for code, role in roles().items() if "plan.approve" in role.capabilities]
    level = level_of(plan)
    for length in range(len(level) - 1, 1, -1):
        held = Posting.objects.on(timezone.localdate()).filter(role__in=able, area=level[:length], user__is_active=True)
        if found := set(held.values_list("user_id", flat=True)):
            return found
    return set()


def _meant(note: PlanNote) -> set[int]:
    plan = note.plan
    drew = set(plan.steps.order_by().values_list("user_id", flat=True).distinct()) | {plan.owner_id}
    if note.kind == PlanNote.Kind.SUBMIT:
        return approvers(plan)
    if note.kind == PlanNote.Kind.SETTLE:
        return {note.about.user_id}
    spoke = set(plan.notes.exclude(user=None).order_by().values_list("user_id", flat=True).distinct())
    return drew | spoke
