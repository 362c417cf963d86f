"""Automatic cells of a plan, several ways side by side: ordered, watched, compared, taken over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.areas.area import Area
from gis.errors import Refused
from gis.models import Plan, PlanProposal
from gis.planning.keeping import drawing_of
from gis.planning.proposals.ordering import cancel, order
from gis.planning.proposals.plan_proposal import AT_WORK
from gis.planning.proposals.taking import fit_of, take_over
from web.planning.alternatives_fit import advised
from web.planning.alternatives_form import Filled, filled, first_filled, with_target
from web.planning.alternatives_shown import comparison, shown, wish_of
from web.planning.found import may_draw, plan_of
from web.tasks import propose_cells

#: Batches on the page: the latest, and those of before below it.
_BATCHES = 2


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The proposals of a plan; a posted form orders new ones."""
    plan = plan_of(request, uuid)
    form, error = first_filled(plan, request.GET.get("cells", "")), None
    if request.method == "POST":
        try:
            form = filled(request.POST)
            return _ordered(request, plan, form)
        except Refused as refusal:
            error, form = refusal, Filled(request.POST)
    weights = form.weights(error.fields if error else {})
    context = _context(request, plan) | {"form": form, "error": error, "weights": weights}
    return render(request, "web/planning/alternatives.html", context, status=422 if error else 200)


@require_POST
def fit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How the target in the form fits, and which near it fits better; `take` names one that is put into the form.

    A page that watches its form gets the advice alone.
    """
    plan = plan_of(request, uuid)
    form, error, said = Filled(with_target(request.POST)), None, None
    try:
        form = filled(form.values)
        said = advised(drawing_of(plan), form.asked)
    except Refused as refusal:
        error = refusal
    if request.headers.get("HX-Request") and "take" not in request.POST:
        return render(request, "web/planning/alternatives_fit.html", {"plan": plan, "fit": said, "error": error})
    weights = form.weights(error.fields if error else {})
    context = {"form": form, "error": error, "weights": weights, "fit": said, "taken": "take" in request.POST}
    context = _context(request, plan) | context
    return render(request, "web/planning/alternatives.html", context, status=422 if error else 200)


def _ordered(request: HttpRequest, plan: Plan, form: Filled) -> HttpResponse:
    for proposal in order(plan.uuid, form.asked, user=request.user, access=request.access):
        propose_cells.defer(proposal_id=proposal.pk)
    return redirect("plan-alternatives", plan.uuid)


def _context(request: HttpRequest, plan: Plan) -> dict:
    drawing = drawing_of(plan)
    batches = [_batch(plan, one, drawing) for one in _batches(plan)]
    codes = sorted({code for code in drawing.community.tolist() if code})
    return {
        "plan": plan,
        "may_draw": may_draw(request, plan),
        "batches": batches,
        "at_work": plan.proposals.filter(stage__in=AT_WORK).exists(),
        "communities": Area.objects.filter(code__in=codes).order_by("code") if len(codes) > 1 else [],
        "cells": [one for one in drawing.cells.values() if not one.locked],
        "locked": sum(one.locked for one in drawing.cells.values()),
    }


def _batches(plan: Plan) -> list[list[PlanProposal]]:
    """The proposals that were ordered together, the latest first."""
    found: dict[UUID, list[PlanProposal]] = {}
    for one in plan.proposals.order_by("-ordered_at", "pk"):
        found.setdefault(one.order, []).append(one)
    return list(found.values())[:_BATCHES]


def _batch(plan: Plan, proposals: list[PlanProposal], drawing) -> dict:
    done = [one for one in proposals if one.is_done]
    cards = [shown(one) | {"fit": one.is_done and fit_of(one, drawing, plan)} for one in proposals]
    cards.sort(key=lambda card: card["proposal"].pk)
    table = comparison(sorted(done, key=lambda one: one.pk))
    return {"cards": cards, "table": table, "first": cards[0]["proposal"], "wish": wish_of(cards[0]["proposal"])}


@require_POST
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Cancel what is being made."""
    plan = plan_of(request, uuid)
    if may_draw(request, plan):
        cancel(plan)
    return redirect("plan-alternatives", plan.uuid)


@require_POST
def take(request: HttpRequest, uuid: UUID, chosen: UUID) -> HttpResponse:
    """Make a proposal a step of the plan."""
    try:
        plan = take_over(uuid, chosen, user=request.user, access=request.access)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("plan-alternatives", plan_of(request, uuid).uuid)
    messages.success(request, _("已采用这个备选方案，可以在方案里撤销。"))
    return redirect("plan", plan.uuid)
