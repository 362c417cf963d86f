"""Which plan a request is about."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.errors import OutOfScope
from gis.models import Plan


def plans_of(request: HttpRequest):
    """The plans whoever asks may read."""
    return Plan.objects.inside(request.access.which("plan.read"))


def plan_of(request: HttpRequest, uuid: UUID) -> Plan:
    """One of them. Raises OutOfScope."""
    plan = plans_of(request).select_related("owner", "based_on").filter(uuid=uuid).first()
    if plan is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return plan


def may_draw(request: HttpRequest, plan: Plan) -> bool:
    return plan.open_ and request.access.may("plan.write", plan.area)
