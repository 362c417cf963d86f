"""Cells and their dated life.

A *cell* is an identity that lives through time. Its life is a row of versions that never overlap, each with
its code, its polygon and the days on which it was in force. Example: cell 7 is 110113001006003 from 2025-01-01.
On 2026-07-01 a plan splits it: its version ends that day, its code retires for ever, cells 91 and 92 begin with
codes …011 and …012, and two lineage rows say "split" with the shares that went each way. An incident reported
in May 2026 still names the version it was reported in; a building names the cell it stands in today.
"""

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.columns import CoarseField, CodeField, DrawingField, GroundAreaField


class Cell(models.Model):
    """The identity of a cell 网格. Everything that can change is in its versions."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("社区网格")
        UNIT = "unit", _("单元网格")
        MANAGEMENT = "management", _("管理网格")
        DEDICATED = "dedicated", _("专属网格")

    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.SERVICE)

    class Meta:
        verbose_name = _("网格")
        verbose_name_plural = _("网格")

    def __str__(self) -> str:
        return f"cell {self.pk}"


class CellVersionQuerySet(models.QuerySet):
    def on(self, day):
        """The versions in force on a date."""
        return self.filter(valid__contains=day)

    def inside(self, scope: Scope):
        return self.filter(scope.q("code"))


class CellVersion(models.Model):
    """A cell as it was drawn over a range of days `[from, to)`."""

    cell = models.ForeignKey(Cell, models.PROTECT, related_name="versions", verbose_name=_("网格"))
    code = CodeField(_("代码"), max_length=15)
    name = models.CharField(_("名称"), max_length=40)
    geometry = MultiPolygonField(_("边界"))
    drawing = DrawingField()
    coarse = CoarseField()
    area_m2 = GroundAreaField()
    valid = DateRangeField(_("有效期"))
    source = models.CharField(_("数据来源"), max_length=80, blank=True)

    objects = CellVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("网格版本")
        verbose_name_plural = _("网格版本")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{15}$"), name="cell_code_is_15_digits"),
            ExclusionConstraint(
                name="cell_one_version_a_day",
                expressions=[("cell", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="cell_code_one_holder_a_day",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="cell_by_code"),  # scope range of lists, values and panels
            GistIndex(fields=["drawing"], name="cell_drawing"),  # tiles
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def community_code(self) -> str:
        return self.code[:12]


class Lineage(models.Model):
    """What became of a cell version: where its ground and its households went."""

    class Kind(models.TextChoices):
        SUCCESSOR = "successor", _("延续")
        SPLIT = "split", _("拆分")
        MERGE = "merge", _("合并")
        REDISTRIBUTE = "redistribute", _("重划")

    before = models.ForeignKey(CellVersion, models.PROTECT, related_name="later")
    after = models.ForeignKey(CellVersion, models.PROTECT, related_name="earlier")
    kind = models.CharField(_("变更"), max_length=12, choices=Kind.choices)
    share_area = models.FloatField(_("面积占比"))
    share_households = models.FloatField(_("户数占比"))

    class Meta:
        verbose_name = _("网格沿革")
        verbose_name_plural = _("网格沿革")
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="lineage_once")]
