"""What people say about a plan: comments beside the decisions, and how far somebody has read them."""

from uuid import UUID

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import OutOfScope, Refused
from gis.planning.concerned import tell_note
from gis.planning.plan import Plan, PlanNote
from gis.written import read_words

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


def comment(uuid: UUID, text: str, *, user: User, access: Access, cell: int | None = None) -> PlanNote:
    """Say something about a plan, or about a cell of it, as it is now. Everybody who may read it may.

    Raises OutOfScope for a plan that may not be read, Refused for an empty text or a cell that never was.
    """
    plan = Plan.objects.inside(access.which("plan.read")).filter(uuid=uuid).first()
    if plan is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    if cell is not None and not 0 < cell < plan.next_cell:
        raise Refused(_("方案里没有这个网格。"), fix=_("请刷新页面再试。"), fields={"cell": _("方案里没有这个网格。")})
    words = read_words(text, "text", LONGEST, needed=True)
    note = PlanNote.objects.create(plan=plan, revision=plan.revision, user=user, text=words, cell=cell)
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
