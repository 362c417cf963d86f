"""The impact report of a plan, and its publication by whoever approved it."""

from dataclasses import replace
from uuid import UUID

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gis.errors import Refused
from gis.models import Area, Lineage, Plan
from gis.planning.borders.impact import impact_of_borders
from gis.planning.borders.matching import plain_name
from gis.planning.deciding import approval_of
from gis.planning.ground_of import cells_on
from gis.planning.opening import Start
from gis.planning.preparing import Opening
from gis.planning.publishing.impact import Impact
from gis.planning.publishing.plan_publishing import choices_of, impact_of, may_publish, order
from gis.planning.publishing.publishing import NotPublished, Published
from gis.planning.publishing.redrawing import PublicationOrder, Redrawing
from gis.planning.publishing.workers import Choices
from gis.planning.streets.impact import impact_of_streets
from layers.outlines import Drawn, draw_outlines
from layers.past import day_of
from web.pages.choices import full_name, names_of
from web.planning.borders import border_context
from web.planning.found import plan_of
from web.planning.openings import opened
from web.planning.streets import street_context


@never_cache
@require_GET
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What publishing a plan today would do, with the decisions to make; of a published one what it did."""
    plan = plan_of(request, uuid)
    done = Redrawing.objects.filter(plan=plan).select_related("user").first()
    # What changes cell with a single house would tell whether there is a case in it.
    tells = {"tells_cases": request.access.may("incident.read", plan.area)}
    if done:
        return render(request, "web/planning/published.html", _done(plan, done) | tells)
    if plan.kind == Plan.Kind.COMMUNITIES:
        found = impact_of_borders(plan)
        context = _context(request, plan, found.cells) | border_context(found, **tells) | tells
        return render(request, "web/planning/borders.html", context)
    if plan.kind == Plan.Kind.STREETS:
        of_streets = impact_of_streets(plan)
        borders = of_streets.borders
        context = _context(request, plan, borders.cells) | border_context(borders, **tells) | street_context(of_streets)
        return render(request, "web/planning/streets.html", context | tells)
    return render(request, "web/planning/impact.html", _context(request, plan, impact_of(plan)) | tells)


@require_POST
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Publish, or keep what was decided for the day the plan comes into force."""
    plan = plan_of(request, uuid)
    try:
        done = order(
            uuid, user=request.user, access=request.access, choices=_choices(request), seen=_whole(request, "seen")
        )
    except NotPublished as refusal:
        messages.error(request, _("没有发布：%(why)s") % {"why": refusal.message})
        return redirect("plan-impact", uuid)
    if isinstance(done, Published):
        count = len(done.redrawing.begun)
        said = ngettext("方案已发布，%(count)d 个网格换了新版本。", "方案已发布，%(count)d 个网格换了新版本。", count)
        messages.success(request, said % {"count": count} if done.fresh else _("方案已经发布过，没有再改动。"))
    else:
        day = plan.starts.isoformat() if plan.starts else ""
        messages.success(request, _("已记下您的决定。方案将在 %(day)s 自动发布。") % {"day": day})
    return redirect("plan-impact", uuid)


@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """A plan of the cells as they were on a day: published, it brings that state back, each cell under its own code."""
    day, area = day_of(request.POST.get("on", "")), request.POST.get("area", "")
    if len(area) not in (9, 12):
        raise Refused(_("请选择街道或社区。"))
    if not cells_on(area, day):
        raise Refused(_("那一天这里没有网格。"), fix=_("请换一个日期。"))
    name = _("恢复 %(day)s 的网格") % {"day": day.isoformat()}
    start = Start(day=day, begun_from=day.isoformat())
    return opened(request, Opening(area, name, Plan.Kind.CELLS, start, {}))


def _whole(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _choices(request: HttpRequest) -> Choices:
    """`worker-<number of a draft>`: user ids; empty leaves it at what is usual, 0 gives the cell to nobody."""
    workers: dict[int, tuple[int, ...]] = {}
    for name in request.POST:
        number = name.removeprefix("worker-")
        wanted = [one for one in request.POST.getlist(name) if one.isdecimal() and len(one) < 10]
        if number != name and number.isdecimal() and len(number) < 10 and wanted:
            workers[int(number)] = tuple(int(one) for one in wanted if one != "0")
    return Choices(workers, keep_cases=request.POST.get("cases") == "keep")


def _context(request: HttpRequest, plan: Plan, found: Impact) -> dict:
    wish = PublicationOrder.objects.filter(plan=plan).first()
    reckoning = found.reckoning
    communities = names_of(set(reckoning.communities))
    found = _named_apart(found, communities)
    decides, approved = may_publish(plan, request.user, request.access), approval_of(plan) is not None
    return {
        "plan": plan,
        "impact": found,
        "kinds": [(kind, name, found.of_kind(kind)) for kind, name in _kinds()],
        "changing": any(one.kind != "stays" for one in found.changes),
        "totals": {name: found.total(name) for name in ("buildings", "households", "residents", "cases")},
        "concerned": len({one.posting.user_id for one in found.handovers} | {one.user_id for one in found.redrawn}),
        "handovers": _handovers(found),
        "lineage": _lineage(found),
        "communities": communities,
        "after": _drawn(found, _around(found, after=True), before=False),
        "before": _drawn(found, _around(found, after=False), before=True),
        "decides": decides and approved and not found.faults,
        "approved": approved,
        "may_decide": decides,
        "waits": bool(plan.starts and plan.starts > timezone.localdate()),
        "order": wish,
        "givings": _givings(found, choices_of(wish)),
        "people": _people(found),
    }


def _named_apart(found: Impact, communities: dict[str, str]) -> Impact:
    """With the community before the name of each cell, where there are several: every one has its 第1网格."""
    if len(communities) < 2:
        return found

    def full(code: str, name: str) -> str:
        return full_name(name, communities.get(code[:12], "")) if name else ""

    changes = [replace(one, name=full(one.code, one.name), was=full(one.code, one.was)) for one in found.changes]
    return replace(found, changes=changes)


def _kinds() -> list[tuple[str, str]]:
    return [
        ("appears", _("新增")),
        ("returns", _("恢复")),
        ("vanishes", _("停用")),
        ("goes_on", _("边界或名称有变化")),
        ("stays", _("不变")),
    ]


def _lineage(found: Impact) -> list[dict]:
    before, reckoning = found.reckoning.before, found.reckoning
    called = {one.code: (one.name, one.was) for one in found.changes}
    return [
        {
            "before": str(before.codes[link.before]),
            "before_name": called[str(before.codes[link.before])][1],
            "after": str(reckoning.codes[link.after]),
            "after_name": called[str(reckoning.codes[link.after])][0],
            "kind": Lineage.Kind(link.kind).label,
            "area": round(link.share_area * 100, 1),
            "households": round(link.share_households * 100, 1),
        }
        for link in found.lineage
    ]


def _handovers(found: Impact) -> list[dict]:
    """Who loses a cell, and which one they take over unless somebody says otherwise."""
    cells = {one.number: one for one in found.changes if one.number}
    return [{"posting": one.posting, "cell": cells.get(one.to) if one.to else None} for one in found.handovers]


def _givings(found: Impact, kept: Choices) -> list[dict]:
    """The new cells, with who takes each by default and who was chosen for it."""
    usual: dict[int, list[str]] = {}
    for one in found.handovers:
        if one.to is not None:
            usual.setdefault(one.to, []).append(one.posting.user.name or one.posting.user.username)
    new = {one.number: one for one in found.of_kind("appears") + found.of_kind("returns")}
    return [
        {"cell": cell, "usual": usual.get(number, []), "chosen": (kept.workers.get(number) or (None,))[0]}
        for number, cell in sorted(new.items())
    ]


def _people(found: Impact) -> list[tuple[int, str, str]]:
    """Who may be given a cell: user, name, the cell of now."""
    return [(one.user_id, one.user.name or one.user.username, one.area) for one in found.workers]


def _around(found: Impact, *, after: bool) -> list[tuple[str, shapely.Geometry]]:
    """The communities with their outlines, now or as they would be."""
    reckoning = found.reckoning
    stored = Area.objects.filter(code__in=reckoning.communities).exclude(geometry=None).order_by("code")
    outlines = {area.code: (plain_name(str(area)), shapely.from_wkb(bytes(area.geometry.wkb))) for area in stored}
    if after and reckoning.outlines is not None:
        drawn = zip(reckoning.outlines.codes, reckoning.outlines.shapes, strict=True)
        return [(outlines[code][0] if code in outlines else "", shape) for code, shape in drawn]
    return list(outlines.values())


def _drawn(found: Impact, around: list[tuple[str, shapely.Geometry]], *, before: bool) -> Drawn | None:
    reckoning = found.reckoning
    kinds = {one.code: one.kind for one in found.changes}
    codes = reckoning.before.codes if before else reckoning.codes
    names = reckoning.before.names if before else reckoning.names
    shapes = reckoning.before.shapes if before else reckoning.shapes
    rows = [(str(n), kinds.get(str(c), "goes_on"), s) for n, c, s in zip(names, codes, shapes, strict=True)]
    return draw_outlines([row for row in rows if not row[2].is_empty], around)


def _done(plan: Plan, done: Redrawing) -> dict:
    communities = names_of(set(done.communities))
    several = len(communities) > 1
    codes = [
        {"code": one["code"], "name": full_name(one["name"], communities.get(one["code"][:12], "") if several else "")}
        for one in done.facts["codes"]
    ]
    return {"plan": plan, "done": done, "codes": codes, "communities": communities}
