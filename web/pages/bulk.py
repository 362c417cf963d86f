"""One move for many cases: each judged and made for itself, as if one by one, and all of them taken back in one go."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import WanggeError
from gis.incidents.moving import move
from gis.incidents.step import Act
from gis.incidents.taking_back import can_undo, undo
from gis.incidents.workflow import Move, moves
from gis.models import Department, Step
from web.errors import wants_page
from web.pages.case_move import read_wish
from web.pages.incident_filter import incident_scope
from web.pages.paging import read_number

#: Cases of one request; a script sends fewer at a time and shows how far it is.
MOST = 100
#: What these need is another thing for each case.
_SINGLE = {"target", "handler"}


@dataclass(frozen=True)
class Result:
    """What became of one case. `step` can be taken back; `error` says why nothing was done."""

    number: str
    step: int | None = None
    error: str = ""


def bulk_of(request: HttpRequest, first: str = "") -> dict:
    """What the bar below a list offers: the moves one role may make of many cases, `first` the first of them."""
    offered = [one for one in moves().values() if _offers(one, request)]
    offered.sort(key=lambda one: one.act != first)
    needing = {name: " ".join(one.act for one in offered if name in one.needs) for name in ("to", "note")}
    to_whom = any("to" in one.needs for one in offered)
    return {
        "bulk_moves": offered,
        "bulk_first": first and offered and offered[0].act == first,
        "bulk_needs": needing,
        "bulk_departments": Department.objects.all() if to_whom else [],
    }


def _offers(one: Move, request: HttpRequest) -> bool:
    may = any(request.access.may_anywhere(capability) for capability, _where in one.who if capability != "reporter")
    return may and one.act != Act.ANSWER and not one.needs & _SINGLE


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make the posted move of every case named, each `number:revision` as it was seen in the list."""
    incident_scope(request)
    results = [_one(request, text) for text in dict.fromkeys(request.POST.getlist("case")[:MOST])]
    return _told(request, results, moves()[request.POST["act"]].name if request.POST.get("act") in moves() else "")


def _one(request: HttpRequest, text: str) -> Result:
    number, _colon, seen = text.replace("\x00", "")[:40].partition(":")
    try:
        step = move(
            number, read_wish(request.POST), user=request.user, access=request.access, seen=read_number(seen)
        )  # fmt: skip
    except WanggeError as error:
        return Result(number, error=f"{error.message} {error.fix}".strip())
    return Result(number, step.pk if can_undo(step, request.user) else None)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back the steps named: the reader's own, made a short while ago."""
    incident_scope(request)
    pks = [pk for text in request.POST.getlist("step")[:MOST] if (pk := read_number(text))]
    numbers = dict(Step.objects.filter(pk__in=pks, actor=request.user).values_list("pk", "incident__number"))
    return _told(request, [_back(request, pk, numbers) for pk in pks if pk in numbers], _("撤销"))


def _back(request: HttpRequest, pk: int, numbers: dict[int, str]) -> Result:
    try:
        undo(pk, user=request.user, access=request.access)
    except WanggeError as error:
        return Result(numbers[pk], error=f"{error.message} {error.fix}".strip())
    return Result(numbers[pk])


def _told(request: HttpRequest, results: list[Result], name: str) -> HttpResponse:
    if not wants_page(request):
        return JsonResponse({"results": [vars(one) for one in results]})
    failed = [one for one in results if one.error]
    context = {"results": results, "failed": failed, "name": name, "made": len(results) - len(failed)}
    return render(request, "web/lists/bulk.html", context | {"steps": [one.step for one in results if one.step]})
