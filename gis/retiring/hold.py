from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.incidents.incident import Incident
from gis.people.resident import Resident


class HoldQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)


class Hold(models.Model):
    """What is needed as evidence is not deleted as long as it is held: a person's record, a case with its photos.

    Set and ended by who runs the installation, on a written demand. A hold that has ended goes with the person.
    """

    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="holds", verbose_name=_("居民"))
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="holds", verbose_name=_("事件"))
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("解除时间"), null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("暂停删除")
        verbose_name_plural = _("暂停删除")
        constraints = [
            models.CheckConstraint(
                condition=Q(resident__isnull=False, incident=None) | Q(resident=None, incident__isnull=False),
                name="hold_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Retired(models.Model):
    """That records of a class were deleted: how many, in which run. Appended; nothing of what they held is here."""

    run = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=20)
    records = models.PositiveIntegerField()
    before = models.DateField(null=True)  # the records are from earlier than this day

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"retired {self.what}"
