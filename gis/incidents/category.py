"""What an incident is about.

A category is an identity (`kind`, `code`) and a line of changes, each from a moment on (`CategoryChange`). What it says
at a moment, its `Terms`, is what those changes add up to, so for every moment there is exactly one answer:

    from the beginning   垃圾堆积, dispose within 3 work days
    from 2026-03-01      dispose within 8 work hours
    from 2026-07-01      named 生活垃圾堆积

A case reported in May keeps 8 hours and the old name for good (`Incident.terms`). The columns are what holds today, for
lists, filters and forms; `log` holds the changes, so that neither costs a query. Only `category_changing.py` writes
either. A category that never changed has an empty log: its columns are all there ever was.
"""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Terms:
    """What a category says at a moment. `successors`: what takes its place once it is no longer used."""

    pk: int
    major: str = ""
    name: str = ""
    urgent: bool = False
    accept_within_hours: int | None = None
    dispose_within: int | None = None
    dispose_unit: str = ""
    is_public: bool = False
    synonyms: str = ""
    retired: bool = False
    successors: tuple[int, ...] = ()


#: What may change from a day on, as columns are named.
FIELDS = tuple(name for name in Terms.__dataclass_fields__ if name != "pk")


class Category(models.Model):
    """One category. Loaded from `gis/codes/tables` by `load_codes`, or added.

    Component and event classes share numbers ("0101" is both a manhole cover and an illegal building), so the
    key is (kind, code).
    """

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("社区事件")
        CITY = "city", _("城市事件")
        COMPONENT = "component", _("城市部件")
        IMPORTED = "imported", _("外部类别")

    class Unit(models.TextChoices):
        URGENT_HOUR = "urgent_hour", _("紧急工作时")
        WORK_HOUR = "work_hour", _("工作时")
        WORK_DAY = "work_day", _("工作日")
        NATURAL_DAY = "natural_day", _("自然日")

    kind = models.CharField(_("类别体系"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("代码"), max_length=40)
    major = models.CharField(_("大类"), max_length=60)
    name = models.CharField(_("小类"), max_length=80)
    urgent = models.BooleanField(_("紧急"), default=False)
    accept_within_hours = models.PositiveSmallIntegerField(_("受理时限（工作时）"), null=True, blank=True)
    dispose_within = models.PositiveSmallIntegerField(_("处置时限"), null=True, blank=True)
    dispose_unit = models.CharField(_("时限单位"), max_length=12, choices=Unit.choices, blank=True)
    retired = models.BooleanField(_("停用"), default=False)
    #: Whether anybody may know that there was one, coarsely where and when, and how far it has come.
    is_public = models.BooleanField(_("向居民公开"), default=False, db_default=False)
    #: Other words by which people look for it, parted by blanks.
    synonyms = models.CharField(_("别的说法"), max_length=400, blank=True, default="", db_default="")
    successors = ArrayField(models.BigIntegerField(), default=list, blank=True, db_default=[])

    #: The changes as (since, {field: value}), oldest first; empty where there was none.
    log = models.JSONField(default=list, blank=True, db_default=[], editable=False)
    #: When the columns are out of date: the first change that is not yet in them.
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Counts the changes, so that two who edit it do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    #: What the standard's file said of it when last loaded, by field; null where no file knows it.
    standard = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("事件类别")
        verbose_name_plural = _("事件类别")
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="category_once_per_kind")]
        indexes = [
            # what a new day brings
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="category_to_change")
        ]

    def __str__(self) -> str:
        return self.name

    def at(self, moment: datetime) -> Terms:
        """What it says at a moment. Nearly every category of a list has no log: then this is no more than a copy."""
        if not self.log:
            return Terms(*_columns(self)[:-1], successors=tuple(self.successors))
        found = dict(zip(FIELDS, _columns(self)[1:], strict=True))
        for since, values in self.log:
            if datetime.fromisoformat(since) <= moment:
                found |= values
        return Terms(self.pk, **found | {"successors": tuple(found["successors"])})

    @property
    def names(self) -> list[str]:
        """What it is called and was ever called: a file may be older than the name."""
        return list(dict.fromkeys([self.name, *(sets["name"] for _since, sets in self.log if "name" in sets)]))


#: Key and columns of a category, in the order of `Terms`.
_columns = attrgetter("pk", *FIELDS)
