from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gis.columns import BlindIndexField, CodeField, SealedField
from gis.organisations.check import OrganisationCheck
from gis.organisations.kinds import intervals
from gis.places.building import Building, Dwelling, InScopeQuerySet


class OrganisationQuerySet(InScopeQuerySet):
    def on(self, day: date):
        """Organisations open on a day."""
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=day)).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        )

    def with_due(self):
        """Each with `checked_on`, the day of the last check at which somebody looked, and `due_on`, that of the next.

        From the interval of its kind (code table `organisation_kind`): after the last look, else after it was written
        down. A kind without an interval is never due.
        """
        looked = OrganisationCheck.objects.filter(organisation=OuterRef("pk"), outcome__in=OrganisationCheck.LOOKED)
        last = Subquery(looked.order_by().values("organisation").annotate(day=Max("day")).values("day"))
        days = [models.When(kind=kind, then=Value(timedelta(days=every))) for kind, every in intervals().items()]
        every = models.Case(*days, default=None, output_field=models.DurationField())
        since = Coalesce("checked_on", "known_since", output_field=models.DateField())
        due = Func(since + every, template="(%(expressions)s)::date", output_field=models.DateField())
        return self.annotate(checked_on=last).annotate(due_on=due)

    def overdue(self, day: date):
        """Those open on a day whose check was due before it."""
        return self.on(day).with_due().filter(due_on__lt=day)


class Organisation(models.Model):
    """A unit 实有单位: a firm, a shop, a social organisation, a school, a small fire-risk site.

    Row-level security guards the table.

    It has its kind (code table `organisation_kind`), its credit code (GB 32100, public), and where it is: a building,
    and a door or a room in words. Who represents it and whom to call are personal data as of residents: the phone is
    sealed, both are masked by `gis/people/field_rules.csv`. It opens and closes on days and is never deleted.
    """

    name = models.CharField(_("单位名称"), max_length=100)
    kind = models.SlugField(_("类型"), max_length=40, db_index=False)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    building = models.ForeignKey(Building, models.PROTECT, related_name="organisations", verbose_name=_("楼栋"))
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("户室")
    )
    room = models.CharField(_("房间"), max_length=40, blank=True)
    person = models.CharField(_("法定代表人或负责人"), max_length=60, blank=True)
    phone_sealed = SealedField(index="phone_index", null=True, blank=True, editable=False)
    phone_index = BlindIndexField(null=True, blank=True, editable=False, max_length=32)
    phone_last4 = models.CharField(max_length=4, blank=True, editable=False)
    staff = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    hazards = ArrayField(models.CharField(max_length=20), verbose_name=_("隐患"), default=list, blank=True)
    opened_on = models.DateField(_("开业日期"), null=True, blank=True)
    closed_on = models.DateField(_("停业日期"), null=True, blank=True)
    known_since = models.DateField(_("登记日期"))
    area = CodeField(_("辖区代码"), max_length=15)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["area", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="organisation_closes_after_opening",
            ),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="organisation_once_per_source"
            ),
        ]
        indexes = [
            models.Index(fields=["area"], name="organisation_by_area"),  # row-level security, lists and counts
            models.Index(fields=["credit_code", "area"], condition=~Q(credit_code=""), name="organisation_by_code"),
        ]

    def __str__(self) -> str:
        return f"organisation {self.pk}"
