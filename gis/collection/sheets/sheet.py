"""A table as a department brought it, its rows, and what is remembered for the next one.

Nothing of a table stands in the clear: its name and headings (a file without a heading has people in its first row),
what its values mean, its content and its rows are sealed with the key of people. A row is sealed only as long as
somebody needs it: until it is filed, or dropped.
"""

import json
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.columns import BlindIndexField, CodeField, SealedField, SealedFileField
from gis.people.resident import Resident
from gis.people.sealing import SealBroken, open_seal, seal
from gis.places.building import InScopeQuerySet

#: Days after which a table that nobody went on with is thrown away, and a row that nobody looked at.
KEPT_DAYS, REVIEW_DAYS = 7, 30


class Stage(models.TextChoices):
    COLUMNS = "columns", _("核对列名")
    VALUES = "values", _("核对取值")
    CHECKING = "checking", _("比对中")
    READY = "ready", _("等待确认")
    FILING = "filing", _("写入中")
    PAUSED = "paused", _("已暂停")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


#: A worker is at it, or will be.
AT_WORK = (Stage.CHECKING, Stage.FILING)


class Sheet(models.Model):
    """One table. `sealed` holds its name, headings, columns and codes (`plan`); `digest` is a keyed print of its bytes.

    `area` is the ground it was brought for: nobody outside it is looked for, and nothing is written there. `as_of` is
    the day of which it tells.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="sheets", verbose_name=_("部门"))
    area = CodeField(_("辖区代码"), max_length=15)
    sealed = SealedField()
    content = SealedFileField(upload_to="sheets/", blank=True)
    digest = BlindIndexField(max_length=16)  # keyed; after a change of keys the same file is not recognised
    as_of = models.DateField(_("数据日期"))
    language = models.CharField(max_length=10, default="zh-hans")
    stage = models.CharField(_("状态"), max_length=10, choices=Stage.choices, default=Stage.COLUMNS)
    percent = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    fix = models.CharField(max_length=200, blank=True)
    brought_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("部门数据表")
        verbose_name_plural = _("部门数据表")
        ordering = ["-brought_at"]
        indexes = [models.Index(fields=["department", "-brought_at"], name="sheet_by_department")]  # its list

    def __str__(self) -> str:
        return f"sheet {self.pk}"

    @property
    def scope(self) -> Scope:
        return Scope.of([self.area])

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK

    @property
    def plan(self) -> dict:
        """`name`, `sheet`, `sheets`, `titles`, `shown` (first rows), `how`, `mapping` (title → field), `codes`."""
        return opened(self.sealed)

    def with_plan(self, **changed) -> bytes:
        """The plan with some of it changed, sealed."""
        return seal(json.dumps(self.plan | changed, ensure_ascii=False))

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.plan.get("name") or "?"


def opened(sealed: bytes | None) -> dict:
    """What lies sealed; nothing where the key it was sealed with is lost."""
    try:
        return json.loads(open_seal(sealed)) if sealed else {}
    except SealBroken:
        return {}


class Verdict(models.TextChoices):
    """What a row is, held against the people and homes of its ground when the table was checked."""

    LINK = "link", _("确定是已登记的人")
    REVIEW = "review", _("需要核对")
    NEW = "new", _("新登记")
    TWIN = "twin", _("与前面的行相同")
    FAULT = "fault", _("有错，不收")


class Outcome(models.TextChoices):
    """What became of a row."""

    WAITS = "", _("等待写入")
    CHANGED = "changed", _("已写入")
    SAME = "same", _("没有变化")
    MADE = "made", _("已新登记")
    ASKED = "asked", _("待核对")
    TWIN = "twin", _("重复的行")
    FAULT = "fault", _("有错")
    DROPPED = "dropped", _("不收")


class SheetRow(models.Model):
    """One row. `sealed` is what it says in our spelling; `who` a keyed print of what tells who it is.

    `candidates` are the people it may be, likeliest first, as [key, probability, levels]; `facts` and `corrections`
    count what it brought. Row-level security guards the table: `area` is the cell of its home, where that is known.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="rows", db_index=False)  # `sheet_row_once` finds them
    row = models.PositiveIntegerField()
    area = CodeField(max_length=15)
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True, default=Outcome.WAITS)
    faults = models.JSONField(default=list)
    sealed = SealedField(null=True)
    who = BlindIndexField(max_length=16, null=True)  # keyed; after a change of keys it is asked once more
    # A record may be taken into another: what was brought for it stays told.
    resident = models.ForeignKey(Resident, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    dwelling = models.BigIntegerField(null=True)
    candidates = models.JSONField(default=list)
    facts = models.PositiveSmallIntegerField(default=0)
    corrections = models.PositiveSmallIntegerField(default=0)
    later_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "row"]
        constraints = [models.UniqueConstraint(fields=["sheet", "row"], name="sheet_row_once")]
        indexes = [
            models.Index(fields=["sheet", "outcome", "row"], name="sheet_row_by_outcome"),  # progress, what is next
            models.Index(fields=["who"], condition=models.Q(who__isnull=False), name="sheet_row_by_who"),  # seen before
            # the queue of an area
            models.Index(fields=["area", "later_at"], condition=models.Q(outcome="asked"), name="sheet_row_asked"),
        ]

    def __str__(self) -> str:
        return f"sheet row {self.pk}"


class SheetColumns(models.Model):
    """What a department said of a set of headings: title → field, and what values mean, sealed."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="+")
    headings = models.CharField(max_length=64)
    sealed = SealedField()
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "headings"], name="sheet_columns_once")]

    def __str__(self) -> str:
        return f"columns {self.pk}"
