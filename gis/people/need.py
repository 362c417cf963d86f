from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.columns import CodeField
from gis.people.resident import Resident
from gis.places.building import InScopeQuerySet


class Need(models.Model):
    """A service need of a person, dated, with its source. Row-level security guards the table.

    Tags are those of the code table `service_need`: age, care, disability help, hardship. Never politics,
    religion, petition history, a criminal or medical record, nor any "key person" flag.
    """

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="needs", verbose_name=_("居民"))
    tag = models.CharField(_("服务需求"), max_length=40)
    starts = models.DateField(_("起始日期"))
    ends = models.DateField(_("终止日期"), null=True, blank=True)
    confirmed_on = models.DateField(_("确认日期"), null=True, blank=True)  # last said to be so still
    source = models.CharField(_("数据来源"), max_length=80, blank=True)
    area = CodeField(_("辖区代码"), max_length=15)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务需求")
        verbose_name_plural = _("服务需求")
        constraints = [models.UniqueConstraint(fields=["resident", "tag", "starts"], name="need_once")]
        indexes = [models.Index(fields=["area"], name="need_by_area")]  # row-level security and counts
