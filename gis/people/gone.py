"""What stays of a person whose record was deleted: that there was one, so that no file and no feed brings them back."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.columns import BlindIndexField, CodeField
from gis.people.household import Residence
from gis.places.building import InScopeQuerySet


class Gone(models.Model):
    """A record that was deleted. Nothing of the person is in it: no name, no number, no birth, no door.

    `key` is the one the record had: what others hold by it (the log of readings, a feed) ends here. `print` and
    `code_print` are keyed hashes under a purpose of their own, of the number and of how a file of `source` named the
    row (some name it by the number), so that an old file is recognised. They end after a term (`terms.csv`), and with
    the key they were made by. Row-level security guards the table.
    """

    key = models.BigIntegerField(_("原编号"), unique=True)
    area = CodeField(_("社区代码"), max_length=12)
    gone_on = models.DateField(_("离开日期"))
    retired_on = models.DateField(_("删除日期"))
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    print = BlindIndexField(null=True, max_length=16, editable=False)
    code_print = BlindIndexField(null=True, max_length=16, editable=False)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("已删除的档案")
        verbose_name_plural = _("已删除的档案")
        indexes = [
            models.Index(fields=["area", "retired_on"], name="gone_by_area"),  # row-level security; what is gone since
            models.Index(
                fields=["code_print"], condition=models.Q(code_print__isnull=False), name="gone_by_code_print"
            ),
            models.Index(fields=["print"], condition=models.Q(print__isnull=False), name="gone_by_print"),
        ]

    def __str__(self) -> str:
        return f"gone {self.key}"


class PastStays(models.Model):
    """How many of those who are gone lived somewhere from one month to another: what figures of the past are made of.

    Counts of a whole community, which no row links to a tombstone.
    """

    area = CodeField(max_length=12)
    kind = models.CharField(max_length=10, choices=Residence.Kind.choices)
    population = models.CharField(max_length=12)
    starts = models.DateField()
    ends = models.DateField()
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "population", "starts", "ends"], name="past_stays_once")
        ]

    def __str__(self) -> str:
        return f"past stays {self.pk}"


def print_of(told: str, source: str = "") -> str:
    """The text whose keyed hash is kept, of a number or of the key of a row in a file: of nothing, nothing."""
    return f"gone {source} {told}" if told else ""


def people_on(scope: Scope, day: date, kind: str = Residence.Kind.LIVING) -> int:
    """How many people lived in a scope on a day, those whose records are deleted since counted in, to the month."""
    there = Residence.objects.on(day).inside(scope).filter(kind=kind).values("resident").distinct().count()
    past = PastStays.objects.filter(scope.q(), kind=kind, starts__lte=day, ends__gt=day.replace(day=1))
    return there + (past.aggregate(n=models.Sum("people"))["n"] or 0)
