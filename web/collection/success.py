"""The measure of success: what one form for all departments spares, and how full, fresh and settled the record is."""

import csv
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis.accounts.scope import Scope
from gis.collection.kept_success import kept_record, kept_twice
from gis.collection.success import (
    Settled,
    State,
    Tally,
    by_community,
    by_month,
    first_of,
    in_all,
    settled,
)
from gis.models import Department, Form
from web.collection.catalogue import judge_reader
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.paging import read_number

_MONTHS = (3, 6, 12, 24)
#: A wider area than this many digits is shown by community, a narrower one by cell.
_BY_CELL_FROM = 9
_COMMUNITY, _CELL = 12, 15


@dataclass(frozen=True)
class Asked:
    """What the page is filtered by."""

    area: str
    months: int
    department: str

    @property
    def scope(self) -> Scope:
        return Scope((self.area,)) if self.area else Scope(())


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of it for an area and some months; `format=csv` the same figures as a file."""
    judge_reader(request)
    asked, today = _asked(request), timezone.localdate()
    first = first_of(today, asked.months - 1)
    scope = request.scope.within(asked.area)
    months = by_month(scope, first, today)
    communities = by_community(scope, first, today)
    people = request.access.which("people.count").within(asked.area)
    forms = _forms(request, asked, today)
    states = kept_record(forms, people, _digits(asked.area), today) if people else {}
    if request.GET.get("format") == "csv":
        return _file(months, communities, states)
    context = {
        "asked": asked,
        "areas": area_choices(request.scope, asked.area),
        "departments": Department.objects.filter(forms__in=Form.objects.in_force(today)).distinct(),
        "periods": _MONTHS,
        "all": in_all(scope, first, today),
        "months": months,
        "bars": _bars(months),
        "communities": communities,
        "states": list(states.items()),
        "settled": _settled(request, people, first, today) if people else None,
        "names": names_of({place for place, _tally in communities} | set(states)),
        "counts_people": bool(people),
        "forms": forms,
        "query": f"area={asked.area}&months={asked.months}&department={asked.department}",
    }
    return render(request, "web/collection/success.html", context)


def _settled(request: HttpRequest, scope: Scope, first: date, today: date) -> Settled:
    return settled(scope, first, today, kept_twice(scope, today), request.user.department_id)


def _asked(request: HttpRequest) -> Asked:
    get = request.GET
    months = read_number(get.get("months"))
    area = chosen_area(get.get("area", ""), request.scope) or request.scope.areas[0]
    return Asked(area, months if months in _MONTHS else 12, get.get("department", "")[:50].replace("\x00", ""))


def _digits(area: str) -> int:
    return _CELL if len(area) >= _BY_CELL_FROM else _COMMUNITY


def _forms(request: HttpRequest, asked: Asked, today: date) -> list[Form]:
    """The forms in force that concern the area, of one department where that is asked for."""
    forms = Form.objects.in_force(today).about(Scope((asked.area,))).prefetch_related("lines__field")
    return list(forms.filter(department__code=asked.department) if asked.department else forms)


@dataclass(frozen=True)
class Bar:
    """A month of the drawing, in its hundredths: the spared part stands on the asked one."""

    x: float
    width: float
    asked: float
    spared: float
    label: str


def _bars(months: list[tuple[date, Tally]]) -> list[Bar]:
    most = max((tally.wanted for _month, tally in months if not tally.is_few), default=0)
    width = 100 / max(len(months), 1)
    return [
        Bar(
            round(place * width + width * 0.15, 2), round(width * 0.7, 2),
            0 if tally.is_few or not most else round(100 * tally.asked / most, 2),
            0 if tally.is_few or not most else round(100 * tally.spared / most, 2),
            f"{month.month}",
        )
        for place, (month, tally) in enumerate(months)
    ]  # fmt: skip


def _file(months: list, communities: list, states: dict[str, State]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Cache-Control": "no-store"})
    answer["Content-Disposition"] = 'attachment; filename="success.csv"'
    answer.write("\ufeff")
    lines = csv.writer(answer)
    lines.writerow([_("月份或辖区代码"), _("上门次数"), _("表单需要"), _("实际询问"), _("免问"), _("少填表单")])
    for name, tally in [*((f"{month:%Y-%m}", tally) for month, tally in months), *communities]:
        lines.writerow([name, *_figures(tally)])
    lines.writerow([])
    lines.writerow([_("网格或社区代码"), _("完整（%）"), _("一年内（%）")])
    for place, state in states.items():
        lines.writerow([place, *("" if value is None else value for value in (state.complete, state.freshness))])
    return answer


def _figures(tally: Tally) -> list:
    few = tally.is_few and tally.calls > 0
    figures = (tally.calls, tally.wanted, tally.asked, tally.spared, tally.spared_forms)
    return [_("少于 5，不显示")] + [""] * 4 if few else list(figures)
