import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.columns import CodeField

#: Characters of a wish, and of a word of thanks.
LONGEST = 300


class WishState(models.TextChoices):
    WAITING = "waiting", _("待审核")
    OPEN = "open", _("等待认领")
    TAKEN = "taken", _("已认领")
    DONE = "done", _("已实现")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


#: What anybody sees.
SHOWN = (WishState.OPEN, WishState.TAKEN, WishState.DONE)


class CommunityWishQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q())

    def shown(self):
        return self.filter(state__in=SHOWN)


class CommunityWish(models.Model):
    """A small wish 微心愿 of somebody in a community, which a neighbour or a department takes up.

    `told` is what was written; anybody sees `text`, which a person has made of it, and only once that has happened.
    Whoever wishes is known by a secret link alone; a name or a phone left with it is a `Neighbour`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = CodeField(_("社区代码"), max_length=12)
    told = models.CharField(_("写下的心愿"), max_length=LONGEST)
    text = models.CharField(_("公开的心愿"), max_length=LONGEST, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=WishState.choices, default=WishState.WAITING)
    #: SHA-256 of the token in the wisher's secret link.
    token_digest = models.CharField(max_length=64, unique=True)
    posted_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    shown_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    #: Who takes it up: a department, or a neighbour whose name nobody is told.
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("认领部门"))
    done_at = models.DateTimeField(_("实现时间"), null=True, blank=True)
    answer = models.CharField(_("社区的话"), max_length=LONGEST, blank=True)
    thanks_told = models.CharField(_("写下的感谢"), max_length=LONGEST, blank=True)
    thanks = models.CharField(_("公开的感谢"), max_length=LONGEST, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人"))

    objects = CommunityWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("微心愿")
        verbose_name_plural = _("微心愿")
        ordering = ["-posted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["open", "taken", "done"]) | ~Q(text=""), name="wish_shown_has_a_text"
            )
        ]
        indexes = [models.Index(fields=["area", "state", "-posted_at"], name="wish_by_area")]  # a community's page

    def __str__(self) -> str:
        return f"wish {self.pk}"
