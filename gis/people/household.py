from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField
from gis.people.resident import Resident
from gis.places.building import Dwelling, InScopeQuerySet

#: The constraint that refuses a second open stay of a kind, where the first is out of sight, too.
ONE_OPEN = "residence_one_open_per_kind"


class Household(models.Model):
    """People who keep house together in one dwelling. Row-level security guards the table."""

    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="households", verbose_name=_("户室"))
    area = CodeField(_("辖区代码"), max_length=15)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("家庭户")
        verbose_name_plural = _("家庭户")
        indexes = [models.Index(fields=["area"], name="household_by_area")]  # row-level security and counts


class ResidenceQuerySet(InScopeQuerySet):
    def on(self, day):
        """Stays in force on a date."""
        return self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))


class Residence(models.Model):
    """A person's dated stay in a dwelling. Row-level security guards the table.

    People move, are born, die, leave: a stay ends, another begins, nothing is overwritten. "Registered here, lives
    elsewhere" (人户分离) is two rows of different kinds in different dwellings.
    """

    class Kind(models.TextChoices):
        LIVING = "living", _("现住")
        REGISTERED = "registered", _("户籍")

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="residences", verbose_name=_("居民"))
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="residences", verbose_name=_("户室"))
    household = models.ForeignKey(Household, models.SET_NULL, null=True, blank=True, related_name="members")
    relation = models.CharField(_("与户主关系"), max_length=2, blank=True)  # GB/T 4761
    kind = models.CharField(_("性质"), max_length=10, choices=Kind.choices, default=Kind.LIVING)
    starts = models.DateField(_("起始日期"))
    ends = models.DateField(_("终止日期"), null=True, blank=True)
    confirmed_on = models.DateField(_("上次确认"), null=True, blank=True)  # somebody at the door said so
    area = CodeField(_("辖区代码"), max_length=15)

    objects = ResidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("居住记录")
        verbose_name_plural = _("居住记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="residence_ends_after_start"
            ),
            models.UniqueConstraint(fields=["resident", "kind"], condition=Q(ends__isnull=True), name=ONE_OPEN),
        ]
        indexes = [models.Index(fields=["area"], name="residence_by_area")]  # row-level security and counts
