"""A plan of the small town's first community, drawn by Zhao and approved by Sun."""

from django.utils import timezone

from gis.accounts.scope import applied
from gis.planning.deciding import decide
from gis.planning.plan import Plan
from tests.gis.planning.drafts import a_plan, step


def split_cell(cast, plan: Plan) -> Plan:
    """Divide the first cell of a plan in two."""
    with applied(cast.zhao.access.which("people.count")):
        return step(cast, plan, "divide", cell=1, count=2)


def approved(cast, change=split_cell, starts=None, start=None) -> Plan:
    plan = a_plan(cast, start=start)
    change(cast, plan)
    plan.refresh_from_db()
    for act, name in (("submit", "zhao"), ("approve", "sun")):
        user = cast[name]
        decide(plan.uuid, act, user=user, access=user.access, seen=plan.revision, starts=starts or timezone.localdate())
    plan.refresh_from_db()
    return plan
