"""Following one's report: how far it has come, what was answered, a judgement, and asking for it again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gis.accounts.scope import Scope, applied
from gis.errors import Conflict, NotAllowed, Refused, TooMany, WanggeError
from gis.incidents.attachment import MOST_PHOTOS
from gis.incidents.residents.following import Opened, open_case, pass_for
from gis.incidents.residents.judging import appeal, rate
from gis.incidents.residents.progress import progress_of
from gis.models import Attachment
from web.errors import status_of
from web.open_pages import is_machine
from web.residents.opened import opened
from web.residents.qr import qr_picture
from web.uploads import photos_of
from web.whence import who


@opened
def find(request: HttpRequest) -> HttpResponse:
    """By number and four digits: what is typed is posted, so that it stands in no address and no log."""
    error, body = None, {"number": request.POST.get("number", ""), "digits": request.POST.get("digits", "")}
    if request.method == "POST" and not is_machine(request):
        try:
            key = pass_for(body["number"], body["digits"], who=who(request), at=timezone.now())
            return redirect("resident-case", key)
        except (Refused, TooMany) as refused:
            error = refused
    context = {"body": body, "trouble": error}
    return render(request, "web/residents/find.html", context, status=status_of(error) if error else 200)


@opened
def show(request: HttpRequest, key: str) -> HttpResponse:
    case, error = open_case(key), None
    if request.method == "POST" and not is_machine(request):
        try:
            _act(request, case)
            return redirect(reverse("resident-case", args=[key]) + "?done=" + _said(request))
        except (Refused, Conflict, NotAllowed) as refused:
            error, case = refused, open_case(key)
    return render(request, "web/residents/case.html", _context(request, case, key, error), status=_status(error))


def _said(request: HttpRequest) -> str:
    return "appeal" if request.POST.get("do") == "appeal" else "rate"


def _act(request: HttpRequest, case: Opened) -> None:
    words = request.POST.get("words", "").replace("\x00", "")
    if request.POST.get("do") == "appeal":
        appeal(case, words, photos_of(request))
        return
    solved = {"1": True, "0": False}.get(request.POST.get("solved", ""))
    content = request.POST.get("content", "")
    rate(case, solved=solved, content=int(content) if content in ("1", "2", "3", "4", "5") else None, words=words)


def _context(request: HttpRequest, case: Opened, key: str, error: WanggeError | None) -> dict:
    link = request.build_absolute_uri(reverse("resident-case", args=[key])) if case.by_link else ""
    return {
        "case": case,
        "incident": case.incident,
        "key": key,
        "progress": progress_of(case),
        "photos": _photos(case) if case.by_link else [],
        "text": _text(case) if case.by_link else "",
        "link": link,
        "qr": qr_picture(link) if link and request.GET.get("sent") else "",
        "sent": case.by_link and "sent" in request.GET,
        "done": request.GET.get("done", "") if request.method == "GET" else "",
        "trouble": error,
        "fields": getattr(error, "fields", {}),
        "typed": {name: request.POST.get(name, "") for name in ("do", "words", "solved", "content")},
        "most_photos": MOST_PHOTOS,
    }


def _status(error: WanggeError | None) -> int:
    return status_of(error) if error else 200


def _text(case: Opened) -> str:
    step = case.follow.step
    return step.note if step.before else case.follow.incident.description


def _photos(case: Opened) -> list[Attachment]:
    """What was sent with the report itself. The database shows it in the community of the case only."""
    with applied(Scope.of([case.follow.incident.area])):
        return list(Attachment.objects.filter(step=case.follow.step).order_by("position"))


@opened
@require_safe
def photo(request: HttpRequest, key: str, uuid: str) -> HttpResponse:
    """A photo of one's own report, to whoever holds the secret link."""
    case = open_case(key)
    if not case.by_link:
        raise Http404
    with applied(Scope.of([case.follow.incident.area])):
        found = get_object_or_404(Attachment.objects.filter(step=case.follow.step), uuid=uuid)
    try:
        answer = HttpResponse(found.read("small"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
