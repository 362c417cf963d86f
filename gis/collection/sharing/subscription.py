"""What a department may take: some fields of the catalogue, of an area, each for a purpose that its owner agreed to."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.collection.field import Field
from gis.columns import CodeField, SealedFileField
from gis.places.building import InScopeQuerySet


class SubscriptionQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q())

    def in_force(self, day: date):
        """Those by which something may be taken on a day."""
        begun = self.filter(state=Subscription.State.APPROVED, starts__lte=day)
        return begun.filter(Q(ends__isnull=True) | Q(ends__gt=day))


class Subscription(models.Model):
    """A department's list of fields about people, households, homes or units of an area, with a purpose for each.

    What is shared without condition is granted with the request; the owner of every other field decides
    (`subscribing.py`). It is in force from `starts` until `ends`, with the fields that are granted, and no others.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("已退回")
        ENDED = "ended", _("已停用")

    class Subject(models.TextChoices):
        PERSON = Field.Subject.PERSON.value, Field.Subject.PERSON.label
        HOUSEHOLD = Field.Subject.HOUSEHOLD.value, Field.Subject.HOUSEHOLD.label
        DWELLING = Field.Subject.DWELLING.value, Field.Subject.DWELLING.label
        ORGANISATION = Field.Subject.ORGANISATION.value, Field.Subject.ORGANISATION.label

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    department = models.ForeignKey(Department, models.PROTECT, related_name="subscriptions", verbose_name=_("部门"))
    area = CodeField(_("辖区代码"), max_length=12)
    subject = models.CharField(_("对象"), max_length=12, choices=Subject.choices, default=Subject.PERSON)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    starts = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    #: The state of the feed (`feed.py`): the snapshot it was last brought up to, of which day and fields, last number.
    seen = models.TextField(blank=True, editable=False)
    seen_on = models.DateField(null=True, editable=False)
    seen_fields = models.CharField(max_length=64, blank=True, editable=False)
    last_number = models.BigIntegerField(default=0, editable=False)
    #: Per cent of everybody that a job has looked at (`preparing.py`); None where no job is asked for.
    preparing = models.PositiveSmallIntegerField(null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("数据订阅")
        verbose_name_plural = _("数据订阅")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="subscription_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(area__regex=r"^[0-9]{2,12}$"), name="subscription_area_is_digits"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_in_force(self, day: date) -> bool:
        begun = self.state == self.State.APPROVED and self.starts <= day
        return begun and (self.ends is None or self.ends > day)


class SubscribedField(models.Model):
    """One field of a subscription: what for, on what basis, and what its owner decided."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("不同意")
        REVOKED = "revoked", _("已收回")

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="lines")
    field = models.ForeignKey(Field, models.PROTECT, related_name="+")
    purpose = models.CharField(_("用途"), max_length=200)
    basis = models.CharField(_("法律依据"), max_length=200, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    position = models.PositiveSmallIntegerField(default=0)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "field"], name="field_once_per_subscription"),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "revoked"], reason=""), name="subscribed_field_refused_with_reason"
            ),
        ]


class SubscriptionStep(models.Model):
    """What was decided about a subscription, by whom and why. Appended, never rewritten."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=9)  # a state of the subscription, or of the field it names
    field = models.ForeignKey(Field, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class SharedRow(models.Model):
    """What was last told of one person or home in the feed of a subscription: a digest, never a value.

    `number` is the place of its last change in the feed, `added_number` that of its last coming, `first_number` that of
    its first: whoever has read less far never knew of it. Row-level security guards
    the table by `area`, the community it was in when it was told.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="rows")
    key = models.BigIntegerField()  # of the person or the home
    name = models.UUIDField(default=uuid.uuid4)  # by which the department knows it; of another subscription another
    area = CodeField(max_length=15)
    digest = models.BinaryField(max_length=32)
    number = models.BigIntegerField()
    added_number = models.BigIntegerField()
    first_number = models.BigIntegerField()
    gone = models.BooleanField(default=False)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "key"], name="shared_row_once"),
            models.UniqueConstraint(fields=["subscription", "number"], name="shared_row_numbered_once"),
        ]
        indexes = [models.Index(fields=["area"], name="shared_row_by_area")]  # row-level security


class ShareChange(models.Model):
    """In which communities (12 digits) a transaction changed whom a subscription may be about (`feed.sql`)."""

    transaction = models.BigIntegerField()
    areas = models.JSONField(default=list)
    noted_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["transaction"], name="share_change_order")]  # what is new since a snapshot


class Export(models.Model):
    """A file of what a subscription grants, made in the background for who ordered it. The file goes, the row stays."""

    class Kind(models.TextChoices):
        XLSX = "xlsx", _("Excel 表格")
        CSV = "csv", _("CSV（UTF-8）")
        GB = "gb.csv", _("CSV（GB18030）")
        GPKG = "gpkg", _("GeoPackage")

    class Stage(models.TextChoices):
        WAITING = "waiting", _("排队中")
        WORKING = "working", _("制作中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        EXPIRED = "expired", _("已过期")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="exports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("格式"), max_length=6, choices=Kind.choices)
    purpose = models.CharField(_("用途"), max_length=200)
    language = models.CharField(max_length=10)
    stage = models.CharField(_("状态"), max_length=8, choices=Stage.choices, default=Stage.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    people = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    file = SealedFileField(upload_to="shared/", blank=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        indexes = [models.Index(fields=["expires_at"], name="export_by_end")]  # what is to be cleared away

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def is_at_work(self) -> bool:
        return self.stage in (self.Stage.WAITING, self.Stage.WORKING)
