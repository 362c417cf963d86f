"""What people say about a plan: comments beside the decisions, and how far somebody has read them."""

from uuid import UUID

import numpy as np
import shapely
from django.contrib.gis.geos import Point
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.planning.concerned import tell_note
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan, PlanNote
from gis.written import read_words, refuse

LONGEST = 500


class PlanReading(models.Model):
    """How far somebody has read what is said about a plan: the last note they saw."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="readings")
    note = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "plan"], name="plan_reading_once")]

    def __str__(self) -> str:
        return f"reading {self.pk}"


def comment(
    uuid: UUID,
    text: str,
    *,
    user: User,
    access: Access,
    cell: int | None = None,
    place: Point | None = None,
    about: int | None = None,
) -> PlanNote:
    """Say something about a plan, a cell of it, a place in it, or a comment on it. Everybody who may read it may.

    `place` in degrees. Raises OutOfScope for a plan that may not be read, Refused for an empty text, a cell that never
    was, a place outside the plan or a comment of another one.
    """
    plan = _read(uuid, access)
    if cell is not None and not 0 < cell < plan.next_cell:
        raise Refused(_("方案里没有这个网格。"), fix=_("请刷新页面再试。"), fields={"cell": _("方案里没有这个网格。")})
    if place is not None and not covers(plan, place):
        raise refuse("place", _("这个位置不在方案的范围内。"), _("请在方案里面选一个位置。"))
    words = read_words(text, "text", LONGEST, needed=True)
    said = {"text": words, "cell": cell, "place": place, "about": _comment_of(plan, about) if about else None}
    return _append(plan, user, PlanNote.Kind.COMMENT, **said)


def settle(uuid: UUID, about: int, *, settled: bool, user: User, access: Access) -> PlanNote:
    """Say that a comment is settled, or that it is open again: who draws the plan may, and whoever wrote it.

    Raises OutOfScope, NotAllowed, Refused for what is no comment of the plan.
    """
    plan = _read(uuid, access)
    comment = _comment_of(plan, about)
    if not may_settle(comment, user, access):
        raise NotAllowed(_("只有编制人和留言的人可以这样做。"), fix=_("请在留言里说明。"))
    return _append(plan, user, PlanNote.Kind.SETTLE if settled else PlanNote.Kind.REOPEN, about=comment)


def may_settle(comment: PlanNote, user: User, access: Access) -> bool:
    return comment.user_id == user.pk or access.may("plan.write", comment.plan.area)


def covers(plan: Plan, place: Point) -> bool:
    """Whether a place lies in what the plan draws on."""
    [[x, y]] = crs.move(np.array([[place.x, place.y]]), crs.STORE, plan.crs)
    return bool(shapely.intersects_xy(drawing_of(plan).shapes, x, y).any())


def settled(notes: list[PlanNote]) -> set[int]:
    """Which comments of a plan's notes, oldest first, count as settled."""
    last = {note.about_id: note.kind for note in notes if note.kind in (PlanNote.Kind.SETTLE, PlanNote.Kind.REOPEN)}
    return {comment for comment, kind in last.items() if kind == PlanNote.Kind.SETTLE}


def _read(uuid: UUID, access: Access) -> Plan:
    plan = Plan.objects.inside(access.which("plan.read")).filter(uuid=uuid).first()
    if plan is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return plan


def _comment_of(plan: Plan, pk: int) -> PlanNote:
    """A comment that stands by itself: an answer to an answer belongs to the first."""
    comment = plan.notes.filter(pk=pk, kind=PlanNote.Kind.COMMENT).select_related("about").first()
    if comment is None:
        raise refuse("about", _("方案里没有这条留言。"), _("请刷新页面再试。"))
    return comment.about or comment


def _append(plan: Plan, user: User, kind: str, **said) -> PlanNote:
    note = PlanNote.objects.create(plan=plan, revision=plan.revision, user=user, kind=kind, **said)
    tell_note(note)
    return note


def read(plan: Plan, user: User) -> None:
    """Keep that somebody has seen all that is said about a plan."""
    last = plan.notes.order_by("-pk").values_list("pk", flat=True).first()
    if last:
        PlanReading.objects.update_or_create(plan=plan, user=user, defaults={"note": last})


def with_unread(plans, user: User):
    """The plans, each with `unread`: how many notes of others somebody has not seen."""
    seen = PlanReading.objects.filter(plan=OuterRef("pk"), user=user).values("note")[:1]
    plans = plans.annotate(seen=Subquery(seen))
    new = Q(seen=None) | Q(notes__pk__gt=F("seen"))
    return plans.annotate(unread=Count("notes", filter=~Q(notes__user=user) & new))


def unread(plan: Plan, user: User) -> int:
    return with_unread(Plan.objects.filter(pk=plan.pk), user).get().unread
