"""The land itself: what the base map is drawn from and what divides one neighbourhood from the next."""

from django.contrib.gis.db.models import LineStringField, MultiPolygonField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from gis import crs
from gis.columns import DrawingField


class Barrier(models.TextChoices):
    """How far a line keeps people apart: cells never cross a major one, rarely a minor one."""

    NONE = "none", _("无阻隔")
    MINOR = "minor", _("次要阻隔")
    MAJOR = "major", _("主要阻隔")


class Way(models.Model):
    """A line: road, railway, river or wall."""

    class Kind(models.TextChoices):
        ROAD = "road", _("道路")
        RAIL = "rail", _("铁路")
        RIVER = "river", _("河流")
        WALL = "wall", _("围墙")

    class Rank(models.TextChoices):
        TRUNK = "trunk", _("主干路")
        MAJOR = "major", _("次干路")
        MINOR = "minor", _("支路")
        LANE = "lane", _("小区路")
        PATH = "path", _("步道")

    kind = models.CharField(_("类型"), max_length=8, choices=Kind.choices)
    rank = models.CharField(_("等级"), max_length=8, choices=Rank.choices, default=Rank.MINOR)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    barrier = models.CharField(_("阻隔"), max_length=8, choices=Barrier.choices, default=Barrier.NONE)
    geometry = LineStringField(_("线"))
    drawing = models.GeneratedField(
        expression=models.Func(models.F("geometry"), crs.DRAW, function="ST_Transform"),
        output_field=LineStringField(srid=crs.DRAW, spatial_index=False),
        db_persist=True,
    )
    source = models.CharField(_("数据来源"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("线状地物")
        verbose_name_plural = _("线状地物")
        indexes = [GistIndex(fields=["drawing"], name="way_drawing")]  # base map tiles


class Ground(models.Model):
    """A patch of land or water: park, river bed, school yard, square, field …"""

    class Kind(models.TextChoices):
        RESIDENTIAL = "residential", _("居住用地")
        PARK = "park", _("公园绿地")
        WATER = "water", _("水面")
        SCHOOL = "school", _("学校")
        HOSPITAL = "hospital", _("医院")
        SQUARE = "square", _("广场")
        COMMERCIAL = "commercial", _("商业用地")
        INDUSTRY = "industry", _("工业用地")
        VILLAGE = "village", _("村庄")
        FARM = "farm", _("农田")

    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    geometry = MultiPolygonField(_("范围"))
    drawing = DrawingField()
    source = models.CharField(_("数据来源"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("面状地物")
        verbose_name_plural = _("面状地物")
        indexes = [GistIndex(fields=["drawing"], name="ground_drawing")]  # base map tiles
