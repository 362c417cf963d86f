"""Components on the map: those of a window, from the zoom on at which single ones can be told apart; and as a table."""

from collections import Counter

from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from shapely import from_wkb, get_coordinates

from gis import crs
from gis.incidents.component_class import SIGNS, component_classes
from gis.incidents.condition import Condition, with_condition
from gis.models import Component, Incident
from web.pages.windows import Box, read_ground
from web.scope import reads_no_people

#: The map shows them from here on.
NEAREST_ZOOM = 17
#: A window as wide (degrees) is no screen at that zoom.
_WIDEST = 0.08
#: More are not sent: those left out are said to be there.
MOST = 6000
#: So many are listed one by one beside the map; of more the table of classes has the numbers.
_MOST_LISTED = 100


def component_settings() -> dict:
    """What the map page needs to show components."""
    return {
        "here": reverse("components-here"),
        "list": reverse("components-listed"),
        "from": NEAREST_ZOOM,
        "signs": [[sign, str(name)] for sign, name in SIGNS.items()],
        "conditions": [[value, str(label)] for value, label in Condition.choices],
    }


@reads_no_people
@gzip_page
def here(request: HttpRequest) -> JsonResponse:
    """The components of a window: each as [longitude, latitude, code, place of its class in `classes`, condition].

    `more`: there are others that were not sent.
    """
    found = _inside(request, read_ground(request, _WIDEST)).annotate(wkb=AsWKB("position")).order_by("code")
    rows = list(found.values_list("wkb", "code", "kind", "condition")[: MOST + 1])
    at = get_coordinates(from_wkb([bytes(wkb) for wkb, *_rest in rows])).round(7).tolist()
    kinds = {kind: place for place, kind in enumerate(sorted({kind for _at, _code, kind, _state in rows}))}
    classes = component_classes()
    answer = {
        "classes": [
            [_(classes[kind].name), classes[kind].sign] if kind in classes else [kind, "other"] for kind in kinds
        ],
        "components": [
            [*at[row], code, kinds[kind], state] for row, (_at, code, kind, state) in enumerate(rows[:MOST])
        ],
        "more": len(rows) > MOST,
    }
    return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})


@reads_no_people
def listed(request: HttpRequest) -> HttpResponse:
    """The same as a table, at any zoom: how many of each class in which condition, and few ones one by one."""
    found = _inside(request, read_ground(request))
    counted = found.order_by().values_list("kind", "condition").annotate(n=Count("pk"))
    by_class: dict[str, Counter] = {}
    for kind, condition, number in counted:
        by_class.setdefault(kind, Counter())[condition] += number
    total = sum(map(Counter.total, by_class.values()))
    context = {
        "classes": component_classes(),
        "rows": [_row(kind, numbers) for kind, numbers in sorted(by_class.items())],
        "all": _row("", sum(by_class.values(), Counter())),
        "total": total,
        "components": list(found.order_by("kind", "code")) if total <= _MOST_LISTED else [],
        "most": _MOST_LISTED,
    }
    response = render(request, "web/components/here.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(kind: str, numbers: Counter) -> dict:
    broken = numbers[Condition.DAMAGED] + numbers[Condition.MISSING]
    return {"kind": kind, "total": numbers.total(), "reported": numbers[Condition.REPORTED], "broken": broken}


def _inside(request: HttpRequest, box: Box) -> QuerySet[Component]:
    window = Polygon.from_bbox(box)
    window.srid = crs.STORE
    found = Component.objects.inside(request.scope).filter(position__intersects=window)
    return with_condition(found, Incident.objects.inside(request.access.which("incident.read")))
