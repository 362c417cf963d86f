"""What is decided and said about a plan: its record, what may be decided now, and a line to write."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gis.areas.plans.unfinished import unfinished
from gis.errors import Conflict, Refused, WanggeError
from gis.models import Plan, PlanNote, User
from gis.planning import deciding, talking
from gis.planning.basis import is_outdated
from gis.planning.concerned import approvers
from gis.planning.keeping import drawing_of
from gis.planning.sheet import sheet_of
from gis.written import refuse
from web.errors import status_of
from web.pages.choices import names_of
from web.pages.paging import read_number
from web.planning.found import plan_of
from web.planning.managing import may_delete
from web.planning.notices import own_plan_notices

_DONE = {
    PlanNote.Kind.SUBMIT: gettext_lazy("方案已提交，等待审批。"),
    PlanNote.Kind.APPROVE: gettext_lazy("方案已批准。"),
    PlanNote.Kind.REJECT: gettext_lazy("方案已退回。"),
    PlanNote.Kind.TAKE_BACK: gettext_lazy("方案已撤回，可以继续修改。"),
    PlanNote.Kind.WITHDRAW: gettext_lazy("方案已作废。"),
}


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The record of a plan. Whoever sees it has read it."""
    plan = plan_of(request, uuid)
    answer = _page(request, plan)
    talking.read(plan, request.user)
    own_plan_notices(request.user, request.access).filter(plan=plan, read_at=None).update(read_at=timezone.now())
    return answer


@require_POST
def comment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say something; answered with the record, or to a script with the note."""
    plan, cell = plan_of(request, uuid), read_number(request.POST.get("cell"))
    try:
        note = talking.comment(
            uuid, request.POST.get("text", ""), user=request.user, access=request.access, cell=cell or None
        )
    except Refused as refusal:
        return _page(request, plan, refusal)
    return redirect(reverse("plan-talk", args=[uuid]) + f"#note-{note.pk}")


@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a decision on the revision that was shown."""
    plan, act = plan_of(request, uuid), request.POST.get("act", "")
    seen = read_number(request.POST.get("seen"))
    try:
        given = {"seen": -1 if seen is None else seen, "text": request.POST.get("text", ""), "starts": _day(request)}
        given["compared"] = request.POST.get("compared") == "yes"
        note = deciding.decide(uuid, act, user=request.user, access=request.access, **given)
    except (Refused, Conflict) as refusal:
        return _page(request, plan_of(request, uuid), refusal, act)
    messages.success(request, _done(note))
    return redirect("plan-talk", plan.uuid)


def _done(note: PlanNote) -> str:
    if note.kind == PlanNote.Kind.REDATE:
        return _("生效日期已改为 %(day)s。") % {"day": note.facts["starts"]}
    return str(_DONE[note.kind])


def _page(request: HttpRequest, plan: Plan, error: WanggeError | None = None, act: str = "") -> HttpResponse:
    offered = deciding.offered(plan, request.user, request.access)
    submits = any(rule.act == PlanNote.Kind.SUBMIT for rule in offered)
    drawing = drawing_of(plan)
    context = {
        "plan": plan,
        "sheet": sheet_of(plan),
        "names": names_of({plan.area}),
        "notes": _notes(plan),
        "cells": sorted(drawing.cells.values(), key=lambda one: one.number),
        "offered": offered,
        "hindrances": [deciding.hindrance(one) for one in unfinished(drawing)] if submits else [],
        "outdated": submits and is_outdated(plan),
        "waits_for": _names(approvers(plan)) if plan.state == Plan.State.SUBMITTED else [],
        "today": timezone.localdate(),
        "writes": request.access.may("plan.write", plan.area),
        "may_delete": may_delete(request, plan),
        "error": error,
        "act": act,
        "typed": request.POST,
        "fields": getattr(error, "fields", {}),
    }
    return render(request, "web/planning/talk.html", context, status=status_of(error) if error else 200)


def _notes(plan: Plan) -> list[PlanNote]:
    """All that was said and decided, newest last; a cell by its name of now."""
    notes = list(plan.notes.select_related("user", "about__user"))
    done = talking.settled(notes)
    cells = drawing_of(plan).cells if any(note.cell for note in notes) else {}
    for note in notes:
        known = cells.get(note.cell)
        note.cell_name = known.name if known else _("网格 %(number)s（已不在方案里）") % {"number": note.cell}
        note.settled = note.pk in done
        note.stale = note.revision != plan.revision
    return notes


def _names(users: set[int]) -> list[str]:
    return [user.name or user.username for user in User.objects.filter(pk__in=users).order_by("username")[:5]]


def _day(request: HttpRequest) -> date | None:
    text = request.POST.get("starts", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise refuse("starts", _("日期写得不对。"), _("请写成 2026-03-01 这样。")) from None
