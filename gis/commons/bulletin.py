import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.areas.area import LEVELS
from gis.columns import CodeField


def codes_above(area: str) -> list[str]:
    """An area's own code and those of the areas it lies in: what is said to a street is said to its communities."""
    return [area[:length] for length in LEVELS if length <= len(area)]


class BulletinQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        return self.filter(scope.q())

    def for_area(self, area: str):
        """What the people of a community are told, by it or by an area above it."""
        return self.filter(area__in=codes_above(area))

    def shown(self, now):
        """What is told at a moment: begun, not past, not withdrawn."""
        return self.filter(withdrawn=False, shown_from__lte=now).filter(Q(shown_until=None) | Q(shown_until__gt=now))


class Bulletin(models.Model):
    """Something that staff tell the people of a community or a street: a notice, or an event with time and place."""

    class Kind(models.TextChoices):
        NOTICE = "notice", _("通知")
        EVENT = "event", _("活动")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    area = CodeField(_("辖区代码"), max_length=12)
    kind = models.CharField(_("类型"), max_length=6, choices=Kind.choices, default=Kind.NOTICE)
    title = models.CharField(_("标题"), max_length=60)
    text = models.TextField(_("内容"), max_length=2000, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    starts = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ends = models.DateTimeField(_("结束时间"), null=True, blank=True)
    shown_from = models.DateTimeField(_("从何时起显示"), default=timezone.now)
    shown_until = models.DateTimeField(_("显示到何时"), null=True, blank=True)
    withdrawn = models.BooleanField(_("已撤下"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("公告")
        verbose_name_plural = _("公告")
        ordering = ["-shown_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="event", starts=None), name="bulletin_event_has_a_start"),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="bulletin_ends_after_its_start"
            ),
        ]
        indexes = [models.Index(fields=["area", "-shown_from"], name="bulletin_by_area")]  # a community's page

    def __str__(self) -> str:
        return f"bulletin {self.pk}"
