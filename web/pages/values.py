from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from gis.risk.weighting import DISTRICT
from layers.past import day_of, listed_on, values_on
from layers.places import listing
from layers.values import Question, listed_for, values, wire
from web.pages.paging import read_number
from web.pages.risk_weights import own_weights

_BYTES = "application/octet-stream"
_PACKED = {"Content-Encoding": "gzip"}


def send(request: HttpRequest, on: str = "") -> HttpResponse:
    """One indicator's figures for the places on the map, in the order of their list. `on`: for the cells of a day."""
    question = _question(request)
    body = wire(values_on(question, request.access, day_of(on)) if on else values(question, request.access))
    return HttpResponse(body, content_type=_BYTES, headers=_PACKED | {"Cache-Control": "private, no-store"})


def listed(request: HttpRequest, on: str = "") -> HttpResponse:
    """The places of a layer, for an indicator: ids, codes, names, ground. The browser keeps it until it changes."""
    question = _question(request)
    places = listed_on(question, request.access, day_of(on)) if on else listed_for(question, request.access)
    headers = {"ETag": f'"{places.mark}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(listing(places), content_type=_BYTES, headers=headers | _PACKED)


def _question(request: HttpRequest) -> Question:
    get = request.GET.get
    categories, majors = request.GET.getlist("category"), request.GET.getlist("major")
    days = get("days")
    return Question(
        get("layer", "cells"),
        get("indicator", "population"),
        days=30 if days is None else read_number(days) or 0,
        categories=frozenset(read_number(one) or 0 for one in categories),
        majors=frozenset(majors),
        compare=get("compare") == "previous",
        weights=own_weights(request) if get("indicator") == "risk" else DISTRICT,
    )
