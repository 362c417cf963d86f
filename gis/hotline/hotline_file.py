"""An export as it was brought, its rows, and what is remembered for the next one.

A row says what one file said of one work order. What it says of persons lies sealed in it, as long as somebody needs
it: until the case is filed, or the row is dropped. Rows that wait in a queue are rows like the others; which ones
wait, and how far a file is, is counted from the rows.
"""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.columns import CodeField, SealedField, SealedFileField
from gis.incidents.category import Category
from gis.incidents.incident import Incident
from gis.places.building import InScopeQuerySet

#: Characters of a work order's number, of a source's name, of the words of a category.
LONGEST_NUMBER, LONGEST_SOURCE, LONGEST_WORDS = 60, 40, 160
#: Days after which a file that nobody went on with is thrown away.
KEPT_DAYS = 7


class Stage(models.TextChoices):
    COLUMNS = "columns", _("核对列名")
    CHECKING = "checking", _("检查中")
    READY = "ready", _("等待确认")
    FILING = "filing", _("立案中")
    PAUSED = "paused", _("已暂停")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


#: A worker is at it, or will be.
AT_WORK = (Stage.CHECKING, Stage.FILING)


class HotlineFile(models.Model):
    """One export, brought by somebody for the ground in `area`. `content` lies sealed until filing begins."""

    class Shift(models.TextChoices):
        """What the coordinates of a file are written in."""

        NONE = "", _("CGCS2000 / WGS-84")
        GCJ02 = "gcj02", _("GCJ-02（高德、腾讯）")
        BD09 = "bd09", _("BD-09（百度）")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("上传人"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("部门"))
    area = CodeField(_("辖区代码"), max_length=15)
    source = models.CharField(_("来源"), max_length=LONGEST_SOURCE, default="12345")
    name = models.CharField(_("文件名"), max_length=120)
    content = SealedFileField(upload_to="hotline/", blank=True)
    #: The first rows, sealed, to show beside the columns.
    shown = SealedField(null=True)
    titles = models.JSONField(default=list)
    chosen = models.JSONField(default=dict)  # field → title
    shift = models.CharField(max_length=5, choices=Shift.choices, blank=True, default="")
    how = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    stage = models.CharField(_("状态"), max_length=10, choices=Stage.choices, default=Stage.COLUMNS)
    trouble = models.CharField(max_length=200, blank=True)
    fix = models.CharField(max_length=200, blank=True)
    brought_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("热线工单文件")
        verbose_name_plural = _("热线工单文件")
        ordering = ["-brought_at"]
        indexes = [
            models.Index(fields=["owner", "-brought_at"], name="hotline_file_by_owner")
        ]  # one's own, newest first

    def __str__(self) -> str:
        return f"hotline file {self.pk}"

    @property
    def scope(self) -> Scope:
        return Scope.of([self.area])

    @property
    def whose(self) -> str:
        """Under which what it teaches is remembered: the department's name, else the ground's."""
        return self.department.code if self.department else self.area

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK


class Verdict(models.TextChoices):
    """What a row is, held against what is known of its work order when the file was checked."""

    NEW = "new", _("新工单")
    KNOWN = "known", _("已有，没有变化")
    CHANGED = "changed", _("已有，有变化")
    FAULT = "fault", _("有错，不收")


class Outcome(models.TextChoices):
    """What became of a row."""

    WAITS = "", _("等待立案")
    FILED = "filed", _("已立案")
    CHANGED = "changed", _("已记入变化")
    KNOWN = "known", _("没有变化")
    KIND = "kind", _("类别未对应")
    PLACE = "place", _("位置未确定")
    DROPPED = "dropped", _("不收")
    FAULT = "fault", _("有错")
    LATER = "later", _("后来的文件有新内容")


#: What waits for a person.
QUEUES = (Outcome.KIND, Outcome.PLACE)
#: What tells how a work order stood when it was last seen.
TOLD = (Outcome.FILED, Outcome.CHANGED, Outcome.KIND, Outcome.PLACE, Outcome.DROPPED)


class HotlineRow(models.Model):
    """What one row of a file says. `sealed` is the order itself, `prints` a keyed print of each of its fields."""

    file = models.ForeignKey(HotlineFile, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    area = CodeField(max_length=15)
    source = models.CharField(max_length=LONGEST_SOURCE)
    number = models.CharField(_("工单编号"), max_length=LONGEST_NUMBER)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default=Outcome.WAITS)
    faults = models.JSONField(default=list)
    words = models.CharField(_("诉求分类"), max_length=LONGEST_WORDS, blank=True)
    prints = models.JSONField(default=dict)
    sealed = SealedField(null=True)
    #: Found or chosen for it while it waited.
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    incident = models.ForeignKey(Incident, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("热线工单")
        verbose_name_plural = _("热线工单")
        ordering = ["file", "row"]
        constraints = [models.UniqueConstraint(fields=["file", "row"], name="hotline_row_once")]
        indexes = [
            models.Index(fields=["source", "number"], name="hotline_row_by_number"),  # how an order last stood
            models.Index(
                fields=["file", "outcome", "row"], name="hotline_row_by_outcome"
            ),  # progress, and what is next
            # the two queues of an area
            models.Index(
                fields=["area", "outcome"], condition=models.Q(outcome__in=QUEUES), name="hotline_row_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"hotline row {self.pk}"


class HotlineColumns(models.Model):
    """How the columns of a source's files are called: field → title, as somebody once said."""

    whose = CodeField(max_length=50)
    source = models.CharField(max_length=LONGEST_SOURCE)
    chosen = models.JSONField(default=dict)
    shift = models.CharField(max_length=5, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whose", "source"], name="hotline_columns_once")]

    def __str__(self) -> str:
        return f"{self.whose} {self.source}"


class HotlineKind(models.Model):
    """Which category of ours the words of a source mean, as somebody once said."""

    whose = CodeField(max_length=50)
    source = models.CharField(max_length=LONGEST_SOURCE)
    words = models.CharField(max_length=LONGEST_WORDS)
    category = models.ForeignKey(Category, models.CASCADE, verbose_name=_("类别"))
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whose", "source", "words"], name="hotline_kind_once")]

    def __str__(self) -> str:
        return f"{self.whose} {self.source} {self.words}"
