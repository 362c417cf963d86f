import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import CodeField
from gis.people.resident import Resident
from gis.places.building import Dwelling, InScopeQuerySet


class VisitQuerySet(InScopeQuerySet):
    def standing(self):
        """Visits that nobody has withdrawn."""
        return self.filter(withdrawal=None)


class Visit(models.Model):
    """A call on one person, or at a door where nobody is known. Row-level security guards the table.

    Who calls at a door calls on all who are due there: a row for each of them, with one `call` in common. Rows are
    appended; a wrong one is withdrawn by a `VisitWithdrawal`. `gave` names the fields that were answered then, never
    what the answer was: that stands in the record that owns it. `area` is where the person lived at that time.
    """

    class Way(models.TextChoices):
        DOOR = "door", _("上门")
        PHONE = "phone", _("电话")

    class Outcome(models.TextChoices):
        MET = "met", _("已见到")
        NO_ANSWER = "no_answer", _("无人应答")
        REFUSED = "refused", _("谢绝走访")
        MOVED = "moved", _("已搬走")

    class Found(models.TextChoices):
        WELL = "well", _("一切正常")
        CHANGED = "changed", _("情况有变")
        HELP = "help", _("需要帮助")

    call = models.UUIDField(default=uuid.uuid4, editable=False)
    resident = models.ForeignKey(
        Resident, models.CASCADE, null=True, blank=True, related_name="visits", verbose_name=_("居民")
    )
    dwelling = models.ForeignKey(
        Dwelling, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("户室")
    )
    at = models.DateTimeField(_("走访时间"))
    day = models.DateField(_("走访日期"))  # the local date of `at`: intervals are counted in days
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("走访人"))
    way = models.CharField(_("方式"), max_length=5, choices=Way.choices, default=Way.DOOR)
    outcome = models.CharField(_("结果"), max_length=9, choices=Outcome.choices)
    found = models.CharField(_("情况"), max_length=7, choices=Found.choices, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    gave = models.JSONField(_("补充的信息"), default=list, blank=True)
    area = CodeField(_("辖区代码"), max_length=15)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访")
        verbose_name_plural = _("走访")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "resident"], name="visit_once_per_call"),
            models.CheckConstraint(
                condition=Q(resident__isnull=False) | Q(dwelling__isnull=False), name="visit_of_someone_or_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-at"], name="visit_by_area"),  # row-level security
            models.Index(fields=["resident", "-at"], name="visit_by_resident"),  # a person's visits, newest first
            models.Index(fields=["dwelling", "-at"], name="visit_by_dwelling"),  # a household's, newest first
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class VisitWithdrawal(models.Model):
    """Says that a visit did not happen so. Appended; a withdrawn visit stays in the record and counts for nothing."""

    visit = models.OneToOneField(Visit, models.CASCADE, related_name="withdrawal", verbose_name=_("走访"))
    at = models.DateTimeField(_("撤回时间"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("撤回人"))
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    area = CodeField(_("辖区代码"), max_length=15)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访撤回")
        verbose_name_plural = _("走访撤回")
        indexes = [models.Index(fields=["area"], name="visit_withdrawal_by_area")]  # row-level security


class VisitDue(models.Model):
    """When a person is to be visited next, kept by triggers (`due.sql`) as needs, stays, visits and intervals change.

    A row holds for the days [`since`, `until`): a need that ends on a known day stops counting on that day by itself,
    so nothing runs at midnight. `due_on` may lie in the past; `tried_on` is the last call since the person was met at
    which nobody answered. Row-level security guards the table.
    """

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="+")
    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="+")
    area = CodeField(max_length=15)
    since = models.DateField()
    until = models.DateField()
    due_on = models.DateField()
    met_on = models.DateField(null=True)
    tried_on = models.DateField(null=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resident", "until"], name="visit_due_once")]
        indexes = [
            # the list of an area and the figures of all areas, from the index alone
            models.Index(fields=["area", "due_on"], include=["since", "until", "tried_on"], name="visit_due_by_area")
        ]
