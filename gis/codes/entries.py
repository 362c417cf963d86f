from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.Model):
    """One entry of a standard's code table: (table, code) → name. Loaded from `tables/*.csv` by `load_codes`."""

    table = models.SlugField(_("代码表"), max_length=40)
    code = models.CharField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    details = models.JSONField(_("其他列"), default=dict, blank=True)
    retired = models.BooleanField(_("停用"), default=False)

    class Meta:
        verbose_name = _("代码")
        verbose_name_plural = _("代码表")
        ordering = ["table", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="code_once_per_table")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
