"""The record of a publication, and what those whom it concerns are told."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.incidents.reminders.notice import Mailed
from gis.planning.plan import Plan


class Redrawing(models.Model):
    """One publication: the versions that began and ended by it, and in `facts` what went with them.

    A plan is published once; whoever publishes it again gets this row. Written in the transaction of the cells.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.OneToOneField(Plan, models.PROTECT, null=True, related_name="redrawing", verbose_name=_("方案"))
    day = models.DateField(_("生效日期"))
    at = models.DateTimeField(_("发布时间"), default=timezone.now)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人"))
    communities = ArrayField(models.CharField(max_length=12), verbose_name=_("社区"))
    begun = ArrayField(models.BigIntegerField(), default=list)  # versions
    ended = ArrayField(models.BigIntegerField(), default=list)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("网格发布")
        verbose_name_plural = _("网格发布")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"redrawing {self.pk}"


class PlanNotice(Mailed):
    """What one person is told of a plan or its publication. `facts` holds codes and reasons, nothing of people."""

    class Kind(models.TextChoices):
        CELL = "cell", _("您的网格有变化")
        PUBLISHED = "published", _("方案已发布")
        REFUSED = "refused", _("方案未能发布")
        SUBMITTED = "submitted", _("有方案等您审批")
        APPROVED = "approved", _("方案已批准")
        REDATED = "redated", _("方案的生效日期有变")
        REJECTED = "rejected", _("方案被退回")
        TAKEN_BACK = "taken_back", _("方案已撤回")
        COMMENT = "comment", _("方案有新留言")
        SETTLED = "settled", _("您的留言已处理")

    user = models.ForeignKey(User, models.CASCADE, related_name="plan_notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, related_name="notices")
    redrawing = models.ForeignKey(Redrawing, models.CASCADE, null=True, related_name="notices")
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("方案提醒")
        verbose_name_plural = _("方案提醒")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-at"], name="plan_notice_of_user"),  # one's own, the latest first
            models.Index(
                fields=["user"], condition=Q(read_at=None), name="plan_notice_unread"
            ),  # the number on the bell
            models.Index(fields=["mail_at"], condition=Q(mail="waits"), name="plan_notice_to_mail"),  # every minute
        ]

    def __str__(self) -> str:
        return f"plan notice {self.pk}"


class PublicationOrder(models.Model):
    """What an approver decided for the day a plan comes into force, and how trying it went.

    `choices`: {"workers": {number of a draft: [users]}, "keep_cases": bool}. `trouble` says why it was refused on
    `tried_on`; it is tried again the next day, or when somebody publishes by hand.
    """

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="order")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人"))
    at = models.DateTimeField(default=timezone.now)
    choices = models.JSONField(default=dict)
    tried_on = models.DateField(null=True)
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("发布安排")
        verbose_name_plural = _("发布安排")

    def __str__(self) -> str:
        return f"order {self.pk}"
