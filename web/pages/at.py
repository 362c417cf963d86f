from django.http import HttpRequest, JsonResponse

from gis.places.locating import read_point, what_is_at
from web.scope import reads_no_people


@reads_no_people
def send(request: HttpRequest) -> JsonResponse:
    """What lies at a position, in the reader's scope; null where nothing of theirs does."""
    here = what_is_at(read_point(request.GET.get("lat"), request.GET.get("lon")), request.scope)
    building = here.building and {"id": here.building.pk, "code": here.building.code, "name": here.building.label}
    return JsonResponse({"cell": _named(here.cell), "building": building, "area": _named(here.area)})


def _named(place) -> dict | None:
    return place and {"code": place.code, "name": place.name}
