from django.contrib.gis.db.models import PointField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField
from gis.places.building import InScopeQuerySet


class ServicePointQuerySet(InScopeQuerySet):
    def on(self, day):
        """Points open on a date."""
        return self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day))


class ServicePoint(models.Model):
    """A place that serves people who come to it: clinic, canteen, school, shelter … (`kind`: table `service_kind`).

    It opens on a day and closes on one; a closed point stays, so that last year's reach can still be worked out.
    `area` is the scope: the cell it stands in, or the community while no cell holds it.
    """

    kind = models.SlugField(_("类型"), max_length=40, db_index=False)
    name = models.CharField(_("名称"), max_length=80)
    position = PointField(_("位置"), spatial_index=False)
    capacity = models.PositiveIntegerField(
        _("容量"), null=True, blank=True, help_text=_("每天可服务的人数、座位或床位")
    )
    opening = models.CharField(_("开放时间"), max_length=80, blank=True, help_text=_("如 周一至周五 9:00–17:00"))
    area = CodeField(_("辖区代码"), max_length=15)
    starts = models.DateField(_("启用日期"), default=timezone.localdate)
    ends = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    source_code = models.CharField(_("来源编号"), max_length=80, blank=True)

    objects = ServicePointQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务设施")
        verbose_name_plural = _("服务设施")
        ordering = ["kind", "area", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="service_point_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["source", "source_code"], condition=~Q(source_code=""), name="service_point_once_per_source"
            ),
        ]
        indexes = [models.Index(fields=["area"], name="service_point_by_area")]  # scope range

    def __str__(self) -> str:
        return self.name
