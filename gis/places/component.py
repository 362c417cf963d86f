from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.columns import CodeField
from gis.places.building import InScopeQuerySet

#: 6 digits of the district, 2 of the major and 2 (CJ/T 214) or 3 (GB/T 30428) of the minor class, a running number: 16
#: in both; 18 for the sensors of the newer standard.
CODE = r"^[0-9]{16}([0-9]{2})?$"


class Component(models.Model):
    """A part of the city that somebody owns and looks after: a manhole cover, a street lamp, a hydrant … (部件).

    `kind` is its class, a code of `component_class.csv`, which the running number behind it does not repeat: the two
    standards cut the 16 digits differently. `owner` is what the file says; `care` one of our departments, to which a
    report about it can go. `area` is the scope: the cell it stands in, or the community while no cell holds it.
    """

    class State(models.TextChoices):
        INTACT = "intact", _("完好")
        DAMAGED = "damaged", _("破损")
        MISSING = "missing", _("丢失")
        DISUSED = "disused", _("废弃")

    class Accuracy(models.TextChoices):
        A = "A", _("A 级，±0.5 米")
        B = "B", _("B 级，±1.0 米")
        C = "C", _("C 级，±10.0 米")

    code = CodeField(_("标识码"), max_length=18, unique=True)
    kind = CodeField(_("部件小类"), max_length=5)
    name = models.CharField(_("名称"), max_length=80, blank=True)
    place = models.CharField(_("位置描述"), max_length=120, blank=True)
    position = PointField(_("位置"))
    owner = models.CharField(_("权属单位"), max_length=80, blank=True)
    care_name = models.CharField(_("养护单位"), max_length=80, blank=True)
    care = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("养护部门"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.INTACT)
    accuracy = models.CharField(_("定位精度"), max_length=1, choices=Accuracy.choices, blank=True)
    surveyed_on = models.DateField(_("普查日期"), null=True, blank=True)
    area = CodeField(_("辖区代码"), max_length=15)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("城市部件")
        verbose_name_plural = _("城市部件")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=CODE), name="component_code_of_digits"),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="component_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "kind"], name="component_by_area"),  # scope range, lists by class
        ]

    def __str__(self) -> str:
        return self.code
