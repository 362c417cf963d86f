"""Other and old names of places: what people still say."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField
from gis.places.building import Building, InScopeQuerySet


class PlaceAlias(models.Model):
    """Another name of a road, an area or a building; a compound's stand in `Compound.aliases`.

    Of a road it holds inside `area`, because two towns may call two roads the same. `name` is the name in use, empty
    for a building.
    """

    class Kind(models.TextChoices):
        ROAD = "road", _("道路")
        AREA = "area", _("辖区")
        BUILDING = "building", _("楼栋")

    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    alias = models.CharField(_("别名或旧名"), max_length=80)
    name = models.CharField(_("现用名称"), max_length=80, blank=True, help_text=_("道路:如 府前街"))
    building = models.ForeignKey(Building, models.CASCADE, null=True, blank=True, verbose_name=_("楼栋"))
    area = CodeField(_("辖区代码"), max_length=15)
    note = models.CharField(_("说明"), max_length=120, blank=True, help_text=_("如 2005 年更名"))

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("地名别名")
        verbose_name_plural = _("地名别名")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="building", building__isnull=False)
                | Q(kind="road", building=None) & ~Q(name="")
                | Q(kind="area", building=None),
                name="alias_names_something",
            ),
            models.UniqueConstraint(fields=["area", "kind", "alias", "name"], name="alias_once"),
        ]
        indexes = [models.Index(fields=["building"], name="alias_by_building")]  # the building's page

    def __str__(self) -> str:
        return self.alias
