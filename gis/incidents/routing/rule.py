"""Rules that send a filed case on: an ordered table for each desk, kept in versions.

A desk (district 110113, street 110113001) has at most one draft and any number of published tables. The table in force
at a moment is the latest one published to begin by then; it is never changed again, so what sent a case stays told.
A case asks the table of its street first, then that of its district and what lies above; the first rule that fits
decides.
"""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import CodeField
from gis.incidents.incident import Incident, Level
from gis.incidents.routing.fitting import Conditions


class RoutingTableQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(begins=None)

    def in_force(self, owner: str, at: datetime):
        """The one table that holds for a desk at a moment, or none."""
        return self.published().filter(owner=owner, begins__lte=at).order_by("-begins", "-number")[:1]


class RoutingTable(models.Model):
    """A desk's rules as published at a time, or (`begins` null) the draft of what it will publish next."""

    owner = CodeField(_("辖区代码"), max_length=9)
    number = models.PositiveIntegerField(_("版本"), null=True)
    begins = models.DateTimeField(_("生效时间"), null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    made_at = models.DateTimeField(_("起草时间"), auto_now_add=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人"))
    published_at = models.DateTimeField(_("发布时间"), null=True)
    note = models.CharField(_("修改说明"), max_length=200, blank=True)
    #: Counts the changes of a draft, so that two who edit it do not overwrite each other.
    revision = models.PositiveIntegerField(default=0)

    objects = RoutingTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("派遣规则表")
        verbose_name_plural = _("派遣规则表")
        ordering = ["owner", "-begins"]
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(begins=None), name="routing_one_draft"),
            models.UniqueConstraint(fields=["owner", "number"], name="routing_number_once"),
            models.CheckConstraint(
                condition=Q(begins=None, number=None, published_by=None)
                | Q(begins__isnull=False, number__isnull=False, published_by__isnull=False),
                name="routing_published_or_draft",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-begins"], name="routing_in_force")]  # what holds now

    def __str__(self) -> str:
        return f"{self.owner} {self.number or 'draft'}"


class Team(models.TextChoices):
    """Whose workers a rule sends a case to."""

    NONE = "", _("不派队伍")
    CELL = "cell", _("事发网格")
    COMMUNITY = "community", _("事发社区")
    STREET = "street", _("事发街道")


class RoutingRule(models.Model):
    """One line of a table: the conditions, and where a case goes that fits them. `key` names it through all versions.

    `departments` are ids in order, the first leads. `level`: the desk a case is put on first. `by_hand`: the rule
    decides that a person decides.
    """

    table = models.ForeignKey(RoutingTable, models.CASCADE, related_name="rules")
    key = models.UUIDField(default=uuid.uuid4)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("名称"), max_length=60)
    reason = models.CharField(_("依据"), max_length=200, blank=True)

    area = CodeField(_("范围"), max_length=15, blank=True)
    categories = ArrayField(models.BigIntegerField(), default=list, blank=True)
    majors = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    urgent = models.BooleanField(_("紧急程度"), null=True, blank=True)
    origins = ArrayField(models.CharField(max_length=12, choices=Incident.Source.choices), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    since = models.TimeField(_("从"), null=True, blank=True)
    until = models.TimeField(_("到"), null=True, blank=True)
    starts = models.DateField(_("开始日期"), null=True, blank=True)
    ends = models.DateField(_("结束日期"), null=True, blank=True)

    by_hand = models.BooleanField(_("留给人工派遣"), default=False)
    departments = ArrayField(models.BigIntegerField(), default=list, blank=True)
    team = models.CharField(_("队伍"), max_length=9, choices=Team.choices, blank=True)
    handler = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人"))
    level = models.PositiveSmallIntegerField(_("承办层级"), choices=Level.choices, null=True, blank=True)

    class Meta:
        verbose_name = _("派遣规则")
        verbose_name_plural = _("派遣规则")
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "position"], name="routing_rule_in_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["table", "key"], name="routing_rule_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def conditions(self) -> Conditions:
        return Conditions(
            area=self.area or self.table.owner,
            categories=frozenset(self.categories),
            majors=frozenset(self.majors),
            urgent=self.urgent,
            origins=frozenset(self.origins),
            weekdays=frozenset(self.weekdays),
            since=self.since,
            until=self.until,
            starts=self.starts,
            ends=self.ends,
        )

    @property
    def decides(self) -> bool:
        """Whether the rule says what becomes of a case."""
        return self.by_hand or bool(self.departments or self.team or self.level)


#: What a copy of a rule in another version takes along.
COPIED = (
    "key", "position", "name", "reason", "area", "categories", "majors", "urgent", "origins", "weekdays", "since",
    "until", "starts", "ends", "by_hand", "departments", "team", "handler_id", "level",
)  # fmt: skip


def copy_rules(source: RoutingTable, target: RoutingTable) -> None:
    """Write a version's rules into another one that has none."""
    copies = [
        RoutingRule(table=target, **{name: getattr(rule, name) for name in COPIED}) for rule in source.rules.all()
    ]
    RoutingRule.objects.bulk_create(copies)
