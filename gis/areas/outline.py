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
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis import crs
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
    """Code → name (the short one) and outline (GEOS) of these areas as they were on a day; those in force then."""
    found = {
        one.area.code: (str(one.area) if one.name == one.area.name else one.name, one.geometry)
        for one in AreaVersion.objects.on(day).filter(area__code__in=codes).select_related("area")
    }
    versioned = set(AreaVersion.objects.filter(area__code__in=codes).values_list("area__code", flat=True))
    unchanged = Area.objects.filter(code__in=set(codes) - versioned).exclude(geometry=None)
    for area in unchanged.standing(day):
        found[area.code] = (str(area), area.geometry)
    return found


#: Areas as they were drawn on a day: a table `a` of id, code, level, name, geometry (degrees), area_m2, and `drawing`,
#: the copy in the drawing CRS. One that has no version has been as it is now. The parameter `day` three times.
AREAS_ON = f"""(
  SELECT id, code, level, coalesce(nullif(short_name, ''), name) AS name, geometry, area_m2, drawing FROM grid_area
  WHERE NOT EXISTS (SELECT FROM grid_areaversion v WHERE v.area_id = grid_area.id) AND geometry IS NOT NULL
    AND (starts IS NULL OR starts <= %s) AND (ends IS NULL OR ends > %s)
  UNION ALL
  SELECT n.id, n.code, n.level, CASE WHEN v.name = n.name THEN coalesce(nullif(n.short_name, ''), v.name)
    ELSE v.name END, v.geometry, v.area_m2, ST_ForcePolygonCW(ST_Transform(v.geometry, {crs.DRAW}))
  FROM grid_areaversion v JOIN grid_area n ON n.id = v.area_id WHERE v.valid @> %s::date
) a"""  # noqa: S608 - ours


def drawn_otherwise(day: date) -> set[int]:
    """The areas (primary keys) whose ground on a day was another than today's."""
    then = AreaVersion.objects.on(day).exclude(valid__contains=timezone.localdate())
    return set(then.exclude(area__geometry__equals=models.F("geometry")).values_list("area_id", flat=True))
