import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.columns import CodeField
from gis.commons.bulletin import codes_above

MOST_OPTIONS = 8
LONGEST_REPLY = 500


class ConsultationQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q())

    def for_area(self, area: str):
        """What the people of a community are asked, by it or by an area above it."""
        return self.filter(area__in=codes_above(area))

    def shown(self, now):
        return self.filter(withdrawn=False, opens__lte=now)


class Consultation(models.Model):
    """A question to the people of a community or a street, open for a while, and what came of it.

    It collects opinions and is no vote: nobody is told apart, so nobody is counted once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = CodeField(_("辖区代码"), max_length=12)
    title = models.CharField(_("题目"), max_length=60)
    question = models.TextField(_("内容"), max_length=2000)
    options = models.JSONField(_("选项"), default=list, blank=True)
    opens = models.DateTimeField(_("开始时间"))
    closes = models.DateTimeField(_("截止时间"))
    result = models.TextField(_("结果"), max_length=2000, blank=True)
    result_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    withdrawn = models.BooleanField(_("已撤下"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("征求意见")
        verbose_name_plural = _("征求意见")
        ordering = ["-opens", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="consultation_closes_after_it_opens")
        ]
        indexes = [models.Index(fields=["area", "-opens"], name="consultation_by_area")]  # a community's page

    def __str__(self) -> str:
        return f"consultation {self.pk}"

    def is_open(self, now) -> bool:
        return not self.withdrawn and self.opens <= now < self.closes


class Reply(models.Model):
    """An opinion in a consultation: an option, a text, or both. Nothing says whose it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待审核")
        SHOWN = "shown", _("已公开")
        KEPT = "kept", _("只计数，不公开")
        REFUSED = "refused", _("无效")

    #: Made by the form, so that what is sent twice is stored once.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="replies", verbose_name=_("征求意见"))
    choice = models.PositiveSmallIntegerField(_("选项"), null=True, blank=True)
    text = models.CharField(_("意见"), max_length=LONGEST_REPLY, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    answer = models.CharField(_("答复"), max_length=LONGEST_REPLY, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人"))

    class Meta:
        verbose_name = _("意见")
        verbose_name_plural = _("意见")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(choice=None, text=""), name="reply_says_something"),
        ]
        indexes = [models.Index(fields=["consultation", "state", "-at"], name="reply_by_consultation")]  # its page

    def __str__(self) -> str:
        return f"reply {self.pk}"
