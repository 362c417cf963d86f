from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.areas.cell import Cell
from gis.columns import CodeField, DrawingField, GroundAreaField


class InScopeQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q())


class Compound(models.Model):
    """A residential compound 小区: the name people use before the building's number."""

    name = models.CharField(_("名称"), max_length=60)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    area = CodeField(_("社区代码"), max_length=15, db_index=True)
    geometry = MultiPolygonField(_("范围"), null=True, blank=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("小区")
        verbose_name_plural = _("小区")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="compound_once_per_community")]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building 楼栋. Its code is the community's plus five digits and holds no cell: cells get redrawn.

    `cell` is where it stands today, refreshed when a plan is published; null is the visible queue "no cell".
    `area` is the scope: the cell's code, or the community's while there is no cell.
    """

    class Kind(models.TextChoices):
        RESIDENTIAL = "residential", _("住宅")
        VILLAGE = "village", _("平房院落")
        COMMERCIAL = "commercial", _("商业")
        OFFICE = "office", _("办公")
        SCHOOL = "school", _("学校")
        MEDICAL = "medical", _("医疗")
        PUBLIC = "public", _("公共服务")
        INDUSTRIAL = "industrial", _("厂房仓库")
        UTILITY = "utility", _("配套设施")
        OTHER = "other", _("其他")

    code = CodeField(_("代码"), max_length=17, unique=True)
    kind = models.CharField(_("用途"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    compound = models.ForeignKey(Compound, models.SET_NULL, null=True, blank=True, verbose_name=_("小区"))
    number = models.CharField(_("楼号"), max_length=20, blank=True, help_text=_("如 12号楼"))
    name = models.CharField(_("名称"), max_length=80, blank=True)
    road = models.CharField(_("道路"), max_length=60, blank=True)
    gate = models.CharField(_("门牌"), max_length=20, blank=True, help_text=_("如 10号"))
    floors = models.PositiveSmallIntegerField(_("层数"), null=True, blank=True)
    units = models.PositiveSmallIntegerField(_("单元数"), null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(_("建成年份"), null=True, blank=True)
    geometry = MultiPolygonField(_("轮廓"))
    drawing = DrawingField()
    area_m2 = GroundAreaField()
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, related_name="buildings")
    area = CodeField(_("辖区代码"), max_length=15)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = _("楼栋")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="building_once_per_source"
            )
        ]
        indexes = [
            models.Index(fields=["area"], name="building_by_area"),  # scope range
            GistIndex(fields=["drawing"], name="building_drawing"),  # tiles
            models.Index(fields=["road", "gate"], condition=~Q(road=""), name="building_by_gate"),  # search: 府前街2号
            models.Index(fields=["area"], condition=~Q(name=""), name="building_named"),  # search: any part of a name
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people call it: compound and number, else name, else road and gate, else the code."""
        if self.compound_id and self.number:
            return f"{self.compound.name}{self.number}"
        return self.name or f"{self.road}{self.gate or self.number}" or self.code


class DwellingQuerySet(InScopeQuerySet):
    def standing(self):
        """The doors that are there today."""
        return self.exclude(state=Dwelling.State.GONE)


class Dwelling(models.Model):
    """A dwelling 户室: one door. Says nothing of who lives there; that is a residence.

    A door where people lived is never deleted: once it is demolished or merged into another its state is `gone`, it
    counts nowhere and takes nobody in.
    """

    class State(models.TextChoices):
        UNKNOWN = "unknown", _("未核实")
        OCCUPIED = "occupied", _("有人居住")
        EMPTY = "empty", _("空置")
        RENTED = "rented", _("出租")
        GONE = "gone", _("已拆除或合并")

    class Answer(models.TextChoices):
        ANSWERED = "answered", _("有人应答")
        NO_ANSWER = "no_answer", _("无人应答")
        REFUSED = "refused", _("拒绝登记")

    building = models.ForeignKey(Building, models.CASCADE, related_name="dwellings", verbose_name=_("楼栋"))
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    floor = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    room = models.CharField(_("室号"), max_length=20)
    state = models.CharField(_("居住状态"), max_length=8, choices=State.choices, default=State.UNKNOWN)
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    tried_on = models.DateField(_("上次走访日期"), null=True, blank=True)
    answer = models.CharField(_("上次应答"), max_length=9, choices=Answer.choices, blank=True)  # at `tried_on`
    area = CodeField(_("辖区代码"), max_length=15)

    objects = DwellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("户室")
        verbose_name_plural = _("户室")
        ordering = ["building", "unit", "floor", "room"]
        constraints = [models.UniqueConstraint(fields=["building", "unit", "room"], name="dwelling_once_per_building")]
        indexes = [models.Index(fields=["area"], name="dwelling_by_area")]  # scope range, counts per cell

    def __str__(self) -> str:
        return f"{self.unit}单元{self.room}" if self.unit else self.room
