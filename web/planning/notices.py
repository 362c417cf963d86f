"""What one is told of plans: a worker of their cell, planner and approver of a publication."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from gis.models import PlanNotice

#: So many are shown at a time: one has few.
_MOST = 20


def plan_notices(request: HttpRequest, everything: bool) -> list[PlanNotice]:
    """One's own, the latest first; unread ones unless all are asked for."""
    mine = PlanNotice.objects.filter(user=request.user).select_related("plan")
    return list(mine[:_MOST] if everything else mine.filter(read_at=None)[:_MOST])


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page a notice is about; it is read by that."""
    notice = get_object_or_404(PlanNotice.objects.select_related("plan"), pk=pk, user=request.user)
    PlanNotice.objects.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    cells = notice.facts.get("given") or notice.facts.get("redrawn") or []
    if cells:
        return redirect("cell", cells[0])
    if notice.plan and request.access.may("plan.read", notice.plan.area):
        return redirect("plan-impact", notice.plan.uuid)
    return redirect("notices")
