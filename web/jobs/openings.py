"""Opening plans of large areas."""

from django.utils.translation import gettext_noop

from gis.planning.preparing import PlanOpening, prepare
from web.jobs.working import Progress, carry_out


def open_ordered(key: int) -> None:
    """Prepare one plan. Where it is there already, the order is not, and nothing is done."""
    carry_out(PlanOpening, key, _made, gettext_noop("准备方案时出错。"))


def _made(opening: PlanOpening, tell: Progress) -> dict:
    prepare(opening, tell)
    return {}
