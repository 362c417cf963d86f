from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.errors import WanggeError
from gis.incidents.finding import this_second
from gis.models import Category, Incident
from layers.bins import MOST_BINS, SIDES, grid_over
from layers.heat import cube_of, packed
from layers.heat_times import MOST_STEPS, times_of
from layers.incident_copy import incidents_now
from layers.incident_selection import selected
from web.pages.incident_filter import incident_scope, read_filter
from web.pages.windows import read_box, read_whole
from web.scope import reads_no_people

_YEAR = timedelta(days=364)


@reads_no_people
def send(request: HttpRequest) -> HttpResponse:
    """Incidents in scope by place bin × time bin, as `layers.heat.packed` writes them."""
    get = request.GET.get
    zone = ZoneInfo(settings.TIME_ZONE)
    scope, wanted = incident_scope(request), read_filter(request).wanted
    grid = grid_over(read_box(request), read_whole(request, "zoom"), read_whole(request, "side", 8))
    last = _day(get("to")) or timezone.localdate()
    times = times_of(_day(get("from")) or last - _YEAR, last, get("step") or "week", zone)
    cube = cube_of(selected(incidents_now(), wanted, scope, this_second()), grid, times, zone)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, no-store"}
    return HttpResponse(packed(cube, grid, times), content_type="application/octet-stream", headers=headers)


def heat_settings(access: Access) -> dict | None:
    """What the map page needs to offer a heat map; None to whom it is not offered."""
    if not access.may_anywhere("incident.read"):
        return None
    used = Category.objects.filter(Exists(Incident.objects.filter(category=OuterRef("pk"))))
    return {
        "url": reverse("heat"),
        "categories": list(used.order_by("kind", "code").values("id", "name", "major")),
        "today": timezone.localdate().isoformat(),
        "limits": {"bins": MOST_BINS, "times": MOST_STEPS, "sides": SIDES},
    }


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise WanggeError(_("日期无法识别。"), fix=_("请按 2026-03-04 的样子填写。"))
    return day
