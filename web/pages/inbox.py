"""What waits for the reader: the cases whose next move is theirs, by that move, what is due first coming first."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.incidents.incident import ENDED, OPEN, Incident
from gis.incidents.workflow import Move, expected_moves, moves, waiting, waiting_for
from gis.planning.deciding import awaiting
from web.pages.bulk import bulk_of
from web.pages.case_limits import stand_of
from web.pages.case_moves import is_expected
from web.pages.choices import names_of
from web.pages.incident_filter import incident_scope
from web.pages.map_incidents import incidents_of
from web.pages.paging import Page, page_at

#: Capabilities one of which gives cases to deal with.
DUTIES = ("case.accept", "case.dispatch", "case.dispose", "case.check", "case.close")
_LATE = "late"


@dataclass(frozen=True)
class Tab:
    code: str
    name: str
    count: int
    query: str
    on: bool


@dataclass(frozen=True)
class Row:
    """A case with its clock and the moves it waits for."""

    incident: Incident
    stand: tuple[str, datetime | None]
    moves: list[Move]


def show(request: HttpRequest) -> HttpResponse:
    """The inbox; `act` names a move, `late` only what is late."""
    now, act = timezone.now(), request.GET.get("act", "")
    act = act if act in moves() and moves()[act] in expected_moves() else ""
    late = request.GET.get(_LATE) == "1"
    mine = _mine(request)
    wanted = waiting_for(moves()[act], request.user, request.access) if act else Q()
    found = wanted & _late(now) if late else wanted
    tabs, total = _tabs(request, mine, act, late, now, found)
    page = _page(mine.filter(found), total, request.GET.get("page"))
    plans = awaiting(request.user, request.access) if not act and not late and page.number == 1 else []
    context = {
        "page": page,
        "rows": [Row(incident, stand_of(incident, now), _next(incident, act)) for incident in page.rows],
        "tabs": tabs,
        "late": next(tab for tab in tabs if tab.code == _LATE),
        "nothing": not any(tab.count for tab in tabs),
        "plans": plans,
        "names": names_of({incident.area for incident in page.rows} | {plan.area for plan in plans}),
        "next": act,
        "ended": ENDED,
        "now": now,
    }
    return render(request, "web/lists/inbox.html", context | bulk_of(request, act))


def _next(incident: Incident, act: str) -> list[Move]:
    return [move for move in expected_moves() if is_expected(move, incident) and act in ("", move.act)]


def _page(found: QuerySet[Incident], total: int, wanted: str | None) -> Page:
    """Those of a page by their keys alone, as thousands have to be put in order; then all there is to show of them."""
    cut = page_at(total, wanted)
    due = Coalesce("stage_due_at", "due_at")
    ordered = found.order_by(F("urgent").desc(), due.asc(nulls_last=True), "pk").values_list("pk", flat=True)
    rows = incidents_of(list(ordered[cut.start : cut.end]))
    return Page(rows, cut.number, cut.last, total, more=False)


def _late(now: datetime) -> Q:
    return Q(stage_due_at__lt=now) | Q(due_at__lt=now)


def _mine(request: HttpRequest):
    scope = incident_scope(request)
    open_ones = Incident.objects.inside(scope).filter(state__in=OPEN)
    return open_ones.filter(waiting(request.user, request.access))


def _tabs(request: HttpRequest, mine, act: str, late: bool, now: datetime, found: Q) -> tuple[list[Tab], int]:
    """A tab a move with how many wait for it: those with none are left out, but for the one that is open.

    And how many are `found`, so that the cases are gone through once.
    """
    waits = {one.act: waiting_for(one, request.user, request.access) for one in expected_moves()}
    counted = {act: Count("pk", filter=condition) for act, condition in waits.items()}
    counted |= {"late": Count("pk", filter=_late(now)), "found": Count("pk", filter=found) if found else Count("pk")}
    counts = mine.order_by().aggregate(all=Count("pk"), **counted)
    tabs = [_tab("", _("全部"), counts["all"], act, late)]
    tabs += [_tab(move.act, move.name, counts[move.act], act, late) for move in expected_moves()]
    shown = [tab for tab in tabs if tab.count or tab.on or not tab.code]
    query = urlencode(([("act", act)] if act else []) + ([] if late else [(_LATE, "1")]))
    return [*shown, Tab(_LATE, _("超时"), counts[_LATE], query, late)], counts["found"]


def _tab(code: str, name: str, count: int, act: str, late: bool) -> Tab:
    query = urlencode(([("act", code)] if code else []) + ([(_LATE, "1")] if late else []))
    return Tab(code, name, count, query, code == act)
