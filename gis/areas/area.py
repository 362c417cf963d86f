from datetime import date

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.columns import CoarseField, CodeField, DrawingField, GroundAreaField

#: Length of a division code → level. Code length is the level: 2 + 2 + 2 + 3 + 3 digits.
LEVELS = {2: "province", 4: "city", 6: "district", 9: "street", 12: "community"}
LEVEL_NAMES = {
    "province": _("省级"),
    "city": _("市级"),
    "district": _("区"),
    "street": _("街道"),
    "community": _("社区"),
}


class AreaQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q("code"))

    def standing(self, day: date | None = None):
        """The areas in force on a day, today unless given: those that have begun and not ended."""
        day = day or timezone.localdate()
        begun = Q(starts=None) | Q(starts__lte=day)
        return self.filter(begun, Q(ends=None) | Q(ends__gt=day))

    def children_of(self, code: str):
        longer = min((length for length in LEVELS if length > len(code)), default=None)
        return self.filter(code__startswith=code, level=LEVELS[longer]) if longer else self.none()

    def ancestors_of(self, code: str):
        return self.filter(code__in=[code[:length] for length in LEVELS if length < len(code)]).order_by("code")


class Area(models.Model):
    """A division: province, city, district 区, street 街道 or community 社区. Cells are in `cell.py`.

    The parent is the code cut one level shorter: 110113001006 (community) › 110113001 (street) › 110113.
    Codes are sparse, change over the years and are never used again, so the row is dated.
    """

    code = CodeField(_("代码"), max_length=12, unique=True)
    level = models.CharField(_("级别"), max_length=10, choices=[(key, LEVEL_NAMES[key]) for key in LEVELS.values()])
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    code_system = models.CharField(_("编码体系"), max_length=8, default="nbs")
    geometry = MultiPolygonField(_("边界"), null=True, blank=True)
    drawing = DrawingField()
    coarse = CoarseField()
    area_m2 = GroundAreaField()
    population = models.PositiveIntegerField(_("公布人口"), null=True, blank=True)
    population_source = models.CharField(_("人口来源"), max_length=80, blank=True)
    starts = models.DateField(_("启用日期"), null=True, blank=True)
    ends = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("辖区")
        verbose_name_plural = _("辖区")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"),
                name="area_code_has_a_level",
            ),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="area_once_per_source"
            ),
        ]
        indexes = [GistIndex(fields=["drawing"], name="area_drawing")]  # tiles

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def parent_code(self) -> str:
        shorter = [length for length in LEVELS if length < len(self.code)]
        return self.code[: max(shorter)] if shorter else ""
