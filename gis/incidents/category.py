from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """What an incident is about, with its time limits. Loaded from `gis/codes/tables` by `load_codes`.

    Component and event classes share numbers ("0101" is both a manhole cover and an illegal building), so the
    key is (kind, code).
    """

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("社区事件")
        CITY = "city", _("城市事件")
        COMPONENT = "component", _("城市部件")
        IMPORTED = "imported", _("外部类别")

    class Unit(models.TextChoices):
        URGENT_HOUR = "urgent_hour", _("紧急工作时")
        WORK_HOUR = "work_hour", _("工作时")
        WORK_DAY = "work_day", _("工作日")
        NATURAL_DAY = "natural_day", _("自然日")

    kind = models.CharField(_("类别体系"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("代码"), max_length=40)
    major = models.CharField(_("大类"), max_length=60)
    name = models.CharField(_("小类"), max_length=80)
    urgent = models.BooleanField(_("紧急"), default=False)
    accept_within_hours = models.PositiveSmallIntegerField(_("受理时限（工作时）"), null=True, blank=True)
    dispose_within = models.PositiveSmallIntegerField(_("处置时限"), null=True, blank=True)
    dispose_unit = models.CharField(_("时限单位"), max_length=12, choices=Unit.choices, blank=True)
    retired = models.BooleanField(_("停用"), default=False)
    #: Whether anybody may know that there was one, coarsely where and when, and how far it has come.
    is_public = models.BooleanField(_("向居民公开"), default=False, db_default=False)

    class Meta:
        verbose_name = _("事件类别")
        verbose_name_plural = _("事件类别")
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="category_once_per_kind")]

    def __str__(self) -> str:
        return self.name
