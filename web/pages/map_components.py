"""Components on the map: those of a window, from the zoom on at which single ones can be told apart."""

from django.contrib.gis.geos import Polygon
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from gis import crs
from gis.errors import WanggeError
from gis.incidents.component_class import component_classes
from gis.models import Component
from web.pages.windows import read_box
from web.scope import reads_no_people

#: The map shows them from here on.
NEAREST_ZOOM = 17
#: A window as wide (degrees) is no screen at that zoom.
_WIDEST = 0.08
#: More are not sent: those left out are said to be there.
MOST = 1500


@reads_no_people
@gzip_page
def here(request: HttpRequest) -> JsonResponse:
    """The components of a window: each as [longitude, latitude, code, place of its class in `classes`, state].

    `more`: there are others that were not sent.
    """
    west, south, east, north = box = read_box(request)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or max(east - west, north - south) > _WIDEST:
        raise WanggeError(_("地图范围太大。"), fix=_("请放大地图。"))
    window = Polygon.from_bbox(box)
    window.srid = crs.STORE
    found = Component.objects.inside(request.scope).filter(position__intersects=window).order_by("code")
    rows = list(found.values_list("position", "code", "kind", "state")[: MOST + 1])
    kinds = {kind: place for place, kind in enumerate(sorted({kind for _at, _code, kind, _state in rows}))}
    classes = component_classes()
    answer = {
        "classes": [
            [_(classes[kind].name), classes[kind].sign] if kind in classes else [kind, "other"] for kind in kinds
        ],
        "components": [
            [round(at.x, 7), round(at.y, 7), code, kinds[kind], state] for at, code, kind, state in rows[:MOST]
        ],
        "more": len(rows) > MOST,
    }
    return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})
