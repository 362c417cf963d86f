"""How communities and streets were drawn over the years.

`Area` says how they are drawn now. A publication that changes an outline or a name keeps a version of what ends and of
what begins, so an area without versions has been as it is for as long as it is known. An area that has ended has no
outline any more: nothing can be reported or counted there; its versions hold what it had.
"""

from datetime import date

from django.contrib.gis.db.models import MultiPolygonField
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.areas.area import Area
from gis.columns import GroundAreaField


class AreaVersionQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(valid__contains=day)


class AreaVersion(models.Model):
    """An area as it was drawn over a range of days `[from, to)`; open where that is not known."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="versions", verbose_name=_("辖区"))
    name = models.CharField(_("名称"), max_length=80)
    geometry = MultiPolygonField(_("边界"))
    area_m2 = GroundAreaField()
    valid = DateRangeField(_("有效期"))
    source = models.CharField(_("数据来源"), max_length=80, blank=True)

    objects = AreaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("辖区版本")
        verbose_name_plural = _("辖区版本")
        ordering = ["area", "valid"]
        constraints = [
            ExclusionConstraint(
                name="area_one_version_a_day",
                expressions=[("area", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.name


def drawn_on(day: date, codes: list[str]) -> dict[str, tuple[str, object]]:
    """Code → name and outline (GEOS) of these areas as they were drawn on a day; those in force then."""
    found = {
        one.area.code: (one.name, one.geometry)
        for one in AreaVersion.objects.on(day).filter(area__code__in=codes).select_related("area")
    }
    versioned = set(AreaVersion.objects.filter(area__code__in=codes).values_list("area__code", flat=True))
    unchanged = Area.objects.filter(code__in=set(codes) - versioned).exclude(geometry=None)
    for area in unchanged.standing(day):
        found[area.code] = (area.name, area.geometry)
    return found
