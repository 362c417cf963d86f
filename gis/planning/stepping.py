"""Taking a step in a plan, taking it back, making it again: each appended, in one transaction with the plan locked."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.plans.drawing import Change, Drawing, apply
from gis.areas.plans.editing import Edit
from gis.areas.plans.packing import pack_change, unpack_change
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.planning.keeping import drawing_of, keep, store
from gis.planning.operations import OPERATIONS, Given
from gis.planning.plan import Plan, PlanStep

#: Steps that can be undone: older ones stay in the record.
_MOST_UNDONE = 500
#: After so many at once the drawing is written too, so that nobody has to read them all.
_MANY = 20
#: Steps that are of cells as such, at no place of the map.
_OF_CELLS = ("rename", "lock", "automatic", "outlines")
#: Steps that are told at once.
MOST_TOLD = 300


def step(uuid: UUID, kind: str, args: dict, *, user: User, access: Access, seen: int | None) -> Plan:
    """Take a step. `seen`: the revision it was decided on; None asks for no comparison.

    Raises OutOfScope for a plan that may not be read, NotAllowed where it may not be drawn on, Conflict with the steps
    since when it is no longer as seen, Refused where the step cannot be taken or would change nothing.
    """
    if kind not in OPERATIONS:
        raise Refused(_("没有这个操作。"), fix=_("请刷新页面再试。"))
    return make(uuid, kind, lambda drawing, plan: OPERATIONS[kind](drawing, Given(args), plan), user, access, seen)


def make(uuid: UUID, kind: str, operation, user: User, access: Access, seen: int | None) -> Plan:
    """Take a step of a kind with `operation(drawing, plan) -> Edit`; for steps whose change comes from elsewhere."""
    with transaction.atomic():
        plan = locked(uuid, access, seen)
        drawing = drawing_of(plan)
        edit = operation(drawing, plan)
        if not edit.change:
            raise _nothing(kind, edit)
        after = apply(drawing, edit.change)
        _count_up(plan, edit.change)
        take(plan, kind, edit.change, after, user, facts=edit.said)
    keep(plan, after)
    return plan


def take(plan: Plan, kind: str, change: Change, after: Drawing, user: User, *, facts: dict) -> None:
    """Append a step to a locked plan: what was undone can no longer be made again."""
    taken = _append(plan, kind, change, after, user, facts=facts)
    plan.done, plan.undone = [*plan.done, taken.revision][-_MOST_UNDONE:], []
    plan.save()


def undo(uuid: UUID, *, user: User, access: Access, seen: int | None) -> Plan:
    """Take the last step back. Raises Refused where there is none, and as `step` does."""
    return _again(uuid, "undo", user, access, seen)


def redo(uuid: UUID, *, user: User, access: Access, seen: int | None) -> Plan:
    """Make the step again that was taken back last."""
    return _again(uuid, "redo", user, access, seen)


def go_to(uuid: UUID, revision: int, *, user: User, access: Access, seen: int | None) -> Plan:
    """Undo or redo until the step that led to `revision` is the last; 0 is the beginning. All of it or nothing."""
    with transaction.atomic():
        plan = locked(uuid, access, seen)
        if revision and revision not in (*plan.done, *plan.undone):
            raise Refused(_("已经不能回到这一步。"), fix=_("请从列表里选择另一步。"))
        back = sum(one > revision for one in plan.done)
        forth = plan.undone[plan.undone.index(revision) :] if revision in plan.undone else []
        kind = "redo" if forth else "undo"
        after = _repeated(plan, kind, len(forth) or back, user) if forth or back else drawing_of(plan)
    keep(plan, after)
    return plan


def _again(uuid: UUID, kind: str, user: User, access: Access, seen: int | None) -> Plan:
    with transaction.atomic():
        plan = locked(uuid, access, seen)
        if not _ahead(plan, kind):
            message = _("没有可撤销的操作。") if kind == "undo" else _("没有可重做的操作。")
            raise Refused(message, fix=_("请刷新页面再看。"))
        after = _repeated(plan, kind, 1, user)
    keep(plan, after)
    return plan


def _ahead(plan: Plan, kind: str) -> list[int]:
    """The revisions that can be undone, or made again, the next one last."""
    return plan.done if kind == "undo" else plan.undone


def _repeated(plan: Plan, kind: str, count: int, user: User) -> Drawing:
    """Undo or redo so many steps of a locked plan, each appended; with one write, however many there are."""
    source, other = _ahead(plan, kind), _ahead(plan, "redo" if kind == "undo" else "undo")
    firsts = {one.revision: one for one in plan.steps.filter(revision__in=source[-count:])}
    after, taken = drawing_of(plan), []
    for _time in range(count):
        other.append(source.pop())
        first = firsts[other[-1]]
        change = unpack_change(bytes(first.change))
        change = change.inverse() if kind == "undo" else change
        after = apply(after, change)
        if first.kind == "wish":
            plan.want(first.facts["before" if kind == "undo" else "after"])
        taken.append(_appended(plan, kind, change, user, first.facts | {"kind": first.kind}, first.revision))
    plan.last_step = PlanStep.objects.bulk_create(taken)[-1].pk
    store(plan, after, always=count > _MANY)
    plan.save()
    return after


def locked(uuid: UUID, access: Access, seen: int | None) -> Plan:
    """The plan, locked for the rest of the transaction, if it may be drawn on and is as it was seen."""
    plan = Plan.objects.inside(access.which("plan.read")).select_for_update().filter(uuid=uuid).first()
    if plan is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    if not access.may("plan.write", plan.area):
        raise NotAllowed(_("您只能查看这个方案。"), fix=_("需要修改时，请与编制人联系。"))
    require_open(plan)
    if seen is not None and seen != plan.revision:
        raise Conflict(
            _("刚才有人改动了这个方案。"),
            fix=_("请看看改了什么，再决定。您的操作还没有保存。"),
            theirs={"revision": plan.revision, "steps": since(plan, seen)},
        )
    return plan


def require_open(plan: Plan) -> None:
    if not plan.open_:
        message = _("方案的状态是“%(state)s”，不能再修改。") % {"state": plan.get_state_display()}
        raise NotAllowed(message, fix=_("请撤回提交，或复制一份再修改。"))


def since(plan: Plan, revision: int) -> list[dict]:
    """The steps after a revision, in words and figures: the last ones, where they are many."""
    steps = steps_since(plan, revision).defer("change").order_by("-revision")[:MOST_TOLD]
    return [told(one) for one in reversed(steps)]


def steps_since(plan: Plan, revision: int) -> QuerySet[PlanStep]:
    """The steps after a revision up to that of the plan, in order."""
    later = plan.steps.filter(revision__gt=revision, revision__lte=plan.revision)
    return later.select_related("user").order_by("revision")


def told(one: PlanStep) -> dict:
    who = one.user.name or one.user.username
    return {
        "revision": one.revision,
        "kind": one.kind,
        "facts": one.facts,
        "undoes": one.undoes,
        "who": who,
        "at": one.at.isoformat(),
    }


def _append(plan: Plan, kind: str, change: Change, after: Drawing, user: User, *, facts: dict) -> PlanStep:
    taken = _appended(plan, kind, change, user, facts)
    taken.save()
    plan.last_step = taken.pk
    store(plan, after)
    return taken


def _appended(plan: Plan, kind: str, change: Change, user: User, facts: dict, undoes: int | None = None) -> PlanStep:
    """The next step of a plan, not yet written."""
    plan.revision += 1
    packed = pack_change(change)
    return PlanStep(plan=plan, revision=plan.revision, kind=kind, facts=facts, change=packed, undoes=undoes, user=user)


def _count_up(plan: Plan, change: Change) -> None:
    if change.come is not None and len(change.come.ids):
        plan.next_tile = max(plan.next_tile, int(change.come.ids.max()) + 1)
    plan.next_cell = max([plan.next_cell, *(number + 1 for number in change.cells_after)])


def _nothing(kind: str, edit: Edit) -> Refused:
    """Why a step would change nothing, and what there is to do: another place helps only what was drawn at one."""
    if kind == "file" and edit.said.get("locked"):
        return Refused(_("除锁定的网格外，文件里的划分和方案现在的一样。"), fix=_("要改动锁定的网格，请先解锁再上传。"))
    if kind == "file":
        return Refused(_("文件里的划分和方案现在的一样，没有什么需要改动。"), fix=_("不必再上传；要改动，请先改文件。"))
    if edit.said.get("locked"):
        return Refused(_("这些地块在已锁定的网格里。"), fix=_("请先解锁，或换一处再试。"))
    if edit.said.get("foreign"):
        return Refused(_("这些地块属于别的社区，网格不能跨社区。"), fix=_("换一处再试。"))
    if kind in _OF_CELLS:
        return Refused(_("没有什么需要改动。"), fix=_("已经是这样，不必再做。"))
    return Refused(_("没有什么需要改动。"), fix=_("换一处再试。"))
