"""Where everything written in the field arrives: one address, one form, a handler a kind.

Answers: 200 stored (now or before; the phone may forget it), 409 changed meanwhile (`theirs`), 422 refused (`error`,
`fix`, `fields`), 401 signed out, 403 somebody else is signed in, 408 cut off on the way, 400 not a submission at all.
Only 200 ends an item.
"""

import json
import math
from collections.abc import Callable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.collection.submission import Accepted, Envelope, accept, digest_of, written_at
from gis.errors import Conflict, OutOfScope, Refused, WanggeError
from web.errors import say
from web.field import doors
from web.field.holder import holder_of
from web.field.life import receive_life
from web.field.organisations import receive_check, receive_organisation
from web.field.report import receive_report
from web.field.tasks import receive_move
from web.field.visits import receive_visit

#: body, photos, who and when → what became of it. Refuses with `Refused`, or `Conflict` where something changed.
Handler = Callable[[dict, list[UploadedFile], Envelope], dict]

#: Every kind of thing the field page sends. Each subject's handler lies in the domain, its glue beside this file.
KINDS: dict[str, Handler] = {
    "door": doors.save_one,
    "floor": doors.save_several,
    "unit": doors.save_several,
    "report": receive_report,
    "visit": receive_visit,
    "move": receive_move,
    "life": receive_life,
    "organisation": receive_organisation,
    "check": receive_check,
}

#: Photos of one submission, and bytes of all of them: more is not a report but a mistake.
MOST_PHOTOS = 9
MOST_BYTES = 120 * 2**20


class NotASubmission(WanggeError):
    """The form lacks a part or holds nonsense: no phone page of ours sends that."""


@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take one submission in, exactly once."""
    if request.POST.get("by") != holder_of(request.user):
        return say(request, _("这一条是另一位用户写的。"), _("请由本人登录后发送。"), 403)
    photos = request.FILES.getlist("photo")
    if not _is_whole(request, photos):
        return say(request, _("没有收全。"), _("会自动重新发送。"), 408)
    body, envelope = _read(request)
    try:
        accepted = _take(body, photos, envelope)
    except Conflict as error:
        return JsonResponse({"error": error.message, "fix": error.fix, "theirs": error.theirs}, status=409)
    except WanggeError as error:
        return _refused(error)
    return JsonResponse({"stored": True, "again": accepted.again, "outcome": accepted.outcome})


def _is_whole(request: HttpRequest, photos: list[UploadedFile]) -> bool:
    """Whether every photo came with as many bytes as its sender announced before.

    Django takes what it read of a form whose connection broke for the whole form, the photo in it cut off.
    """
    announced = request.headers.get("X-Photo-Sizes")
    return announced is None or announced == ",".join(str(photo.size) for photo in photos)


def _take(body: dict, photos: list[UploadedFile], envelope: Envelope) -> Accepted:
    if len(photos) > MOST_PHOTOS or sum(photo.size for photo in photos) > MOST_BYTES:
        raise Refused(_("照片太多或太大。"), fix=_("请去掉几张再发送。"), fields={"photos": _("照片太多或太大。")})
    handler = KINDS.get(envelope.kind)
    if handler is None:
        raise Refused(_("服务器不认识这类记录。"), fix=_("请联网刷新页面后再发送。"))
    digest = digest_of(envelope.kind, body, (photo.chunks() for photo in photos))
    for photo in photos:
        photo.seek(0)
    return accept(envelope, digest, lambda: handler(body, photos, envelope))


def _read(request: HttpRequest) -> tuple[dict, Envelope]:
    try:
        uuid = UUID(request.POST["uuid"])
        body = _whole_characters(json.loads(request.POST["body"], parse_constant=_nonsense))
        times = float(request.POST["written"]), float(request.POST["sent"])
    except (KeyError, ValueError, RecursionError) as error:
        raise NotASubmission(_("请求无法识别。"), fix=_("请联网刷新页面后再发送。")) from error
    # No text column takes a NUL, and JSON may carry one.
    if not isinstance(body, dict) or "\\u0000" in request.POST["body"] or not all(map(math.isfinite, times)):
        raise NotASubmission(_("请求无法识别。"), fix=_("请联网刷新页面后再发送。"))
    at = written_at(timezone.now(), *times)
    return body, Envelope(uuid, request.POST.get("kind", "")[:20], request.user, request.access, at)


def _whole_characters(told: object) -> object:
    """Without halves of characters, which a phone makes of one that it cut in two and no column takes."""
    return json.loads(json.dumps(told, ensure_ascii=False).encode("utf-8", "ignore"), parse_constant=_nonsense)


def _nonsense(name: str) -> None:
    raise ValueError(name)


def _refused(error: WanggeError) -> HttpResponse:
    """Whatever else the domain refuses: the item stays on the phone with its reason."""
    if isinstance(error, OutOfScope):
        error = Refused(_("没有找到，或不在您的辖区内。"), fix=_("请从地图或列表重新选择。"))
    fields = error.fields if isinstance(error, Refused) else {}
    return JsonResponse({"error": error.message, "fix": error.fix, "fields": fields}, status=422)
