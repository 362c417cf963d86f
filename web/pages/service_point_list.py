"""The list of service points: where they are, what they offer, since when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis.places.service.kinds import service_kinds
from web.lists.listing import Asked
from web.lists.service_points import SERVICE_POINTS
from web.lists.shown import export_of, table_of
from web.pages.choices import area_choices
from web.pages.paging import page_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The service points in scope."""
    asked = Asked.of(request)
    area, page = asked.area(), page_of(SERVICE_POINTS.find(asked), request.GET.get("page"))
    context = {
        "page": page,
        "table": table_of(SERVICE_POINTS, page.rows, asked),
        "export": export_of(SERVICE_POINTS, asked),
        "area": area,
        "areas": area_choices(request.scope, area),
        "kinds": service_kinds().values(),
        "filtered": any(request.GET.get(name) for name in SERVICE_POINTS.fields),
    }
    return render(request, "web/lists/service_points.html", context)
