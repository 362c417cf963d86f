"""Taking a move back: a step of its own that restores what was before. Nothing is erased."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict, NotAllowed, OutOfScope
from gis.incidents.consequences import follow
from gis.incidents.duplicates.family import inside_of
from gis.incidents.incident import Incident
from gis.incidents.step import Act, Step
from gis.incidents.taking import FIELDS
from gis.incidents.workflow import Stand, moves, why_not

#: How long a move can be taken back: a slip of the hand, not a change of mind.
WITHIN = timedelta(minutes=30)
#: Steps that say something and change nothing: they stand in the way of no undo.
_WORDS = (Act.COMMENT, Act.ANSWER, Act.AGAIN, Act.RATE)
_TIMES = ("due_at", "stage_due_at", "suspended_at", "closed_at")


def undo(step_id: int, *, user: User, access: Access) -> Step:
    """Take back the last move of a case: one's own, a short while ago, with nothing since but words.

    Whoever may not make the move any more may not take it back either. Raises OutOfScope, NotAllowed with the reason,
    or Conflict where somebody has made a move since. What rules did because of the move goes with it.
    """
    with transaction.atomic():
        step = Step.objects.filter(pk=step_id, actor=user).first()
        incident = step and _locked(step, access)
        if incident is None:
            raise OutOfScope(_("没有找到，或不在您的辖区内。"))
        _judge(step)
        back = _restore(incident, step, user)
        _judge_restored(incident, step, user, access)
        follow(incident, back)
    return back


def can_undo(step: Step, user: User) -> bool:
    """Whether the last move may be offered to be taken back."""
    try:
        _judge(step)
    except (NotAllowed, Conflict):
        return False
    return step.actor_id == user.pk


def _locked(step: Step, access: Access) -> Incident | None:
    """The case, and the one it was merged into before, locked in the order in which moves lock them."""
    pks = {step.incident_id, step.facts.get("was", {}).get("merged_into_id")} - {None}
    mine = Incident.objects.inside(access.which("incident.read")).select_for_update(of=("self",))
    found = {one.pk: one for one in mine.filter(pk__in=pks).order_by("pk")}
    return found.get(step.incident_id)


def _judge(step: Step) -> None:
    move = moves().get(step.act)
    if move is None or not move.can_undo or "was" not in step.facts:
        raise NotAllowed(_("这一步不能撤销。"), fix=_("请改用现在可以做的动作。"))
    if Step.objects.filter(undoes=step).exists():
        raise NotAllowed(_("这一步已经撤销。"))
    if timezone.now() - step.at > WITHIN:
        raise NotAllowed(_("已超过 30 分钟，不能撤销。"), fix=_("请改用现在可以做的动作。"))
    since = Step.objects.filter(incident=step.incident_id, revision__gt=step.revision).exclude(act__in=_WORDS)
    if any("rule" not in one.facts for one in since):
        raise Conflict(_("这一步之后已有别的进展，不能撤销。"), fix=_("请看看后来做了什么。"))


def _judge_restored(incident: Incident, step: Step, user: User, access: Access) -> None:
    """The case is as it was before the move: it must be one's to make again, and no case may lie in itself."""
    if why := why_not(moves()[step.act], Stand(incident, user, access)):
        raise NotAllowed(why, fix=_("请改用现在可以做的动作。"))
    if incident.merged_into_id in inside_of(incident.pk):
        raise Conflict(_("原来并入的那件，现在已并入这一件，不能撤销。"), fix=_("请先把那一件从这里取出。"))


def _restore(incident: Incident, step: Step, user: User) -> Step:
    before, was = incident.state, step.facts["was"]
    incident.state = step.before
    for name in FIELDS:
        value = was[name]
        setattr(incident, name, parse_datetime(value) if value and name in _TIMES else value)
    incident.revision += 1
    back = Step.objects.create(
        incident=incident, at=timezone.now(), before=before, after=incident.state, actor=user, act=Act.UNDO,
        undoes=step, revision=incident.revision,
    )  # fmt: skip
    _restore_assignments(incident, step, back)
    incident.save(update_fields=["state", "revision", *FIELDS])
    return back


def _restore_assignments(incident: Incident, step: Step, back: Step) -> None:
    """What the move, and rules after it, began ends; what they ended goes on."""
    mine = Step.objects.filter(incident=incident, revision__gte=step.revision)
    held = incident.assignments
    held.filter(since__in=mine, ended=None).update(ended=back)
    held.filter(done__in=mine).update(done=None)
    held.filter(ended__in=mine.exclude(pk=back.pk), since__revision__lt=step.revision).update(ended=None)
