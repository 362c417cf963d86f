import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import CodeField
from gis.incidents.incident import Incident
from gis.places.building import InScopeQuerySet


class OrganisationCheck(models.Model):
    """Somebody looked at a unit at its door: what was found, and the case it opened.

    Row-level security guards the table.

    Appended, never rewritten. `findings` are hazards of the code table `hazard`; a check without any clears those that
    stood, a check in vain (nobody there, not let in) changes nothing and moves no due date.
    """

    class Outcome(models.TextChoices):
        FINE = "fine", _("未发现隐患")
        FOUND = "found", _("发现隐患")
        CLOSED = "closed", _("关门，没有人")
        REFUSED = "refused", _("不让检查")

    #: Outcomes at which somebody looked.
    LOOKED = (Outcome.FINE, Outcome.FOUND)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("grid.Organisation", models.CASCADE, related_name="checks", verbose_name=_("单位"))
    at = models.DateTimeField(_("检查时间"))
    day = models.DateField(_("检查日期"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("检查人"))
    outcome = models.CharField(_("结果"), max_length=7, choices=Outcome.choices)
    findings = ArrayField(models.CharField(max_length=20), verbose_name=_("隐患"), default=list, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("事件")
    )
    area = CodeField(_("辖区代码"), max_length=15)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位检查")
        verbose_name_plural = _("单位检查")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["area"], name="organisation_check_by_area"),  # row-level security
            models.Index(fields=["organisation", "-day"], name="organisation_check_by_day"),  # the last one, and all
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"
