"""How long each stage of a case may take: of its category where that says so, else of every case that is urgent or not.

    the category's own row (`StageLimit`) › what the category says (受理, 处置) › a row for all › `stage_limit.csv`

A row holds from a day on and is never changed into another: a case keeps the limits of the day it was reported on.
"""

import csv
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.incidents.category import Category, Terms
from gis.incidents.incident import Incident
from gis.incidents.stages import Limit, Stage

_TABLE = Path(__file__).with_name("stage_limit.csv")


class StageLimit(models.Model):
    """The limit of a stage from a day on: of one category, or (without) of all that are urgent or not."""

    stage = models.CharField(_("阶段"), max_length=8, choices=Stage.choices)
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, verbose_name=_("类别"))
    urgent = models.BooleanField(_("紧急"), default=False)
    amount = models.PositiveSmallIntegerField(_("时限"), null=True, blank=True, help_text=_("空：不限"))
    unit = models.CharField(_("时限单位"), max_length=12, choices=Category.Unit.choices, blank=True)
    starts = models.DateField(_("自"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("阶段时限")
        verbose_name_plural = _("阶段时限")
        ordering = ["category", "stage", "urgent", "-starts"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "stage", "starts"], condition=Q(category__isnull=False), name="limit_of_category"
            ),
            models.UniqueConstraint(
                fields=["urgent", "stage", "starts"], condition=Q(category__isnull=True), name="limit_of_all"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, unit="") | Q(amount__gt=0, unit__in=Category.Unit.values),
                name="limit_with_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.starts}"

    @property
    def limit(self) -> Limit | None:
        return Limit(float(self.amount), self.unit) if self.amount else None


def limits_of(incident: Incident) -> dict[str, Limit | None]:
    """The limits of a case, by stage: those of the moment it was reported."""
    moment = timed_at(incident)
    return limits_for(incident.category.at(moment), incident.urgent, timezone.localdate(moment))


def timed_at(incident: Incident) -> datetime:
    """The moment whose limits hold for a case."""
    return incident.timed_at or incident.reported_at


def limits_for(terms: Terms, urgent: bool, day: date) -> dict[str, Limit | None]:
    rows = StageLimit.objects.filter(Q(category=terms.pk) | Q(category=None, urgent=urgent), starts__lte=day)
    return limits_from(terms, urgent, list(rows))


def limits_from(terms: Terms, urgent: bool, rows: list[StageLimit]) -> dict[str, Limit | None]:
    """The same of rows in force on the day, which are of this category or of all."""
    found = dict(default_limits()[urgent]) | {Stage.DISPOSE: None}
    newest = sorted(rows, key=lambda row: row.starts)
    found |= {row.stage: row.limit for row in newest if row.category_id is None and row.urgent == urgent}
    found |= _own(terms)
    return found | {row.stage: row.limit for row in newest if row.category_id == terms.pk}


def _own(terms: Terms) -> dict[str, Limit | None]:
    """What the category itself says."""
    own: dict[str, Limit | None] = {}
    if terms.accept_within_hours:
        own[Stage.ACCEPT] = Limit(float(terms.accept_within_hours), Category.Unit.WORK_HOUR)
    if terms.dispose_within:
        own[Stage.DISPOSE] = Limit(float(terms.dispose_within), terms.dispose_unit)
    return own


@cache
def default_limits() -> dict[bool, dict[str, Limit]]:
    """What the project ships, by urgent or not and stage."""
    found: dict[bool, dict[str, Limit]] = {True: {}, False: {}}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["urgent"] == "yes"][str(Stage(row["stage"]))] = Limit(float(row["amount"]), row["unit"])
    return found
