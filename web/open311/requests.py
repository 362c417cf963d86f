"""Service requests: what residents may know of cases, a page or one; and a new one."""

from datetime import datetime, time
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.errors import OutOfScope
from gis.incidents.public_case import PublicCase, tell
from gis.incidents.public_request import Asked, find_requests, middles, service_code, some_requests
from gis.models import Incident
from web.open311.answering import answer, spoken
from web.open311.asking import page_of, read_asked, read_keys
from web.open311.reporting import report


@spoken("GET", "HEAD", "POST")
def listed_or_new(request: HttpRequest, form: str) -> HttpResponse:
    if request.method == "POST":
        return answer(form, "service_requests", [report(request)], 201)
    asked, keys = read_asked(request.GET), read_keys(request.GET.get("service_request_id", ""))
    if keys:
        return answer(form, "service_requests", _told(request, _named(asked, keys)))
    start, size = page_of(request.GET)
    rows = some_requests(asked, start, size + 1)
    response = answer(form, "service_requests", _told(request, rows[:size]))
    if len(rows) > size:
        response["Link"] = f'<{_next(request, rows[size - 1])}>; rel="next"'
    return response


def _next(request: HttpRequest, last: Incident) -> str:
    """Where the list goes on behind a request, even if others come in before it meanwhile."""
    query: QueryDict = request.GET.copy()
    query.pop("page", None)
    query["after"] = str(last.uuid)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


@spoken("GET", "HEAD")
def one(request: HttpRequest, key: str, form: str) -> HttpResponse:
    found = _told(request, _named(read_asked(request.GET), read_keys(key)))
    if not found:
        raise OutOfScope(_("没有这个 service_request_id，或它不公开。"), fix=_("上报人可用自己的链接查看。"))
    return answer(form, "service_requests", found)


def _named(asked: Asked, keys: list[UUID]) -> list[Incident]:
    """Those of some names, whatever else was asked for, as the standard has it."""
    return list(find_requests(Asked(asked.areas)).filter(uuid__in=keys))


def _told(request: HttpRequest, rows: list[Incident]) -> list[dict]:
    codes, places = {row.uuid: service_code(row.category) for row in rows}, middles(rows)
    return [_request(request, case, codes[case.uuid], places.get(case.uuid)) for case in tell(rows)]


def _request(request: HttpRequest, case: PublicCase, code: str, place: tuple[float, float] | None) -> dict:
    reported = datetime.combine(case.reported.day, time(12 if case.reported.afternoon else 0))
    photo = case.photos[-1] if case.photos else None
    return {
        "service_request_id": str(case.uuid),
        "status": "closed" if case.stage == "done" else "open",
        "status_notes": "\n".join(filter(None, (str(case.stage_name), case.result, *case.answers))),
        "service_name": case.category,
        "service_code": code,
        "description": case.text,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": timezone.make_aware(reported).isoformat(),
        "updated_datetime": timezone.make_aware(datetime.combine(case.done, time())).isoformat() if case.done else None,
        "expected_datetime": None,
        "address": case.place,
        "address_id": None,
        "zipcode": None,
        "lat": place[1] if place else None,
        "long": place[0] if place else None,
        "media_url": request.build_absolute_uri(reverse("public-photo", args=[photo.uuid])) if photo else None,
    }
