"""The drawing of a plan, kept in memory by each process and brought up to date by the steps since."""

from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

from gis.areas.plans.drawing import Drawing, apply
from gis.areas.plans.packing import pack_drawing, unpack_change, unpack_drawing
from gis.planning.plan import Plan, PlanSnapshot, PlanStep

#: Drawings a process keeps: one of 20,000 tiles is about 60 MB.
_MOST = 6
#: A snapshot is written anew after so many steps.
_STEPS = 100


@dataclass(frozen=True)
class _Kept:
    revision: int
    step: int  # primary key of the last step in it
    drawing: Drawing


_kept: LRUCache = LRUCache(_MOST)
_lock = Lock()


def drawing_of(plan: Plan) -> Drawing:
    """The drawing at `plan.revision`."""
    with _lock:
        kept = _kept.get(plan.pk)
    if kept and kept.step == plan.last_step:
        return kept.drawing
    drawing = _caught_up(plan, kept) if kept else None
    if drawing is None:
        drawing = _applied(*_stored(plan), plan)
    keep(plan, drawing)
    return drawing


def keep(plan: Plan, drawing: Drawing) -> None:
    """Remember the drawing at `plan.revision`."""
    with _lock:
        _kept[plan.pk] = _Kept(plan.revision, plan.last_step, drawing)


def forget(plan: Plan) -> None:
    """Read the plan from the database next time."""
    with _lock:
        _kept.pop(plan.pk, None)


def _caught_up(plan: Plan, kept: _Kept) -> Drawing | None:
    """What is kept, brought up to date; None where the step it ends with was never committed, or came later."""
    known = kept.step == 0 or PlanStep.objects.filter(plan=plan, pk=kept.step).exists()
    return _applied(kept.revision, kept.drawing, plan) if known and kept.revision < plan.revision else None


def store(plan: Plan, drawing: Drawing, *, always: bool = False) -> None:
    """Write a snapshot at `plan.revision`, where one is due."""
    if always or plan.revision % _STEPS == 0:
        values = {"revision": plan.revision, "drawing": pack_drawing(drawing)}
        PlanSnapshot.objects.update_or_create(plan=plan, defaults=values)


def _stored(plan: Plan) -> tuple[int, Drawing]:
    snapshot = PlanSnapshot.objects.get(plan=plan)
    drawing = unpack_drawing(bytes(snapshot.drawing))
    if snapshot.revision > plan.revision:  # asked for an older state: the steps since are taken back
        later = PlanStep.objects.filter(plan=plan, revision__gt=plan.revision, revision__lte=snapshot.revision)
        for step in later.order_by("-revision"):
            drawing = apply(drawing, unpack_change(bytes(step.change)).inverse())
        return plan.revision, drawing
    return snapshot.revision, drawing


def _applied(revision: int, drawing: Drawing, plan: Plan) -> Drawing:
    steps = PlanStep.objects.filter(plan=plan, revision__gt=revision, revision__lte=plan.revision).order_by("revision")
    for change in steps.values_list("change", flat=True):
        drawing = apply(drawing, unpack_change(bytes(change)))
    return drawing
