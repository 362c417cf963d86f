import secrets
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.users import User
from gis.columns import CodeField, SealedField
from gis.incidents.step import Step
from gis.people.sealing import open_seal, seal


class Webhook(models.Model):
    """An address that is told of what happens to the cases of an area or, within it, of one department.

    `failures` counts how often in a row nobody answered there; until `not_before` it is left in peace.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    url = models.URLField(_("网址"), max_length=500, help_text=_("https 开头；事件以 POST 发到这里"))
    area = CodeField(_("辖区代码"), max_length=15)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("只限部门"))
    acts = ArrayField(models.CharField(max_length=12), default=list, blank=True, verbose_name=_("动作"))
    #: Signs what is sent. Sealed, because it has to be read again to sign with.
    secret = SealedField(editable=False)
    is_active = models.BooleanField(_("启用"), default=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("建立人"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    failures = models.PositiveIntegerField(_("连续失败"), default=0, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("事件推送")
        verbose_name_plural = _("事件推送")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(area__regex=r"^[0-9]{2,15}$"), name="webhook_area_is_digits")]

    def __str__(self) -> str:
        return self.name

    def new_secret(self) -> str:
        """A new secret for signing, kept sealed; shown to whoever sets up the other side, once."""
        text = "whsec_" + secrets.token_urlsafe(32)
        self.secret = seal(text)
        return text

    @property
    def key(self) -> bytes:
        return open_seal(self.secret).encode()


class DeliveryQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(done_at=None, failed_at=None)

    def due(self, now):
        """Those to send now: of webhooks that are active and not left in peace, the first noted first."""
        open_ones = Q(webhook__not_before=None) | Q(webhook__not_before__lte=now)
        return self.waiting().filter(open_ones, webhook__is_active=True, next_at__lte=now).order_by("pk")


class Delivery(models.Model):
    """One step to be told to one webhook. Noted in the step's own transaction: both, or neither.

    It may arrive twice (the answer got lost, the sender died), never not at all: receivers know it by its `uuid`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("事件推送"))
    step = models.ForeignKey(Step, models.CASCADE, related_name="deliveries", verbose_name=_("流转记录"))
    noted_at = models.DateTimeField(_("记下时间"), default=timezone.now)
    next_at = models.DateTimeField(_("下次发送"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    done_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    failed_at = models.DateTimeField(_("放弃时间"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("推送记录")
        verbose_name_plural = _("推送记录")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["webhook", "step"], name="delivery_once_per_step")]
        indexes = [
            # what is to be sent now
            models.Index(fields=["next_at"], condition=Q(done_at=None, failed_at=None), name="delivery_waiting"),
            models.Index(fields=["noted_at"], name="delivery_by_age"),  # what is to be cleared away
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class DeliveryTry(models.Model):
    """One attempt to deliver: what was answered (0: nothing) and how long it took. Appended, never edited."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    status = models.PositiveSmallIntegerField(_("应答"))
    milliseconds = models.PositiveIntegerField(_("毫秒"))
    trouble = models.CharField(_("问题"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("发送")
        verbose_name_plural = _("发送")
        ordering = ["delivery", "at"]

    def __str__(self) -> str:
        return f"try {self.pk}"
