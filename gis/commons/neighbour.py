import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.columns import CodeField, SealedField
from gis.commons.community_wish import LONGEST, CommunityWish


class NeighbourQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q())


class Neighbour(models.Model):
    """A name and a phone that somebody left with a wish: whose it is, or who offers to fulfil it.

    Row-level security guards the table; the phone is sealed. Nobody but the community's staff is told either, and both
    are forgotten 90 days after the wish has ended.
    """

    class Part(models.TextChoices):
        WISHER = "wisher", _("许愿人")
        HELPER = "helper", _("认领人")

    class State(models.TextChoices):
        WAITING = "waiting", _("待联系")
        ACCEPTED = "accepted", _("已接受")
        DECLINED = "declined", _("已谢绝")

    #: Made by the form, so that what is sent twice is stored once.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = CodeField(_("社区代码"), max_length=12)
    wish = models.ForeignKey(CommunityWish, models.CASCADE, related_name="neighbours", verbose_name=_("微心愿"))
    part = models.CharField(_("身份"), max_length=6, choices=Part.choices)
    name = models.CharField(_("称呼"), max_length=30, blank=True)
    phone_sealed = SealedField(null=True, blank=True)
    phone_last4 = models.CharField(_("电话后四位"), max_length=4, blank=True)
    words = models.CharField(_("留言"), max_length=LONGEST, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = NeighbourQuerySet.as_manager()

    class Meta:
        verbose_name = _("心愿联系人")
        verbose_name_plural = _("心愿联系人")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["area"], name="neighbour_by_area")]  # the range of the policy

    def __str__(self) -> str:
        return f"neighbour {self.pk}"
