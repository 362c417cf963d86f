"""What is done with a plan as a whole: copied, renamed, deleted while nobody was shown it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import Refused
from gis.models import Plan
from gis.planning import managing
from web.planning.found import plan_of


def may_delete(request: HttpRequest, plan: Plan) -> bool:
    return managing.may_delete(plan, request.user, request.access)


@require_POST
def copy(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A plan of one's own that starts where this one is."""
    plan = plan_of(request, uuid)
    try:
        twin = managing.copy(plan, request.POST.get("name", ""), user=request.user, access=request.access)
    except Refused as refusal:
        return _back(request, plan, refusal)
    messages.success(request, _("已复制为“%(name)s”。") % {"name": twin.name})
    return redirect("plan", twin.uuid)


@require_POST
def rename(request: HttpRequest, uuid: UUID) -> HttpResponse:
    plan = plan_of(request, uuid)
    try:
        managing.rename(plan, request.POST.get("name", ""), access=request.access)
    except Refused as refusal:
        return _back(request, plan, refusal)
    messages.success(request, _("已改名。"))
    return redirect("plan-talk", plan.uuid)


@require_POST
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    plan = plan_of(request, uuid)
    managing.delete(plan, user=request.user, access=request.access)
    messages.success(request, _("方案“%(name)s”已删除。") % {"name": plan.name})
    return redirect("plans")


def _back(request: HttpRequest, plan: Plan, refusal: Refused) -> HttpResponse:
    messages.error(request, f"{refusal.message} {refusal.fix}")
    return redirect("plan-talk", plan.uuid)
