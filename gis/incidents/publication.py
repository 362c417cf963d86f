"""What staff have decided to tell the public of an incident, beside what its category lets everybody know."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.incidents.incident import Incident

#: Characters of a text for the public: a few sentences.
LONGEST = 500


class Publication(models.Model):
    """Texts of one incident that a person has read and marked as public, or that it is not to be shown at all.

    Without a row the community's page tells kind, coarse place, half a day and how far it has come, if the category is
    public (`Category.is_public`). What was reported is never shown as it was written.
    """

    incident = models.OneToOneField(
        Incident, models.CASCADE, primary_key=True, related_name="publication", verbose_name=_("事件")
    )
    hidden = models.BooleanField(_("不公开"), default=False)
    text = models.CharField(_("公开的情况"), max_length=LONGEST, blank=True)
    result = models.CharField(_("公开的结果"), max_length=LONGEST, blank=True)
    #: Notes of public steps that seemed to hold something private and were looked at: their ids.
    cleared = models.JSONField(_("看过的答复"), default=list, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("公开内容")
        verbose_name_plural = _("公开内容")

    def __str__(self) -> str:
        return f"publication {self.pk}"
