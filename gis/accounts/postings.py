from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.outside_identity import OutsideIdentity
from gis.accounts.roles import Role, role_choices, roles
from gis.accounts.users import User
from gis.columns import CodeField


class PostingQuerySet(models.QuerySet):
    def on(self, day):
        """Postings in force on a date: from `starts` on, up to but not including `ends`."""
        return self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))


class Posting(models.Model):
    """A user's dated role in an area. The area's code is all the scope a person has."""

    user = models.ForeignKey(User, models.CASCADE, related_name="postings", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=30, choices=role_choices)
    area = CodeField(_("辖区代码"), max_length=15, help_text=_("区划 2–12 位或网格 15 位代码"))
    starts = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"), null=True, blank=True, help_text=_("当日起不再有效"))
    #: By whose sign-in outside a rule gave it and prolongs it; none for one made by an administrator.
    given_to = models.ForeignKey(
        OutsideIdentity, models.SET_NULL, null=True, blank=True, editable=False, related_name="postings"
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["user", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(area__regex=r"^[0-9]{2,15}$"), name="posting_area_is_digits"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="posting_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["area"], name="posting_by_area")]  # "who works here" on every panel

    def __str__(self) -> str:
        return f"{self.role} {self.area}"

    @property
    def role_row(self) -> Role:
        return roles()[self.role]

    def clean(self) -> None:
        if self.role in roles() and not self.role_row.fits(self.area or ""):
            wanted = "、".join(map(str, self.role_row.lengths))
            raise ValidationError({"area": _("该角色的辖区代码须为 %(lengths)s 位数字。") % {"lengths": wanted}})
