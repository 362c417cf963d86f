"""What an e-mail says of plans: what happened, in which area, and where to look. No name or comment anybody wrote."""

from collections.abc import Iterable

from gis.accounts.users import User
from gis.areas.area import Area
from gis.models import PlanNotice
from web.planning.notices import own_plan_notices


def readable_plans(user: User, notices: Iterable[PlanNotice]) -> list[PlanNotice]:
    """Those of the notices whose plan they may still read, the first first; each with its `place`."""
    if not user.is_active:
        return []
    mine = own_plan_notices(user, user.access).filter(pk__in=[one.pk for one in notices])
    found = list(mine.select_related("plan").order_by("at", "pk"))
    areas = {one.plan.area for one in found if one.plan}
    names = dict(Area.objects.filter(code__in=areas).values_list("code", "name"))
    for one in found:
        one.place = names.get(one.plan.area, "") if one.plan else ""
    return found
