"""What the forecast of incidents was worth when it was last tried, and what it says for the next weeks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Forecast(models.Model):
    """One trial of the forecast on the incidents at hand, with the forecast made by it. Written by a job.

    `tried`: name of a map (`gis.risk.trial`) → share of the incidents of held-out windows caught in 5 and in 10 % of
    the area. `expected`: code of a cell (or lowest area) → incidents expected in the `days` after `made_at`.
    """

    made_at = models.DateTimeField(_("计算时间"))
    days = models.PositiveSmallIntegerField(_("天数"))
    windows = models.PositiveSmallIntegerField(_("检验期数"))
    incidents = models.PositiveIntegerField(_("事件"))
    tried = models.JSONField(_("检验结果"), default=dict)
    expected = models.JSONField(_("预计事件"), default=dict)

    class Meta:
        verbose_name = _("事件预测")
        verbose_name_plural = _("事件预测")
        get_latest_by = "made_at"

    def __str__(self) -> str:
        return f"forecast of {self.made_at:%Y-%m-%d %H:%M}"
