"""What anybody may read of a case: decided here by staff, word by word and photo by photo."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import NotAllowed, Refused
from gis.incidents.incident import State
from gis.incidents.private_words import find_private
from gis.incidents.public_case import public_cases, tell
from gis.incidents.public_photo import publish_photo, withdraw_photo
from gis.incidents.publication import LONGEST
from gis.incidents.publishing import Marked, publish
from gis.incidents.redaction import read_boxes
from gis.models import Attachment, Incident, Publication
from web.pages.case import Case

#: Steps that end in these show what was done.
_AFTER = (State.DISPOSED, State.CHECKING, State.CLOSED)


def publishing_scope(request: HttpRequest) -> Scope:
    """Where the reader decides what is public. Raises NotAllowed."""
    scope = request.access.which("commons.write")
    if not scope:
        raise NotAllowed(_("您的角色不能公开内容。"), fix=_("请转告社区或街道主管。"))
    return scope


def part(case: Case) -> dict | None:
    """The section of the case page: whether anybody sees it, and how much of it."""
    if not case.access.may("commons.write", case.incident.area):
        return None
    shown = tell([case.incident])
    return {"shown": shown[0] if shown else None, "reason": _reason(case.incident)}


def _reason(incident: Incident) -> str:
    """Why nobody sees a case, "" where everybody does."""
    if not incident.category.is_public:
        return _("这个类别不向居民公开。")
    publication = Publication.objects.filter(incident=incident).first()
    if publication and publication.hidden:
        return _("已设为不公开。")
    if not public_cases(incident.area).filter(pk=incident.pk).exists():
        return _("不予受理的和重复的不公开。")
    return ""


def show(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and beside it the case exactly as anybody sees it."""
    incidents = Incident.objects.inside(publishing_scope(request)).select_related("category")
    incident = get_object_or_404(incidents, number=number)
    publication = Publication.objects.filter(incident=incident).first() or Publication(incident=incident)
    error = None
    if request.method == "POST":
        marked = _read(request)
        try:
            publish(number, marked, user=request.user, access=request.access)
            messages.success(request, _("已保存。居民看到的就是右边这样。"))
            return redirect("publication", number)
        except Refused as refused:
            error = refused
            publication.text, publication.result, publication.hidden = marked.text, marked.result, marked.hidden
    context = {"incident": incident, "publication": publication, "trouble": error, "longest": LONGEST}
    context |= {"fields": error.fields if error else {}, "told": tell([incident]), "reason": _reason(incident)}
    context |= {"notes": _notes(incident, publication), "photos": _photos(incident)}
    return render(request, "web/commons/publication.html", context, status=422 if error else 200)


def _read(request: HttpRequest) -> Marked:
    posted = request.POST
    cleared = tuple(int(key) for key in posted.getlist("cleared") if key.isdecimal() and len(key) < 19)
    return Marked(
        posted.get("text", ""),
        posted.get("result", ""),
        posted.get("hidden") == "1",
        posted.get("sure") == "1",
        cleared,
    )


def _notes(incident: Incident, publication: Publication) -> list[dict]:
    """The public notes, each with what seems private in it."""
    steps = incident.steps.filter(is_public=True, undone_by=None).exclude(note="").order_by("at", "pk")
    return [
        {"step": step, "found": find_private(step.note), "cleared": step.pk in publication.cleared} for step in steps
    ]


def _photos(incident: Incident) -> list[dict]:
    photos = incident.attachments.select_related("step").prefetch_related("public_photos").order_by("step__at", "pk")
    return [
        {"photo": photo, "copy": next((one for one in photo.public_photos.all() if one.withdrawn_at is None), None)}
        for photo in photos
    ]


def redact(request: HttpRequest, uuid: str) -> HttpResponse:
    """Black boxes over a photo of a case, and whether anybody sees the covered copy."""
    photos = Attachment.objects.inside(publishing_scope(request)).select_related("incident__category", "step")
    photo = get_object_or_404(photos, uuid=uuid)
    copy = photo.public_photos.standing().first()
    boxes, error = request.POST.get("boxes", copy.boxes if copy else ""), None
    if request.method == "POST":
        try:
            _decide(request, photo)
            return redirect("publication", photo.incident.number)
        except Refused as refused:
            error = refused
    shows_result = copy.shows_result if copy else photo.step.after in _AFTER
    context = {"photo": photo, "copy": copy, "boxes": boxes, "trouble": error, "shows_result": shows_result}
    return render(request, "web/commons/redaction.html", context, status=422 if error else 200)


def _decide(request: HttpRequest, photo: Attachment) -> None:
    if request.POST.get("act") == "withdraw":
        withdraw_photo(photo, user=request.user)
        messages.success(request, _("照片已撤下，居民不再看到。"))
        return
    boxes = read_boxes(request.POST.get("boxes", ""))
    if request.POST.get("seen") != "1":
        raise Refused(
            _("还没有确认看过。"), fix=_("请看清照片里没有人脸、车牌、门牌和姓名，再勾选确认。"), fields={"seen": "1"}
        )
    publish_photo(photo, boxes, shows_result=request.POST.get("moment") == "after", user=request.user)
    messages.success(request, _("已生成遮挡后的照片。原照片仍只有工作人员能看。"))
