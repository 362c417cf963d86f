"""What is said about a plan, in its workspace: the comments with the places they point at, and what became of them."""

from uuid import UUID

from django.contrib.gis.geos import Point
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page

from gis import crs
from gis.models import Plan, PlanNote
from gis.planning import talking
from gis.written import refuse
from web.pages.paging import read_number
from web.planning.found import plan_of


@gzip_page
def show(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """All notes, oldest first; `?read=1` where somebody looks at them.

    By POST a comment first: `text`, and `cell`, `lat` and `lon`, or `about` another comment.
    """
    plan = plan_of(request, uuid)
    if request.method == "POST":
        about = {name: read_number(request.POST.get(name)) for name in ("cell", "about")}
        words = request.POST.get("text", "")
        talking.comment(uuid, words, user=request.user, access=request.access, place=_place(request), **about)
    return _answer(request, plan)


def settle(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Say by POST that the comment `about` is `settled` (1) or open again (0)."""
    plan = plan_of(request, uuid)
    if request.method == "POST":
        about, settled = read_number(request.POST.get("about")) or 0, request.POST.get("settled") == "1"
        talking.settle(uuid, about, settled=settled, user=request.user, access=request.access)
    return _answer(request, plan)


def _answer(request: HttpRequest, plan: Plan) -> JsonResponse:
    notes = list(plan.notes.select_related("user"))
    done = talking.settled(notes)
    told = [_told(note, request, plan, note.pk in done) for note in notes]
    if request.method == "POST" or request.GET.get("read") == "1":  # they are on the screen
        talking.read(plan, request.user)
    return JsonResponse({"notes": told, "revision": plan.revision}, headers={"Cache-Control": "no-store"})


def _told(note: PlanNote, request: HttpRequest, plan: Plan, settled: bool) -> dict:
    note.plan = plan
    is_comment = note.kind == PlanNote.Kind.COMMENT
    return {
        "id": note.pk,
        "kind": note.kind,
        "word": note.get_kind_display(),
        "who": (note.user.name or note.user.username) if note.user else "–",
        "at": note.at.isoformat(),
        "text": note.text,
        "cell": note.cell,
        "place": [note.place.y, note.place.x] if note.place else None,
        "about": note.about_id,
        "revision": note.revision,
        "settled": settled,
        "may": is_comment and not note.about_id and talking.may_settle(note, request.user, request.access),
    }


def _place(request: HttpRequest) -> Point | None:
    """The place of the form, degrees; None where none was sent. Raises Refused for half a place or nonsense."""
    given = [request.POST.get(name, "").strip() for name in ("lon", "lat")]
    if not any(given):
        return None
    try:
        lon, lat = map(float, given)
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise refuse("place", _("位置不对。"), _("请在方案里面选一个位置。"))
    return Point(lon, lat, srid=crs.STORE)
