"""Moves: what may be done with a case, done. Whoever decides says which revision of the case they have seen."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Body, File, Form, Header, UploadedFile
from ninja.responses import Status

from gis.errors import Conflict, WanggeError
from gis.incidents.moving import Wish, move
from gis.models import Incident, Step, User
from gis.written import refuse
from web.api.cases import router
from web.api.reading import department_ids, number_within, one_case
from web.api.refusals import described
from web.api.shapes import ActName, CommentIn, MovedOut, MoveIn, Number, Problem, Text
from web.api.shapes import Overtaken as OvertakenOut
from web.uploads import photos_of

_CONDITIONS = {412: OvertakenOut, 428: Problem}
_SEEN = Header("", max_length=60, description='the revision the move is decided on, as `"7"`; `*` for any')


class Overtaken(Conflict):
    """The case has gone on since the revision that was named."""


class NotSaid(WanggeError):
    """The revision was left out."""

    fields = {"If-Match": 'If-Match: "7"'}


@router.post("/{number}/moves", **described("moves", "Make a move", {201: MovedOut, **_CONDITIONS}))
def make(request: HttpRequest, response: HttpResponse, number: Number, told: Body[MoveIn], if_match: str = _SEEN):
    """Make one of the moves that a case lists as `moves`. Done as a whole or not at all."""
    case = one_case(request, number)
    return _answered(response, case, _make(request, case, _wish(request, told), seen=_revision(if_match)))


@router.post("/{number}/comments", **described("comment", "Comment or answer", {201: MovedOut}))
def comment(request: HttpRequest, response: HttpResponse, number: Number, told: Body[CommentIn]):
    """Write a comment among staff, or with `public` an answer to whoever reported. It needs no revision."""
    case = one_case(request, number)
    wish = Wish(act="answer" if told.public else "comment", note=told.text)
    return _answered(response, case, _make(request, case, wish, seen=None))


@router.post("/{number}/photos", **described("add-photos", "Add photos, with a move", {201: MovedOut, **_CONDITIONS}))
def add_photos(
    request: HttpRequest,
    response: HttpResponse,
    number: Number,
    photo: list[UploadedFile] = File(..., description="JPEG, PNG or WebP, up to four"),
    act: ActName = Form("comment"),
    note: Text = Form(""),
    if_match: str = _SEEN,
):
    """Add photos to a case as a comment, or with another `act`, such as `dispose`, as part of that move."""
    case = one_case(request, number)
    seen = None if act == "comment" else _revision(if_match)
    if not (sent := photos_of(request)):
        raise refuse("photo", _("照片是空的。"), _("请重新拍摄或选择。"))
    wish = Wish(act=act, note=note or (_("补充照片") if act == "comment" else ""))
    return _answered(response, case, _make(request, case, wish, seen=seen, photos=sent))


def _revision(if_match: str) -> int | None:
    """The revision in `If-Match`; None for any. Raises NotSaid."""
    text = if_match.strip()
    if text == "*":
        return None
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', text)
    if not found:
        raise NotSaid(_("没有说明看到的是哪一次修订。"), fix=_('请在 If-Match 中写事件的 revision，例如 "7"。'))
    return int(found[1])


def _wish(request: HttpRequest, told: MoveIn) -> Wish:
    return Wish(
        act=told.act,
        note=told.note,
        departments=tuple(department_ids(told.departments)),
        team=told.team,
        handler=_user(told.handler) if told.handler else None,
        target=number_within(request, told.target) if told.target else "",
        until=told.until,
    )


def _user(name: str) -> int:
    """The id of an account; of a name that is none one that nobody has, refused as anybody else who cannot be asked."""
    key = User.objects.filter(username=name, is_active=True).values_list("pk", flat=True).first()
    return 2**62 if key is None else key


def _make(request: HttpRequest, case: Incident, wish: Wish, *, seen: int | None, photos: list[bytes] = ()) -> Step:
    try:
        return move(case.number, wish, user=request.user, access=request.access, seen=seen, photos=photos)
    except Conflict as error:
        raise Overtaken(error.message, fix=error.fix, theirs=error.theirs) from None


def _answered(response: HttpResponse, case: Incident, step: Step) -> Status:
    response["ETag"] = f'"{step.revision}"'
    moved = {"number": case.number, "revision": step.revision, "state": step.after, "step": step.pk}
    return Status(201, moved)
