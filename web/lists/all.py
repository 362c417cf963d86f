"""Every list that can be had as a file, by its code."""

from django.utils.translation import gettext as _

from gis.errors import WanggeError
from web.lists.buildings import BUILDINGS
from web.lists.components import COMPONENTS
from web.lists.evaluation import INDICATOR_PARTS, INDICATORS
from web.lists.listing import Listing
from web.lists.organisations import ORGANISATIONS
from web.lists.plans import PLANS
from web.lists.ranking import RANKING, RANKING_CATEGORIES
from web.lists.service_points import SERVICE_POINTS

_ALL = (
    BUILDINGS, COMPONENTS, ORGANISATIONS, SERVICE_POINTS, PLANS, INDICATORS, INDICATOR_PARTS, RANKING,
    RANKING_CATEGORIES,
)  # fmt: skip
LISTS: dict[str, Listing] = {one.code: one for one in _ALL}


def listing_of(code: str) -> Listing:
    """Raises WanggeError for a list there is not."""
    if code not in LISTS:
        raise WanggeError(_("没有这份清单。"), fix=_("请从清单页面的“导出”重新申请。"))
    return LISTS[code]
