"""Publishing an approved plan: by hand, or on its day by a job. Its state changes with the cells or not at all."""

from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused, WanggeError
from gis.planning.basis import is_outdated
from gis.planning.borders.publishing import publish_communities
from gis.planning.deciding import RULES, approval_of, standing_of
from gis.planning.plan import Plan, PlanNote
from gis.planning.publishing.faults import Fault, outdated
from gis.planning.publishing.impact import Impact, impact
from gis.planning.publishing.of_plan import communities_of_plan, drafts_of_plan
from gis.planning.publishing.publishing import Published, publish
from gis.planning.publishing.redrawing import PlanNotice, PublicationOrder
from gis.planning.publishing.telling import concerned, tell
from gis.planning.publishing.workers import Choices
from gis.planning.streets.publishing import publish_streets


def impact_of(plan: Plan) -> Impact:
    """What publishing a plan today would do."""
    communities = communities_of_plan(plan)
    found = impact(drafts_of_plan(plan), communities, timezone.localdate())
    return _with(found, outdated()) if is_outdated(plan) else found


def may_publish(plan: Plan, user: User, access: Access) -> bool:
    """Whether it is somebody's to publish: the level above that approves it, who had no hand in it."""
    return standing_of(plan, user, access).may(RULES[PlanNote.Kind.APPROVE])


def order(uuid: UUID, *, user: User, access: Access, choices: Choices, seen: int) -> Published | PublicationOrder:
    """Publish an approved plan now, or, where its day is still to come, keep what was decided for that day.

    Raises OutOfScope, NotAllowed, Conflict where it is no longer as seen, NotPublished with what stands against it.
    """
    with transaction.atomic():
        plan = _locked(Q(uuid=uuid) & access.which("plan.read").q("area"))
        if not may_publish(plan, user, access):
            raise NotAllowed(_("这个方案由批准它的上级发布。"))
        if plan.state != Plan.State.PUBLISHED and seen != plan.revision:
            raise Conflict(_("方案在您查看之后又有改动。"), fix=_("请看过新的影响报告再发布。"))
        if plan.state != Plan.State.PUBLISHED and plan.starts and plan.starts > timezone.localdate():
            _require_approval(plan)
            return _kept(plan, user, choices)
        return _publish(plan, user, choices)


def due() -> list[int]:
    """The plans whose day has come: approved on an earlier day, or with everything decided."""
    today = timezone.localdate()
    ready = Plan.objects.filter(state=Plan.State.APPROVED, starts__lte=today)
    ready = ready.exclude(order__tried_on=today).order_by("starts", "pk")
    return [plan.pk for plan in ready if _is_ready(plan)]


def publish_due() -> int:
    """Publish what is due; how many were. One that is refused stays approved, and those concerned hear why."""
    return sum(_publish_one(key) for key in due())


def _is_ready(plan: Plan) -> bool:
    approval = approval_of(plan)
    earlier = approval and timezone.localtime(approval.at).date() < timezone.localdate()
    return bool(approval) and (bool(earlier) or PublicationOrder.objects.filter(plan=plan).exists())


def _publish_one(key: int) -> bool:
    try:
        with transaction.atomic():
            plan = _locked(Q(pk=key))
            wish = PublicationOrder.objects.filter(plan=plan).first()
            approval = approval_of(plan)
            user = wish.user if wish else approval.user if approval else None
            return _publish(plan, user, choices_of(wish)).fresh
    except WanggeError as refusal:
        _put_off(key, refusal)
        return False


def _publish(plan: Plan, user: User | None, choices: Choices) -> Published:
    if plan.state != Plan.State.PUBLISHED:
        _require_approval(plan)
    done = _bring_into_force(plan, user, choices)
    if done.fresh:
        plan.state = Plan.State.PUBLISHED
        plan.save(update_fields=["state", "changed_at"])
        facts = {"redrawing": str(done.redrawing.uuid), "day": done.redrawing.day.isoformat()}
        PlanNote.objects.create(plan=plan, kind=PlanNote.Kind.PUBLISH, revision=plan.revision, user=user, facts=facts)
        tell(concerned(plan), PlanNotice.Kind.PUBLISHED, plan, done.redrawing)
    return done


def _bring_into_force(plan: Plan, user: User | None, choices: Choices) -> Published:
    if plan.kind == Plan.Kind.COMMUNITIES:
        return publish_communities(plan, user=user, choices=choices)
    if plan.kind == Plan.Kind.STREETS:
        return publish_streets(plan, user=user, choices=choices)
    communities = communities_of_plan(plan)
    drafts = drafts_of_plan(plan) if plan.state != Plan.State.PUBLISHED else []
    return publish(drafts, communities, timezone.localdate(), user=user, plan=plan, choices=choices)


def _require_approval(plan: Plan) -> None:
    if approval_of(plan) is None:
        raise Refused(_("方案还没有批准，不能发布。"), fix=_("请先由上级批准。"))


def _kept(plan: Plan, user: User, choices: Choices) -> PublicationOrder:
    values = {"user": user, "at": timezone.now(), "choices": asdict(choices), "tried_on": None, "trouble": ""}
    return PublicationOrder.objects.update_or_create(plan=plan, defaults=values)[0]


def choices_of(wish: PublicationOrder | None) -> Choices:
    kept = wish.choices if wish else {}
    workers = {int(number): tuple(users) for number, users in kept.get("workers", {}).items()}
    return Choices(workers, bool(kept.get("keep_cases")))


def _put_off(key: int, refusal: WanggeError) -> None:
    """It stays approved; planner and approver hear why."""
    with transaction.atomic():
        plan = _locked(Q(pk=key))
        values = {"tried_on": timezone.localdate(), "trouble": str(refusal)[:500]}
        PublicationOrder.objects.update_or_create(plan=plan, defaults=values)
        tell(concerned(plan), PlanNotice.Kind.REFUSED, plan, reason=str(refusal)[:500])


def _locked(condition: Q) -> Plan:
    plan = Plan.objects.select_for_update().filter(condition).first()
    if plan is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return plan


def _with(found: Impact, fault: Fault) -> Impact:
    return Impact(**{**vars(found), "faults": [fault, *found.faults]})
