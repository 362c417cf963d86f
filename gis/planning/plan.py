"""A plan 方案: a draft of the cells of one community or street, or of the borders of either; how it came about.

The ground it draws on is cut into tiles once, when it is opened. From then on each *step* stores what it changed, both
ways; undo and redo are steps too, so `revision` only grows, and who looks at an older revision can be told exactly what
came since. `PlanSnapshot` is a drawing at some revision, so that nobody has to read all steps from the beginning.
"""

import uuid

from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.columns import CodeField, TransactionField


class PlanQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q("area"))


class Plan(models.Model):
    """`done` and `undone` are the revisions of steps that can be undone and redone, the next one last."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准")
        PUBLISHED = "published", _("已发布")
        REJECTED = "rejected", _("已退回")
        WITHDRAWN = "withdrawn", _("已作废")

    class Kind(models.TextChoices):
        CELLS = "cells", _("网格方案")
        COMMUNITIES = "communities", _("社区边界方案")
        STREETS = "streets", _("街道边界方案")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.CELLS)
    name = models.CharField(_("名称"), max_length=60)
    area = CodeField(_("辖区代码"), max_length=12)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("编制人"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    #: What it was started from: current, nothing, file, automatic, copy, or a date for cells of the past.
    begun_from = models.CharField(_("起点"), max_length=12, default="current")
    #: Names what was in force on its ground when it was opened, or last compared with it: `gis.planning.basis`.
    basis = models.CharField(max_length=32, default="", db_default="")
    crs = models.PositiveIntegerField()  # EPSG number of the plane it is drawn in, metres
    target = models.FloatField(_("目标户数"), default=300)
    tolerance = models.FloatField(_("允许偏差"), default=0.1)
    weights = models.JSONField(_("工作量权重"), default=dict)  # load name → weight; empty: households alone
    starts = models.DateField(_("生效日期"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    #: Primary key of the step that led to `revision`: unlike a revision it is never used again after a rollback.
    last_step = models.BigIntegerField(default=0)
    done = models.JSONField(default=list)
    undone = models.JSONField(default=list)
    #: The first tile id never used, those of undone steps included.
    next_tile = models.PositiveIntegerField(default=0)
    next_cell = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("方案")
        verbose_name_plural = _("方案")
        ordering = ["-changed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="streets", area__regex=r"^[0-9]{6}$")
                | (~Q(kind="streets") & Q(area__regex=r"^([0-9]{9}|[0-9]{12})$")),
                name="plan_at_its_level",
            ),
            models.CheckConstraint(
                condition=Q(target__gt=0, tolerance__gt=0, tolerance__lt=1), name="plan_has_a_target"
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="plan_by_area")]  # the list

    def __str__(self) -> str:
        return self.name

    @property
    def open_(self) -> bool:
        """Whether it can still be drawn on."""
        return self.state in (self.State.DRAFT, self.State.REJECTED)

    @property
    def wish(self) -> dict:
        return {"target": self.target, "tolerance": self.tolerance, "weights": self.measure}

    def want(self, wish: dict) -> None:
        self.target, self.tolerance, self.weights = wish["target"], wish["tolerance"], wish["weights"]

    @property
    def measure(self) -> dict[str, float]:
        """What counts as workload: a weight for each load."""
        return {name: weight for name, weight in self.weights.items() if weight} or {"households": 1.0}


class PlanStep(models.Model):
    """One recorded change: appended, never edited. `facts` says in figures what was done, `change` is the change."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    change = models.BinaryField()
    undoes = models.PositiveIntegerField(null=True)  # the revision that is taken back, or made again
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    transaction = TransactionField()

    class Meta:
        ordering = ["revision"]
        constraints = [models.UniqueConstraint(fields=["plan", "revision"], name="plan_step_once")]
        indexes = [models.Index(fields=["transaction"], name="plan_step_order")]  # the live feed

    def __str__(self) -> str:
        return f"{self.kind} {self.revision}"


class PlanSnapshot(models.Model):
    """The drawing of a plan at a revision."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="snapshot")
    revision = models.PositiveIntegerField()
    drawing = models.BinaryField()

    def __str__(self) -> str:
        return f"snapshot {self.revision}"


class PlanNote(models.Model):
    """A comment, or a decision on the plan. Appended. `cell` and `place` say what it is about.

    `about` is the comment that one answers, or says to be settled or open again: the last of these counts.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("留言")
        SUBMIT = "submit", _("提交审批")
        TAKE_BACK = "take_back", _("撤回提交")
        APPROVE = "approve", _("批准")
        REDATE = "redate", _("改生效日期")
        REJECT = "reject", _("退回")
        PUBLISH = "publish", _("发布")
        WITHDRAW = "withdraw", _("作废")
        SETTLE = "settle", _("已处理")
        REOPEN = "reopen", _("重新打开")

    #: What is said; all others decide.
    TALK = (Kind.COMMENT, Kind.SETTLE, Kind.REOPEN)

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    revision = models.PositiveIntegerField()  # of the plan when it was written
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=500, blank=True)
    cell = models.PositiveIntegerField(null=True)  # number of a plan cell
    place = PointField(null=True, spatial_index=False)  # where on the map it points
    about = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    facts = models.JSONField(default=dict)
    transaction = TransactionField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["transaction"], name="plan_note_order")]  # the live feed

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
