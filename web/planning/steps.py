"""Steps of a plan: taken, taken back, tried out, and what others have done since."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from gis.areas.plans.drawing import apply
from gis.areas.plans.packing import unpack_change
from gis.errors import Refused
from gis.models import Plan
from gis.planning import stepping
from gis.planning.keeping import drawing_of
from gis.planning.operations import OPERATIONS, Given
from gis.planning.wishing import wish_for
from web.pages.paging import read_number
from web.planning.answers import delta, packed_tiles, standing, state
from web.planning.found import plan_of

#: A workspace that is further behind than so many steps is opened anew: quicker than to replay them.
_MOST_REPLAYED = 200


def tiles(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All tiles of a plan, packed; asked for once."""
    plan = plan_of(request, uuid)
    tag = f'"{plan.pk}-{plan.last_step}-{plan.changed_at.timestamp()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    answer = HttpResponse(packed_tiles(plan, drawing_of(plan)), content_type="application/octet-stream")
    answer["Content-Encoding"] = "gzip"
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = tag
    return answer


@gzip_page
def show_state(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Cells, figures, and where the plan stands."""
    plan = plan_of(request, uuid)
    return _answer(state(plan, drawing_of(plan)))


@require_POST
def take(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Take a step: `kind`, `args`, and `seen`, the revision it was decided on."""
    body = _read(request)
    kind, args, seen = body.get("kind", ""), body.get("args", {}), _seen(body)
    plan = stepping.step(uuid, str(kind), args, user=request.user, access=request.access, seen=seen)
    return _answer(_told_since(plan, seen))


@require_POST
def undo(request: HttpRequest, uuid: UUID) -> JsonResponse:
    return _again(request, uuid, stepping.undo)


@require_POST
def redo(request: HttpRequest, uuid: UUID) -> JsonResponse:
    return _again(request, uuid, stepping.redo)


@require_POST
def go_to(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Undo or redo up to a step: `revision`."""
    body = _read(request)
    revision, seen = Given(body).number("revision"), _seen(body)
    plan = stepping.go_to(uuid, revision, user=request.user, access=request.access, seen=seen)
    return _answer(_told_since(plan, seen))


@require_POST
def wish(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Aim at another target, tolerance or weighting."""
    body = _read(request)
    seen = _seen(body)
    return _answer(_told_since(wish_for(uuid, body, user=request.user, access=request.access, seen=seen), seen))


@gzip_page
def history(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """The steps of a plan, the last first, and which of them can be gone back to."""
    plan = plan_of(request, uuid)
    steps = plan.steps.select_related("user").defer("change").order_by("-revision")[: stepping.MOST_TOLD]
    told = [stepping.told(one) for one in steps]
    return _answer({"revision": plan.revision, "steps": told, "done": plan.done, "undone": plan.undone})


@require_POST
def try_out(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """What a step would change, without taking it: figures while somebody is still painting."""
    body, plan = _read(request), plan_of(request, uuid)
    kind = str(body.get("kind", ""))
    if kind not in OPERATIONS:
        raise Refused(_("没有这个操作。"), fix=_("请刷新页面再试。"))
    drawing = drawing_of(plan)
    edit = OPERATIONS[kind](drawing, Given(body.get("args", {})), plan)
    told = delta(plan, drawing, apply(drawing, edit.change), [edit.change])
    return _answer({"revision": plan.revision, "said": edit.said, **told})


@gzip_page
def since(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """What has changed since a revision: `?revision=7`; `reload` where that is too much to be told."""
    plan = plan_of(request, uuid)
    seen = min(read_number(request.GET.get("revision")) or 0, plan.revision)
    if plan.revision - seen > _MOST_REPLAYED:
        return _answer({"revision": plan.revision, "reload": True})
    return _answer(_told_since(plan, seen))


def _again(request: HttpRequest, uuid: UUID, act) -> JsonResponse:
    seen = _seen(_read(request))
    return _answer(_told_since(act(uuid, user=request.user, access=request.access, seen=seen), seen))


def _told_since(plan: Plan, seen: int) -> dict:
    """The steps after a revision, and what is other than it was then."""
    steps = list(stepping.steps_since(plan, seen))
    changes = [unpack_change(bytes(one.change)) for one in steps]
    after = before = drawing_of(plan)
    for change in reversed(changes):
        before = apply(before, change.inverse())
    told = {"steps": [stepping.told(one) for one in steps], **standing(plan)}
    return told | delta(plan, before, after, changes, every=_aimed(told["steps"]))


def _aimed(steps: list[dict]) -> bool:
    """Whether the plan aims at something else than before: the figures of all cells are other then."""
    return any("wish" in (one["kind"], one["facts"].get("kind")) for one in steps)


def _read(request: HttpRequest) -> dict:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):  # brackets in brackets, thousands deep
        body = None
    if not isinstance(body, dict):
        raise Refused(_("读不懂发来的内容。"), fix=_("请刷新页面再试。"))
    return body


def _seen(body: dict) -> int:
    seen = body.get("seen")
    if isinstance(seen, bool) or not isinstance(seen, int):
        raise Refused(_("缺少版本号。"), fix=_("请刷新页面再试。"))
    return seen


def _answer(told: dict) -> JsonResponse:
    return JsonResponse(told, headers={"Cache-Control": "private, no-store"})
