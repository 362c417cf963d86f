import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.collection.field import Field
from gis.columns import CodeField


class FormQuerySet(models.QuerySet):
    def about(self, scope: Scope):
        """Forms that concern somebody of that scope: for its areas, parts of them, and what lies above."""
        above = {code[:length] for code in scope.areas for length in range(2, len(code))}
        return self.filter(scope.q() | Q(area__in=above))

    def in_force(self, day: date):
        """Forms that are collected on a day."""
        begun = self.filter(state=Form.State.APPROVED, starts__lte=day)
        return begun.filter(Q(ends__isnull=True) | Q(ends__gt=day))


class Form(models.Model):
    """A department's list of catalogue fields that are to be known of everybody (or every home) in an area.

    A form is never filled in by itself: what is known counts at once, and a visit asks what is not. It is drafted by a
    department, approved by the level above (`forms.py`), in force from `starts` until `ends`. With `every_months` a
    value said longer ago than that is asked again.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("已退回")
        RETIRED = "retired", _("已停用")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    department = models.ForeignKey(Department, models.PROTECT, related_name="forms", verbose_name=_("部门"))
    area = CodeField(_("辖区代码"), max_length=12)
    subject = models.CharField(_("对象"), max_length=12, choices=Field.Subject.choices, default=Field.Subject.PERSON)
    populations = models.JSONField(_("人口类型"), default=list, blank=True)  # none: everybody
    purpose = models.CharField(_("用途"), max_length=200)
    basis = models.CharField(_("法律依据"), max_length=200)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    starts = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"), null=True, blank=True)
    every_months = models.PositiveSmallIntegerField(_("每隔几个月更新"), null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    fields = models.ManyToManyField(Field, through="FormField", related_name="forms")

    objects = FormQuerySet.as_manager()

    class Meta:
        verbose_name = _("表单")
        verbose_name_plural = _("表单")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="form_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(area__regex=r"^[0-9]{2,12}$"), name="form_area_is_digits"),
        ]

    def __str__(self) -> str:
        return self.name


class FormField(models.Model):
    """A field on a form, and its place there."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="lines")
    field = models.ForeignKey(Field, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["form", "field"], name="field_once_per_form")]


class FormStep(models.Model):
    """What was decided about a form, by whom and why. Appended, never rewritten."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=Form.State.choices)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
