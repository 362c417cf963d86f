"""Reporting from a desk: the same intake as on a phone, in a form; and what like it is open already."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.accounts.scope import Scope
from gis.collection.submission import Envelope, accept, digest_of
from gis.errors import Conflict, NotAllowed, Refused
from gis.incidents.attaching import LONGEST_TEXT
from gis.incidents.attachment import MOST_PHOTOS
from gis.incidents.category_choice import category_choices
from gis.incidents.place import Spot, find_spot
from gis.incidents.pointing import category_for, near, pointed_at
from gis.incidents.similar import Similar, find_similar
from layers.sketch import sketch_cell
from web.errors import wants_page
from web.field.report import file_sent, outcome_of
from web.field.told import ORIGINS, read_category, read_position, read_told
from web.pages.choices import names_of
from web.uploads import photo_files

_FIELDS = ("lat", "lon", "building", "component", "category", "text", "place", "same_as", "origin")

#: What of them says where.
_PLACES = ("lat", "lon", "building", "component")


def show(request: HttpRequest) -> HttpResponse:
    """The form, at the place the address names; posted, it stores the report and opens its record."""
    _scope(request)
    if request.method != "POST":
        return _form(request, _suggested({name: request.GET.get(name, "") for name in _PLACES}, request.scope))
    body = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        outcome = _file(request, body)
    except (Refused, Conflict) as error:
        return _form(request, body, error)
    if outcome["joined"]:
        messages.success(request, _("已并入 %(number)s，没有另开新的事件。") % outcome)
    else:
        messages.success(request, _("已上报，编号 %(number)s。") % outcome)
    return redirect(outcome["url"])


def _suggested(body: dict, scope: Scope) -> dict:
    """With the category that suits the component one comes from."""
    try:
        component = pointed_at(read_told(body).component, scope)
    except Refused:
        return body
    category = category_for(component) if component else None
    return body | {"category": str(category.pk)} if category else body


def _file(request: HttpRequest, body: dict) -> dict:
    """Store what was posted, once however often it is posted: the form brings an identity of its own."""
    try:
        uuid = UUID(request.POST.get("uuid", ""))
    except ValueError:
        uuid = uuid4()
    envelope = Envelope(uuid, "report", request.user, request.access, timezone.now())
    uploads = photo_files(request)
    digest = digest_of("report", body, (photo.chunks() for photo in uploads))
    for photo in uploads:
        photo.seek(0)
    return accept(envelope, digest, lambda: outcome_of(file_sent(body, uploads, envelope, body["origin"]))).outcome


def _form(request: HttpRequest, body: dict, error: Refused | Conflict | None = None) -> HttpResponse:
    spot, trouble = _spot(request, body)
    cell = spot.cell if spot else None
    nearby = near(spot.point, request.scope) if spot else []
    context = {
        "body": body,
        "spot": spot,
        "trouble": error or trouble,
        "fields": getattr(error, "fields", {}),
        "uuid": uuid4(),
        "nearby": nearby,
        "choices": category_choices(),
        "origins": [(one.value, one.label) for one in ORIGINS],
        "area_name": names_of({spot.area}).get(spot.area, "") if spot else "",
        "sketch": sketch_cell(cell.pk, request.scope, point=spot.point) if cell else None,
        "most_photos": MOST_PHOTOS,
        "longest_text": LONGEST_TEXT,
    }
    return render(request, "web/records/report.html", context, status=422 if error else 200)


def _spot(request: HttpRequest, body: dict) -> tuple[Spot | None, Refused | None]:
    if not any(body.get(name) for name in _PLACES):
        return None, None
    try:
        told = read_told({name: body.get(name, "") for name in _PLACES})
        component = pointed_at(told.component, request.scope)
        point = component.position if component and told.point is None and told.building is None else told.point
        return find_spot(point, told.building, _scope(request), timezone.localdate()), None
    except Refused as refused:
        return None, refused


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """The open incidents most like a report that is being written: JSON, or a part of the form's page.

    Posted, for what somebody writes has no place in an address.
    """
    found = _similar(request, _scope(request))
    if request.headers.get("HX-Request") == "true" or wants_page(request):
        return render(request, "web/parts/similar.html", {"found": found})
    return JsonResponse({"similar": [_said(one) for one in found]})


def _similar(request: HttpRequest, scope: Scope) -> list[Similar]:
    """Only what may be written to is offered, and whoever writes in an area reads it (roles.csv)."""
    told = read_told({name: request.POST.get(name, "") for name in ("building", "component")})
    component = pointed_at(told.component, request.scope)
    point = read_position(request.POST)
    if point is None and component and told.building is None:
        point = component.position
    if point is None:
        point = find_spot(None, told.building, scope, timezone.localdate()).point if told.building else None
    if point is None:
        return []
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    about = component.pk if component else None
    return find_similar(point, read_category(request.POST), text, scope, timezone.now(), component=about)


def _said(one: Similar) -> dict:
    incident = one.incident
    return {
        "number": incident.number,
        "name": _(incident.terms.name),
        "place": incident.place,
        "text": incident.description[:120],
        "state": incident.get_state_display(),
        "reasons": list(one.reasons),
        "url": reverse("incident", args=[incident.number]),
    }


def _scope(request: HttpRequest) -> Scope:
    """Where the reader may report. Raises NotAllowed."""
    scope = request.access.which("incident.write")
    if not scope:
        raise NotAllowed(_("您的角色不能上报事件。"), fix=_("需要时请联系管理员调整任职。"))
    return scope
