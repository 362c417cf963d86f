"""Who reported something, if they said so, and what they hold to come back to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.columns import SealedField
from gis.incidents.incident import Incident
from gis.incidents.step import Step

#: Characters of a name.
LONGEST_NAME = 30


class Reporter(models.Model):
    """The name and phone somebody left with a report. Seen by those who work where the case lies: the database itself
    hides the row from everybody else (`residents.sql`), and no list, export or public page reads it.
    """

    step = models.OneToOneField(Step, models.CASCADE, related_name="reporter", verbose_name=_("流转记录"))
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="reporters", verbose_name=_("事件"))
    name = models.CharField(_("姓名"), max_length=LONGEST_NAME, blank=True)
    phone_sealed = SealedField(null=True, blank=True)
    phone_last4 = models.CharField(_("电话后四位"), max_length=4, blank=True)

    class Meta:
        verbose_name = _("上报人")
        verbose_name_plural = _("上报人")

    def __str__(self) -> str:
        return f"reporter {self.pk}"


class Follow(models.Model):
    """What opens a case to whoever reported it. Nothing of a person is in it.

    `token` is the SHA-256 of the secret in their link: whoever reads this table can follow nobody's case. `digits` is
    a keyed hash of the case's number and the phone's last four digits, so that number and digits are looked up as one,
    and a wrong number and wrong digits are the same to the database. `content` is the hash of what was sent: the same
    form sent again is known by its token, and by this whether it says the same.
    """

    step = models.OneToOneField(Step, models.CASCADE, related_name="follow")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="follows")
    token = models.CharField(max_length=64, unique=True)
    digits = models.CharField(max_length=32, blank=True)
    #: The same of the number under which another system (12345) knows the case.
    other_digits = models.CharField(max_length=32, blank=True, default="", db_default="")
    content = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["digits"], condition=~models.Q(digits=""), name="follow_by_digits"),
            models.Index(fields=["other_digits"], condition=~models.Q(other_digits=""), name="follow_by_other_digits"),
        ]

    def __str__(self) -> str:
        return f"follow {self.pk}"


class Rating(models.Model):
    """What one who reported says of the outcome: solved or not, and how content, 1 to 5. Once for every closing."""

    step = models.OneToOneField(Step, models.CASCADE, related_name="rating")
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="ratings")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="ratings")
    solved = models.BooleanField(_("已解决"))
    content = models.PositiveSmallIntegerField(_("满意度"))

    class Meta:
        verbose_name = _("居民评价")
        verbose_name_plural = _("居民评价")
        constraints = [
            models.CheckConstraint(condition=models.Q(content__gte=1, content__lte=5), name="rating_from_1_to_5")
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"
