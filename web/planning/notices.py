"""What one is told of plans: of a decision or comment, of one's cell, of a publication."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gis.accounts.scope import Access
from gis.models import PlanNote, PlanNotice, User

#: So many are shown at a time: one has few.
_MOST = 20


def own_plan_notices(user: User, access: Access) -> QuerySet[PlanNotice]:
    """One's own about plans one may still read; what a worker is told of their cell is of no plan they read."""
    readable = access.which("plan.read").q("plan__area")
    return PlanNotice.objects.filter(user=user).filter(readable | Q(kind=PlanNotice.Kind.CELL))


def plan_notices(request: HttpRequest, everything: bool) -> list[PlanNotice]:
    """The latest first, unread ones unless all are asked for; each with its `note`: who wrote or decided what."""
    mine = own_plan_notices(request.user, request.access).select_related("plan")
    rows = list(mine[:_MOST] if everything else mine.filter(read_at=None)[:_MOST])
    notes = PlanNote.objects.select_related("user").in_bulk([row.facts.get("note", 0) for row in rows])
    for row in rows:
        row.note = notes.get(row.facts.get("note"))
    return rows


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page a notice is about; it is read by that, and so are the others of that decision or comment's plan."""
    mine = own_plan_notices(request.user, request.access)
    notice = get_object_or_404(mine.select_related("plan"), pk=pk)
    mine.filter(pk=pk, read_at=None).update(read_at=timezone.now())
    cells = notice.facts.get("given") or notice.facts.get("redrawn") or []
    if cells:
        return redirect("cell", cells[0])
    if not (notice.plan and request.access.may("plan.read", notice.plan.area)):
        return redirect("notices")
    if note := notice.facts.get("note"):
        return redirect(reverse("plan-talk", args=[notice.plan.uuid]) + f"#note-{note}")
    return redirect("plan-impact", notice.plan.uuid)
