"""A report: a view of the map as a file, made in the background for the one who ordered it.

The row is the order and the record of it: who, what of which areas, when, how it ended. The file goes after a few
days, the row stays. A report is nobody's but its owner's, and its owner's only while their postings still cover the
areas it was made of.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User

#: Days for which a finished file is kept.
KEPT_DAYS = 7
#: Reports one person may have waiting or in the making.
MOST_AT_WORK = 5


class Kind(models.TextChoices):
    """What a view can be had as."""

    HTML = "html", _("网页地图")
    PNG = "png", _("图片")
    XLSX = "xlsx", _("Excel 表格")
    CSV = "csv", _("CSV（UTF-8）")
    CSV_GB = "csv-gb", _("CSV（GB18030）")
    GPKG = "gpkg", _("GeoPackage")
    GEOJSON = "geojson", _("GeoJSON")
    SHP = "shp", _("Shapefile")
    KML = "kml", _("KML")
    DXF = "dxf", _("DXF")
    PARQUET = "parquet", _("GeoParquet")


class Stage(models.TextChoices):
    WAITING = "waiting", _("排队中")
    WORKING = "working", _("制作中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


AT_WORK = (Stage.WAITING, Stage.WORKING)


class ReportQuerySet(models.QuerySet):
    def of(self, owner: User):
        return self.filter(owner=owner)

    def at_work(self):
        return self.filter(stage__in=AT_WORK)

    def outlived(self, now):
        """Those whose file has been kept long enough."""
        return self.filter(stage=Stage.DONE, expires_at__lte=now)


class Report(models.Model):
    """One order. `view` says what was on the screen, words searched for sealed: `layers.reports.view.View`, or the list
    and what its address asked (`web.lists.orders`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="reports", verbose_name=_("申请人"))
    kind = models.CharField(_("格式"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("标题"), max_length=120)
    view = models.JSONField(_("内容"))
    #: The areas the figures come from, as `Scope.setting` writes them.
    areas = models.TextField(_("辖区"))
    language = models.CharField(max_length=10)
    stage = models.CharField(_("状态"), max_length=10, choices=Stage.choices, default=Stage.WAITING)
    percent = models.PositiveSmallIntegerField(_("进度"), default=0)
    trouble = models.CharField(max_length=200, blank=True)
    fix = models.CharField(max_length=200, blank=True)
    ordered_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("保留至"), null=True, blank=True)
    file = models.FileField(_("文件"), upload_to="reports/", blank=True)
    size = models.BigIntegerField(_("大小"), default=0)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("报表")
        verbose_name_plural = _("报表")
        ordering = ["-ordered_at"]
        indexes = [
            models.Index(fields=["owner", "-ordered_at"], name="report_by_owner"),  # one's own list, newest first
            models.Index(fields=["expires_at"], name="report_by_end"),  # what is to be cleared away
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def scope(self) -> Scope:
        return Scope.of(self.areas.split(",")) if self.areas else Scope(())

    def is_covered_by(self, access: Access) -> bool:
        """Whether the reader's postings still hold everything the file tells of."""
        held = dict.fromkeys(self.view.get("needs", ["area.read"]), self.areas) | self.view.get("used", {})
        return all(access.which(name).covers(area) for name, areas in held.items() for area in areas.split(","))

    def finished(self, now) -> None:
        self.stage, self.percent, self.ended_at = Stage.DONE, 100, now
        self.expires_at = now + timedelta(days=KEPT_DAYS)

    def failed(self, now, trouble: str, fix: str) -> None:
        self.stage, self.ended_at = Stage.FAILED, now
        self.trouble, self.fix = trouble[:200], fix[:200]

    @property
    def is_at_work(self) -> bool:
        return self.stage in AT_WORK

    @property
    def is_done(self) -> bool:
        return self.stage == Stage.DONE


class ReportAct(models.Model):
    """What was done with a report, and by whom. Appended, never edited."""

    class What(models.TextChoices):
        ORDERED = "ordered", _("申请")
        MADE = "made", _("制成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("取消")
        TAKEN = "taken", _("下载")
        REFUSED = "refused", _("拒绝下载")
        DELETED = "deleted", _("删除文件")

    report = models.ForeignKey(Report, models.PROTECT, related_name="acts")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = _("报表记录")
        verbose_name_plural = _("报表记录")
        ordering = ["report", "at", "pk"]
