from django.http import HttpRequest, JsonResponse

from layers.values import values


def send(request: HttpRequest) -> JsonResponse:
    """One indicator's figures for the places on the map."""
    layer = request.GET.get("layer", "cells")
    return JsonResponse(values(layer, request.GET.get("indicator", "population"), request.access))
