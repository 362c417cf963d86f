"""The workspace of a plan: one page, everything on it is fetched by the page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from web.planning.found import may_draw, plan_of

#: URL names of the endpoints a workspace talks to, by the name it knows them by.
_ENDPOINTS = ("tiles", "state", "steps", "undo", "redo", "try", "since", "problems", "handles")


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    plan = plan_of(request, uuid)
    urls = {name: reverse(f"plan-{name}", args=[plan.uuid]) for name in _ENDPOINTS}
    settings = {"urls": urls, "draw": may_draw(request, plan), "language": get_language(), "name": plan.name}
    return render(request, "web/planning/workspace.html", {"plan": plan, "settings": settings})
