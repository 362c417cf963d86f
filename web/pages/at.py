from django.http import HttpRequest, JsonResponse

from gis.places.locating import border_at, read_accuracy, read_point, what_is_at, workers_of
from web.scope import reads_no_people


@reads_no_people
def send(request: HttpRequest) -> JsonResponse:
    """What lies at a position, in the reader's scope; null where nothing of theirs does.

    `accuracy` (metres): how sure a phone is of it. Near a border the cells it may be in too are `beside`. The workers
    posted to those cells today are told with their work phones, as on every panel. Not to be kept by a cache.
    """
    point = read_point(request.GET.get("lat"), request.GET.get("lon"))
    here = what_is_at(point, request.scope)
    border = border_at(point, here.cell, request.scope, read_accuracy(request.GET.get("accuracy")))
    cells = [*([here.cell] if here.cell else []), *(cell for cell, _metres in border.beside)]
    building = here.building and {"id": here.building.pk, "code": here.building.code, "name": here.building.label}
    answer = {
        "cell": _named(here.cell),
        "building": building,
        "area": _named(here.area),
        "border": None if border.metres is None else round(border.metres, 1),
        "beside": [{**_named(cell), "metres": round(metres, 1)} for cell, metres in border.beside],
        "workers": [{"cell": code, "name": name, "phone": phone} for code, name, phone in workers_of(cells)],
    }
    return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})


def _named(place) -> dict | None:
    return place and {"code": place.code, "name": place.name}
