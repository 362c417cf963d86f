"""One change of a category: from when, what, by whom and why. Appended; the database refuses to rewrite it."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.incidents.category import Category

#: Since when holds what a category said before anybody changed it.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class CategoryChangeQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not withdrawn, in the order they hold: of two from the same moment the later one written."""
        return self.filter(withdrawn_at=None).order_by("since", "pk")


class CategoryChange(models.Model):
    """`sets`: what it sets, by field (`Terms`). It may be withdrawn before it holds, never afterwards."""

    class Origin(models.TextChoices):
        BEFORE = "before", _("原有")
        STANDARD = "standard", _("标准更新")
        EDITOR = "editor", _("页面修改")
        FILE = "file", _("批量导入")

    category = models.ForeignKey(Category, models.CASCADE, related_name="changes", verbose_name=_("类别"))
    since = models.DateTimeField(_("自"))
    sets = models.JSONField(_("更改"))
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    origin = models.CharField(_("来源"), max_length=8, choices=Origin.choices, default=Origin.EDITOR)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("修改人")
    )  # fmt: skip
    made_at = models.DateTimeField(_("修改时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤回人")
    )  # fmt: skip

    objects = CategoryChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("类别更改")
        verbose_name_plural = _("类别更改")
        ordering = ["category", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__lt=models.F("since")),
                name="category_change_withdrawn_in_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.since:%Y-%m-%d}"
