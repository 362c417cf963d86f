"""Reporting without an account: one page with where, what and, if one likes, photos and a phone to ask back.

It works without a script: an address is then looked up by the server, and the page comes back with what was found.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gis.areas.extent import extent
from gis.collection.submission import digest_of
from gis.errors import Conflict, NotReady, Refused, TooMany, WanggeError
from gis.incidents.attaching import LONGEST_TEXT
from gis.incidents.attachment import MOST_PHOTOS
from gis.incidents.category_choice import Choice, category_choices
from gis.incidents.intake import Told
from gis.incidents.photo import MOST_BYTES
from gis.incidents.residents.allowance import spend
from gis.incidents.residents.ground import community_at, served
from gis.incidents.residents.offering import number_offered, offer
from gis.incidents.residents.plate import building_of_plate
from gis.incidents.residents.reporter import LONGEST_NAME
from gis.incidents.residents.reporting import Sent, take_report
from gis.models import Building
from web.errors import status_of
from web.field.told import read_category, read_told
from web.open_pages import is_machine, new_ticket, read_ticket
from web.residents.opened import opened
from web.residents.places import places_named
from web.uploads import photo_files
from web.whence import who

#: What a form brings. `at` is a place chosen from a list without a script: a building or a position.
_FIELDS = ("at", "lat", "lon", "error", "building", "category", "text", "place", "same_as", "name", "phone", "q")
#: Forms of one visitor that are looked at, for each new case they may report: what joins one, or lacks something.
_TRIES, _HOUR = 40, timedelta(hours=1)
#: Majors that residents report most, before the others.
_FIRST = ("环境卫生", "设施损坏", "街面与停车秩序", "消防安全")


@opened
def show(request: HttpRequest) -> HttpResponse:
    """The form; posted, it stores the report and leads to the page where it can be followed."""
    if request.method != "POST":
        return _form(request, {name: request.GET.get(name, "") for name in ("lat", "lon")})
    return _posted(request)


@opened
def at_plate(request: HttpRequest, plate: str) -> HttpResponse:
    """The same at the building whose plate was scanned."""
    building = building_of_plate(plate)
    if building is None:
        raise Http404("There is no such plate.")
    return _form(request, {"building": str(building.pk)}, scanned=True)


def _posted(request: HttpRequest) -> HttpResponse:
    body = _read(request)
    if "find" in request.POST:
        return _found(request, body)
    if is_machine(request):
        return render(request, "web/residents/thanks.html")
    try:
        receipt = _take(request, body)
    except (Refused, Conflict, TooMany) as error:
        kept = "" if isinstance(error, Conflict) else request.POST.get("ticket", "")
        return _form(request, body, error, ticket=kept)
    except WanggeError as error:
        return _form(request, body, error)
    return redirect(reverse("resident-case", args=[receipt.token]) + "?sent=1")


def _found(request: HttpRequest, body: dict) -> HttpResponse:
    """The form as it was, with the places that fit what was looked for."""
    try:
        found, trouble = places_named(body["q"])
    except NotReady as error:
        found, trouble = [], error.message
    return _form(request, body, found=found, not_found=trouble, ticket=request.POST.get("ticket", ""))


def _read(request: HttpRequest) -> dict[str, str]:
    body = {name: request.POST.get(name, "").replace("\x00", "") for name in _FIELDS}
    if body["at"].startswith("b"):
        body |= {"building": body["at"][1:], "lat": "", "lon": ""}
    elif "," in body["at"]:
        lat, _comma, lon = body["at"].partition(",")
        body |= {"building": "", "lat": lat, "lon": lon}
    return body


def _take(request: HttpRequest, body: dict):
    ticket: UUID = read_ticket(request.POST.get("ticket", ""))
    told = _told(body)
    # Counted before anything is read and outside of what is undone with a refused report.
    spend("try", who(request), settings.RESIDENT_REPORTS_PER_HOUR * _TRIES, _HOUR)
    uploads = photo_files(request)
    said = {name: value for name, value in body.items() if name != "q"}
    content = digest_of("resident", said, (photo.chunks() for photo in uploads))
    for photo in uploads:
        photo.seek(0)
    photos = [photo.read(MOST_BYTES + 1) for photo in uploads]
    sent = Sent(ticket, content, told, body["name"], body["phone"])
    return take_report(sent, photos, who=who(request), at=timezone.now())


def _told(body: dict) -> Told:
    """What the form says; an offered case is named by a key of ours, never by its number."""
    plain = {name: body[name] for name in ("lat", "lon", "error", "building", "category", "text", "place")}
    return read_told(plain | {"same_as": number_offered(body["same_as"])})


def _form(
    request: HttpRequest, body: dict, error: WanggeError | None = None, *, ticket: str = "", scanned: bool = False,
    found: list | None = None, not_found: str = "",
) -> HttpResponse:  # fmt: skip
    context = {
        "body": body,
        "building": _building(body.get("building", "")),
        "scanned": scanned,
        "found": found,
        "not_found": not_found,
        "trouble": error,
        "fields": getattr(error, "fields", {}),
        "ticket": ticket or new_ticket(),
        "choices": sorted(category_choices(), key=_place_in_list),
        "start": _start(),
        "most_photos": MOST_PHOTOS,
        "longest_text": LONGEST_TEXT,
        "longest_name": LONGEST_NAME,
    }
    return render(request, "web/residents/report.html", context, status=status_of(error) if error else 200)


def _place_in_list(choice: Choice) -> tuple[int, str]:
    major = choice.category.major
    return (_FIRST.index(major) if major in _FIRST else len(_FIRST), choice.category.code)


def _building(key: str) -> Building | None:
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    return Building.objects.select_related("compound").defer("drawing").filter(pk=int(key)).first()


def _start() -> str:
    """Where a map begins that nobody has moved: the middle of the ground."""
    box = extent(served())
    return f"{(box[1] + box[3]) / 2:.5f},{(box[0] + box[2]) / 2:.5f}" if box else ""


@opened
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What is open near by already, for a report that is being written: a part of the form."""
    found = []
    try:
        told = _told(_read(request))
        scope = community_at(told.point, told.building)
        point = told.point or Building.objects.get(pk=told.building).geometry.point_on_surface
        found = offer(point, read_category(request.POST), scope, timezone.now())
    except Refused:
        pass  # no place yet
    return render(request, "web/residents/similar.html", {"found": found})
