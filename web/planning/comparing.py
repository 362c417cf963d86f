"""Two plans beside each other, or a plan beside the cells in force: a swipe map, what became of each cell, a file."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.areas.plans.comparing import NOBODY, Layout
from gis.errors import OutOfScope, Refused
from gis.models import Building, Plan
from gis.planning.comparing import Beside, beside, comparable
from web.errors import status_of
from web.planning.comparing_file import buildings_file, cells_file
from web.planning.comparing_map import swipe_of
from web.planning.found import plan_of, plans_of

TODAY = "today"
#: Plans offered to compare with, and buildings listed on the page; the file has all of them.
_MOST_PLANS, _MOST_BUILDINGS = 50, 200


def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """`?with=` another plan, `today` or a day; `&as=cells` or `buildings` gives a CSV."""
    plan = plan_of(request, uuid)
    asked = request.GET.get("with", TODAY)
    other = _other(request, asked)
    context = {"plan": plan, "asked": asked, "others": _others(request, plan), "named": _named(other)}
    try:
        sides = beside(plan, other)
    except Refused as refusal:
        return render(request, "web/planning/compare.html", context | {"error": refusal}, status=status_of(refusal))
    form = request.GET.get("as")
    if form == "cells":
        return cells_file(plan, sides, kinds())
    if form == "buildings":
        return buildings_file(plan, sides, _addresses(request, sides.found.buildings.tolist()))
    return render(request, "web/planning/compare.html", context | _told(request, plan, other, sides))


def kinds() -> dict[str, str]:
    """What became of a cell, in words."""
    return {
        "kept": _("不变"), "changed": _("有调整"), "split": _("拆分"), "merged": _("合并"),
        "redistributed": _("重新划分"), "new": _("新设"), "gone": _("撤销"),
    }  # fmt: skip


def _told(request: HttpRequest, plan: Plan, other: Plan | date, sides: Beside) -> dict:
    rows = [_row(sides, pair) for pair in sides.found.pairs]
    swipe = swipe_of(plan, sides)
    for row in rows:
        row["window"] = swipe.window(row["before_at"], row["after_at"])
    return {
        "found": sides.found,
        "share": sides.found.moved / sides.found.total if sides.found.total else None,
        "rows": [row for row in rows if row["pair"].kind != "kept"],
        "kept": [row for row in rows if row["pair"].kind == "kept"],
        "cards": _cards(sides),
        "swipe": swipe,
        "buildings": _buildings(request, sides),
        "more": max(len(sides.found.buildings) - _MOST_BUILDINGS, 0),
        "back": reverse("plan-compare", args=[other.uuid]) + f"?with={plan.uuid}" if isinstance(other, Plan) else "",
    }


def _row(sides: Beside, pair) -> dict:
    return {
        "pair": pair,
        "before": name_of(sides.before, pair.before),
        "after": name_of(sides.after, pair.after),
        "kind": kinds()[pair.kind],
        "before_at": pair.before,
        "after_at": pair.after,
    }


def name_of(layout: Layout, row: int) -> str:
    if row == NOBODY:
        return ""
    return str(layout.names[row] or layout.codes[row] or f"#{layout.numbers[row]}")


def _cards(sides: Beside) -> list[tuple[str, str, float | None, float | None]]:
    """Each figure with its word and how it is written, of both."""
    words = [
        ("cells", _("网格数"), "count"), ("within", _("在允许偏差内"), "share"), ("mean", _("平均偏差"), "share"),
        ("worst", _("最大偏差"), "share"), ("parts", _("飞地"), "count"), ("compact_mean", _("平均紧凑度"), "plain"),
        ("compact_least", _("最低紧凑度"), "plain"), ("walk", _("到网格中心的平均距离（米）"), "count"),
    ]  # fmt: skip
    return [(word, form, *(getattr(card, name, None) for card in sides.cards)) for name, word, form in words]


def _buildings(request: HttpRequest, sides: Beside) -> list[dict]:
    found = sides.found
    keys = found.buildings[:_MOST_BUILDINGS].tolist()
    known = _addresses(request, keys)
    columns = (found.origin.tolist(), found.target.tolist(), found.households.tolist())
    return [
        {
            "pk": pk, "name": known.get(pk, ""), "households": households,
            "before": name_of(sides.before, origin), "after": name_of(sides.after, target),
        }
        for pk, origin, target, households in zip(keys, *columns, strict=False)
    ]  # fmt: skip


def _addresses(request: HttpRequest, keys: list[int]) -> dict[int, str]:
    found = Building.objects.inside(request.access.which("area.read")).select_related("compound").in_bulk(keys)
    return {pk: str(one.label) for pk, one in found.items()}


def _other(request: HttpRequest, asked: str) -> Plan | date:
    if asked == TODAY:
        return timezone.localdate()
    try:
        return date.fromisoformat(asked)
    except ValueError:
        pass
    try:
        return plan_of(request, UUID(asked))
    except ValueError:
        raise OutOfScope(_("没有找到，或不在您的辖区内。")) from None


def _others(request: HttpRequest, plan: Plan) -> list[Plan]:
    return list(comparable(plans_of(request), plan).order_by("-changed_at")[:_MOST_PLANS])


def _named(other: Plan | date) -> str:
    if isinstance(other, Plan):
        return other.name
    if other == timezone.localdate():
        return _("现行网格")
    return _("%(day)s 的网格") % {"day": other.isoformat()}
