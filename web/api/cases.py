"""Cases: a page of them, one, and a new one."""

from uuid import UUID, uuid5

from django.contrib.gis.geos import Point
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Header, Query, Router
from ninja.responses import Status

from gis import crs
from gis.collection.submission import Envelope, accept, digest_of
from gis.incidents.intake import Told, file_report
from gis.models import Building, Component
from gis.written import refuse
from web.api import telling
from web.api.reading import category_ids, number_within, one_case, page_of_cases
from web.api.refusals import described
from web.api.shapes import CaseIn, CasesOut, FiledOut, Number, OneCaseOut, StateOrGroup, StepsOut, WantedIn

router = Router(tags=["cases"])
_COMMENTS = ("comment", "answer")


@router.post("/search", **described("search", "Find cases", {200: CasesOut}))
def search(request: HttpRequest, wanted: Body[WantedIn]) -> dict:
    """The cases that fit a filter, newest first. Posted, because words searched for belong into no log of addresses."""
    return _page(request, wanted)


@router.get("", **described("cases", "List cases", {200: CasesOut}))
def listed(
    request: HttpRequest,
    limit: int = Query(50, ge=1, le=200),
    after: str | None = Query(None, max_length=120, description="`next` of the page before"),
    state: list[StateOrGroup] = Query([], max_length=20, description="states, or the groups `open` and `ended`"),
    area: str | None = Query(None, pattern=r"^[0-9]{2,15}$"),
    late: bool = False,
) -> dict:
    """The newest cases, by state, area and lateness. `POST /cases/search` filters by everything there is."""
    return _page(request, WantedIn(limit=limit, after=after, states=state, area=area, late=late))


def _page(request: HttpRequest, wanted: WantedIn) -> dict:
    rows, mark = page_of_cases(request, wanted)
    return {"items": telling.cases(request, rows), "next": mark}


@router.post("", **described("file", "Report a case", {201: FiledOut}))
def file(
    request: HttpRequest,
    response: HttpResponse,
    told: Body[CaseIn],
    idempotency_key: str = Header(
        ..., min_length=1, max_length=200, description="made by the sender, new for a report"
    ),
) -> Status:
    """Store a report, once: the same key with the same report is answered as before, with another report refused."""
    body = told.model_dump(mode="json")
    envelope = Envelope(
        uuid=_uuid_of(request, idempotency_key), kind="api", user=request.user, access=request.access,
        at=told.reported_at or timezone.now(),
    )  # fmt: skip
    accepted = accept(envelope, digest_of("api", body, []), lambda: _file(request, told, envelope))
    response["Location"] = reverse("api:case", args=[accepted.outcome["number"]])
    response["Idempotency-Replayed"] = "true" if accepted.again else "false"
    return Status(201, accepted.outcome)


def _uuid_of(request: HttpRequest, key: str) -> UUID:
    """Keys are of a token: two senders may have the same without knowing it."""
    return uuid5(request.token.uuid, key)


def _file(request: HttpRequest, told: CaseIn, envelope: Envelope) -> dict:
    filed = file_report(
        _told(request, told), [], user=envelope.user, access=envelope.access, at=envelope.at, uuid=envelope.uuid
    )  # fmt: skip
    number = filed.incident.number
    return {"number": number, "joined": filed.joined, "url": reverse("incident", args=[number])}


def _told(request: HttpRequest, told: CaseIn) -> Told:
    return Told(
        category=category_ids([told.category])[0] if told.category else None,
        point=_point(told),
        building=_key(Building, told.building),
        component=_key(Component, told.component),
        text=told.description,
        place=told.place,
        same_as=number_within(request, told.same_as) if told.same_as else "",
        origin=told.origin,
    )


def _point(told: CaseIn) -> Point | None:
    if (told.longitude is None) != (told.latitude is None):
        raise refuse("longitude", _("经度和纬度要一起给出。"), _("请补上另一个，或都不给。"))
    return None if told.longitude is None else Point(told.longitude, told.latitude, srid=crs.STORE)


def _key(model: type[Building | Component], code: str | None) -> int | None:
    if code is None:
        return None
    key = model.objects.filter(code=code).values_list("pk", flat=True).first()
    return 2**62 if key is None else key  # none is that: refused as one outside is


@router.get("/{number}", **described("case", "One case", {200: OneCaseOut, 304: None}))
def one(
    request: HttpRequest,
    response: HttpResponse,
    number: Number,
    if_none_match: str = Header("", max_length=200),
) -> Status:
    """A case with its steps, photos, tasks, and what the token may do with it now. `ETag` is its revision."""
    case = one_case(request, number)
    response["ETag"] = etag = f'"{case.revision}"'
    response["Cache-Control"] = "private, no-cache"
    if if_none_match == etag:
        return Status(304, None)
    return Status(200, telling.whole_case(request, case))


@router.get("/{number}/steps", **described("steps", "Steps of a case", {200: StepsOut}))
def steps(request: HttpRequest, number: Number) -> dict:
    """Everything that was done with a case, the first first."""
    return {"items": telling.steps(one_case(request, number))}


@router.get("/{number}/comments", **described("comments", "Comments", {200: StepsOut}))
def comments(request: HttpRequest, number: Number) -> dict:
    """Comments among staff and answers to whoever reported; `is_public` tells them apart."""
    return {"items": telling.steps(one_case(request, number), _COMMENTS)}
