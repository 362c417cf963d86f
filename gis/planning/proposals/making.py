"""Making one proposal: what its plan's drawing becomes, with its scorecard, weak points and a sketch."""

import time
from dataclasses import asdict

from django.utils.translation import gettext as _

from gis.areas.area import Area
from gis.areas.plans.alternatives import divided, proposed
from gis.areas.plans.annealing import Tell
from gis.areas.plans.drawing import apply
from gis.areas.plans.packing import pack_change
from gis.areas.plans.rebasing import Basis
from gis.areas.plans.weak_points import card_of, weak_points
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.proposals.plan_proposal import PlanProposal, read
from gis.planning.proposals.sketch import banded


def make(proposal: PlanProposal, tell: Tell) -> dict:
    """What is to be stored of it. `tell` hears the share that is done, and may raise to stop."""
    plan, asked, began = Plan.objects.get(pk=proposal.plan_id), read(proposal.asked), time.monotonic()
    drawing = drawing_of(plan)
    first, weights, wish = plan.next_cell, asked.weights, asked.wish
    change = proposed(drawing, asked, first, tell, lambda number: _("新网格%(number)s") % {"number": number})
    after, chosen = apply(drawing, change), divided(drawing, asked)
    card, now = card_of(after, weights, wish, chosen), card_of(drawing, weights, wish, chosen)
    return {
        "revision": plan.revision,
        "change": pack_change(change),
        "basis": Basis.of(drawing, asked, first).pack(),
        "card": card and asdict(card) | _moved(drawing, change, weights),
        "now": now and asdict(now),
        "points": asdict(weak_points(after, weights, wish, chosen)) | _names(after),
        "sketch": banded(after, weights, wish, chosen),
        "seconds": round(time.monotonic() - began, 1),
    }


def _moved(drawing, change, weights) -> dict:
    """How much changes hands: load that had a cell and has another one then."""
    rows = drawing.rows(change.tiles)
    other = change.before > 0
    return {
        "moved": float(drawing.load(weights)[rows][other].sum()),
        "fresh": sum(map(bool, change.cells_after.values())),
    }


def _names(drawing) -> dict[str, dict[str, str]]:
    """Of cells by number, of communities by code."""
    places = Area.objects.filter(code__in=set(drawing.community.tolist())).values_list("code", "name")
    return {"names": {str(number): one.name for number, one in drawing.cells.items()}, "places": dict(places)}
