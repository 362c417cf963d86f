"""What a forecast was worth, in words."""

from django.utils.translation import gettext as _

from gis.models import Forecast
from gis.risk.trial import COUNTS, LAST, OURS, TUNED


def worth(found: Forecast) -> str:
    """How much of the incidents of held-out weeks lay where the forecast ranked first, beside simpler maps."""
    percent = {name: f"{100 * shares['10']:.0f}" for name, shares in found.tried.items()}
    words = {
        "windows": found.windows,
        "days": found.days,
        "ours": percent[OURS],
        "density": percent[TUNED],
        "counts": percent[COUNTS],
        "last": percent[LAST],
    }
    return (
        _(
            "用最近 %(windows)s 期（每期 %(days)s 天）留出检验：预测最高的 10 %% 面积里发生了 %(ours)s %% 的事件；"
            "核密度图 %(density)s %%，历史总数 %(counts)s %%，上一期 %(last)s %%。"
        )
        % words
    )
