"""What somebody is told about a case, once; and how they want to be told."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.incidents.incident import Incident


class Mail(models.TextChoices):
    """What becomes of a notice by e-mail."""

    NONE = "", _("不发")
    WAITS = "waits", _("待发")
    SENT = "sent", _("已发")
    FAILED = "failed", _("未发出")


class Mailed(models.Model):
    """What one person is told, and what becomes of it by e-mail; of a case here, of a plan in `gis.planning`."""

    mail = models.CharField(max_length=6, choices=Mail.choices, default=Mail.NONE, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True)  # not before; once sent: when
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class NoticeQuerySet(models.QuerySet):
    def of(self, user: User, access: Access):
        """Somebody's notices of cases they may still read: a posting that has ended takes its notices along."""
        return self.filter(access.which("incident.read").q("incident__area"), user=user)

    def unread(self):
        return self.filter(read_at=None)


class Notice(Mailed):
    """One person told of one thing about one case. `kind` is the code of a rule or an act; `key` makes it once.

    It holds no word of the case: what a reader is shown is read from the case when they look, in their scope of then.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    facts = models.JSONField(default=dict, blank=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "incident", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_of_user"),  # one's own, the latest first
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),  # the number on the bell
            models.Index(fields=["mail_at"], condition=Q(mail="waits"), name="notice_to_mail"),  # every minute
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class NoticeSetting(models.Model):
    """How somebody wants to be reminded by e-mail. Who has said nothing has the defaults."""

    class Each(models.TextChoices):
        EVERY = "every", _("每条提醒都发")
        LATE = "late", _("只发超时和紧急的")
        NONE = "none", _("不逐条发")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_setting")
    each = models.CharField(_("逐条邮件"), max_length=5, choices=Each.choices, default=Each.LATE)
    digest = models.BooleanField(_("每日汇总"), default=True)
    digest_hour = models.PositiveSmallIntegerField(_("汇总时间"), default=8)
    workdays_only = models.BooleanField(_("只在工作日汇总"), default=True)
    quiet_from = models.PositiveSmallIntegerField(_("免打扰开始"), default=21)
    quiet_until = models.PositiveSmallIntegerField(_("免打扰结束"), default=7)
    language = models.CharField(max_length=10, default="zh-hans")
    #: The local day of the last digest: there is one a day, whatever is killed and begun again.
    digested_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("提醒设置")
        verbose_name_plural = _("提醒设置")
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lt=24, quiet_from__lt=24, quiet_until__lt=24), name="notice_hours"
            )
        ]

    def __str__(self) -> str:
        return f"notice setting {self.pk}"

    def is_quiet(self, local: datetime) -> bool:
        """Whether a local time lies in the quiet hours, which may go over midnight; the same hour twice: none."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local.hour < self.quiet_until
        return local.hour >= self.quiet_from or local.hour < self.quiet_until


def setting_of(user: User) -> NoticeSetting:
    return NoticeSetting.objects.filter(user=user).first() or NoticeSetting(user=user, language=settings.LANGUAGE_CODE)
