"""Records of one person twice: which may be, made one, and parted again."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from gis.collection.sheets.knowing import people_by_key
from gis.collection.sheets.reviewing import compared, shown
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.people.doubles import likely_pairs
from gis.people.masking import HIDDEN
from gis.people.matching.persons import FIELDS
from gis.people.merge import Merge
from gis.people.merging import merge, take_back
from gis.people.reading import Act, note_reading
from web.pages.paging import read_number

_SHOWN = 30


@dataclass(frozen=True)
class Pair:
    """Two records side by side: (label, one's value, other's, how they compare, whether the same)."""

    one: int
    other: int
    lines: list[tuple[str, str, str, str, bool]]


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """What may be double, and what was made one. Posted: doing it."""
    if not request.access.may_anywhere("people.write"):
        raise NotAllowed(_("您的角色不能合并档案。"), fix=_("请由社区办理。"))
    trouble = None
    if request.method == "POST":
        try:
            _act(request)
            return redirect("doubles")
        except (Refused, Conflict, OutOfScope) as refused:
            trouble = refused
    scope = request.access.which("people.write")
    done = Merge.objects.inside(scope).select_related("by", "undone_by")[:_SHOWN]
    context = {"pairs": _pairs(request), "done": done, "trouble": trouble, "most": _SHOWN}
    return render(request, "web/residents/doubles.html", context, status=422 if trouble else 200)


def _act(request: HttpRequest) -> None:
    who = {"user": request.user, "access": request.access}
    if request.POST.get("act") == "part":
        take_back(_uuid(request.POST.get("merge", "")), **who)
        messages.success(request, _("已撤销合并，两份档案各自恢复。"))
        return
    kept, gone = (read_number(request.POST.get(name, "")) or 0 for name in ("kept", "gone"))
    merge(kept, gone, reason=request.POST.get("reason", ""), **who)
    messages.success(request, _("已合并成一份档案，可随时撤销。"))


def _uuid(text: str) -> UUID:
    """Raises OutOfScope for what names no merge at all, as for one that is not the reader's."""
    try:
        return UUID(text)
    except ValueError:
        raise OutOfScope(_("没有找到，或不在您的辖区内。")) from None


def _pairs(request: HttpRequest) -> list[Pair]:
    keys = likely_pairs(request.access.which("people.write"), _SHOWN)
    people = people_by_key(sorted({key for pair in keys for key in pair}))
    place = {key: at for at, key in enumerate(people.key.tolist())}
    pairs = [Pair(one, other, _lines(request, people, place[one], place[other])) for one, other in keys]
    seen = list(zip(people.key.tolist(), people.area.tolist(), strict=True))
    if seen:
        note_reading(Act.LIST, request.user, request.access, seen, fields=[*FIELDS])
    return pairs


def _lines(request: HttpRequest, people, one: int, other: int) -> list[tuple[str, str, str, str, bool]]:
    sides = [{name: column[at] for name, column in people.table.items()} for at in (one, other)]
    lines = []
    for name, label, word, same, absent in compared(*sides):
        texts = [
            shown(request.access, name, side[name], people.area[at])
            for side, at in zip(sides, (one, other), strict=True)
        ]
        if texts != [HIDDEN, HIDDEN]:
            lines.append((label, *texts, "" if absent else word, same))
    return lines
