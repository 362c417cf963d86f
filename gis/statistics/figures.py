from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField


class Figures(models.Model):
    """What is in one cell, or in a community outside its cells, today.

    Written by triggers only (`keeping.py`), whatever changes the rows: a view, an import, plain SQL. `changed` is the
    transaction that wrote the row last: a copy in memory asks for what came after its own snapshot.
    """

    area = CodeField(max_length=15, primary_key=True)
    buildings = models.IntegerField(_("楼栋"), db_default=0)
    dwellings = models.IntegerField(_("住房套数"), db_default=0)
    dwellings_empty = models.IntegerField(_("空置"), db_default=0)
    dwellings_rented = models.IntegerField(_("出租"), db_default=0)
    households = models.IntegerField(_("家庭户"), db_default=0)
    residents = models.IntegerField(_("常住人口"), db_default=0)
    registered = models.IntegerField(_("户籍人口"), db_default=0)
    floating = models.IntegerField(_("流动人口"), db_default=0)
    left_behind = models.IntegerField(_("留守人员"), db_default=0)
    overseas = models.IntegerField(_("境外人员"), db_default=0)
    incidents = models.IntegerField(_("事件"), db_default=0)
    incidents_open = models.IntegerField(_("未结事件"), db_default=0)
    changed = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("网格统计")
        verbose_name_plural = _("网格统计")
        indexes = [models.Index(fields=["changed"], name="figures_by_change")]  # what is new since a snapshot

    #: The figures themselves, in the order of the columns.
    NAMES = (
        "buildings",
        "dwellings",
        "dwellings_empty",
        "dwellings_rented",
        "households",
        "residents",
        "registered",
        "floating",
        "left_behind",
        "overseas",
        "incidents",
        "incidents_open",
    )


class Births(models.Model):
    """How many of those who live in an area were born in a year, by sex: age groups at any date are sums over years.

    Year 0 stands for an unknown date of birth. Written by triggers only.
    """

    pk = models.CompositePrimaryKey("area", "sex", "year")
    area = CodeField(max_length=15)
    sex = models.CharField(max_length=1)
    year = models.SmallIntegerField()
    number = models.IntegerField()
    changed = models.BigIntegerField()

    class Meta:
        verbose_name = _("出生年份统计")
        verbose_name_plural = _("出生年份统计")
        indexes = [models.Index(fields=["changed"], name="births_by_change")]  # what is new since a snapshot
