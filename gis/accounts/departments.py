from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """A body that owns fields, disposes of cases or asks for data: statistics, housing, social security …"""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
