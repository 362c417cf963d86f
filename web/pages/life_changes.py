"""What happened to the people of an area in a period: how many there were before and after, and every event."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import NotAllowed
from gis.models import LifeEvent, Resident
from gis.people.life.balance import balance_of
from gis.people.life.timeline import tell
from gis.people.reading import Act, note_reading
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.paging import page_of
from web.pages.residents import never_kept

#: The longest period: a year and a day more.
_MOST = timedelta(days=366)


def index(request: HttpRequest) -> HttpResponse:
    """`?area=110113001006&since=2026-10-01&until=2026-10-31&kind=died`"""
    own = request.access.which("people.read")
    if not own:
        raise NotAllowed(_("您的角色不能查看居民名单。"), fix=_("需要人数时，请在地图或辖区页面查看统计。"))
    first, last = _period(request)
    area = chosen_area(request.GET.get("area", ""), own)
    scope = own.within(area) if area else own
    kind = request.GET.get("kind", "") if request.GET.get("kind") in LifeEvent.Kind.values else ""
    page = page_of(_found(scope, first, last, kind), request.GET.get("page"))
    rows = tell(page.rows, request.access)
    _note(request, page.rows, rows)
    balance = balance_of(scope, first, last)
    labels = dict(Resident.Population.choices)
    context = {
        "page": page,
        "rows": rows,
        "linked": set(
            Resident.objects.filter(pk__in={row.resident_id for row in page.rows}).values_list("pk", flat=True)
        ),
        "names": names_of({row.area for row in page.rows}),
        "areas": area_choices(own, area),
        "area": area,
        "first": first,
        "last": last,
        "today": timezone.localdate(),
        "kind": kind,
        "kinds": LifeEvent.Kind.choices,
        "balance": balance,
        "types": [(labels[code], before, after, after - before) for code, (before, after) in balance.types.items()],
    }
    return never_kept(render(request, "web/lists/life_changes.html", context))


def _found(scope: Scope, first: date, last: date, kind: str) -> QuerySet[LifeEvent]:
    found = LifeEvent.objects.inside(scope).filter(on__gte=first, on__lte=last)
    found = found.filter(kind=kind) if kind else found
    return found.select_related("dwelling__building__compound", "by", "withdrawal__by").order_by("-on", "-pk")


def _note(request: HttpRequest, events: list[LifeEvent], rows: list) -> None:
    if any(row.name not in ("", "–") for row in rows):
        note_reading(
            Act.LIST, request.user, request.access, {(event.resident_id, event.area) for event in events},
            fields={"name", *({"room"} if any(row.building for row in rows) else ())},
        )  # fmt: skip


def _period(request: HttpRequest) -> tuple[date, date]:
    """The days asked for, the last 30 where none or nonsense is; at most a year, never to come."""
    today = timezone.localdate()
    last = min(_day(request.GET.get("until", "")) or today, today)
    first = _day(request.GET.get("since", "")) or last - timedelta(days=29)
    return max(min(first, last), last - _MOST), last


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 1900 else None
