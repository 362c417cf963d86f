"""Evaluation 评价: the indicators of an area and the cases behind each. Of areas and departments, never of persons."""

import csv
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gis.accounts.scope import Scope
from gis.errors import NotAllowed
from gis.incidents.evaluation.indicators import Indicator, indicators
from gis.models import Department, Incident
from layers.dashboard.period import Period
from layers.evaluation import Question, a_second, by_department, by_place, ids_of, month_by_month, table_of
from layers.summary import trail_of
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.evaluation_drawing import draw_months
from web.pages.paging import Page, page_at, read_number

DAYS = (30, 90, 365)
_PARTS = ("above", "below", "rest")


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Every indicator of an area; the chosen one by place or department, and month by month."""
    asked = _Asked(request)
    if request.GET.get("as") == "csv":
        return _file(asked)
    question, indicator = asked.question, asked.indicator
    groups = (by_department if asked.by == "department" else by_place)(question, indicator)
    context = asked.context() | {
        "rows": table_of(question),
        "groups": groups,
        "months": draw_months(month_by_month(question, indicator)),
    }
    return render(request, "web/evaluation/page.html", context)


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The cases above or below the line of an indicator."""
    asked = _Asked(request)
    part = request.GET.get("part", "")
    if part not in _PARTS:
        raise Http404
    ids = ids_of(asked.question, asked.indicator, part)[::-1]
    cut = page_at(len(ids), request.GET.get("page"))
    found = Incident.objects.inside(asked.scope).filter(pk__in=ids[cut.start : cut.end].tolist())
    rows = list(found.select_related("category", "department").order_by("-pk"))
    context = asked.context() | {
        "page": Page(rows, cut.number, cut.last, len(ids), more=False),
        "part": part,
        "names": names_of({row.area for row in rows}),
        "query": asked.query(part=part),
    }
    return render(request, "web/evaluation/cases.html", context)


class _Asked:
    """What an address asks to be evaluated; what cannot be read counts as not asked."""

    choices = DAYS

    def __init__(self, request: HttpRequest) -> None:
        mine = request.access.which("incident.read")
        if not mine:
            raise NotAllowed(_("您的角色不能查看事件。"), fix=_("需要时请联系管理员调整任职。"))
        get = request.GET
        self.request, self.scope = request, mine
        self.area = chosen_area(get.get("area", ""), mine)
        self.by = "department" if get.get("by") == "department" else "area"
        self.department = read_number(get.get("department"))
        self.indicator: Indicator = indicators().get(get.get("show", "")) or indicators()["timely_closing_rate"]
        self.days = next((days for days in DAYS if str(days) == get.get("days")), None)
        first, last = _day(get.get("first")), _day(get.get("last"))
        now = a_second()
        if self.days or not (first or last):
            self.days = self.days or DAYS[0]
            period = Period(date.fromordinal(now.date().toordinal() - self.days + 1), now.date())
        else:
            last = last or now.date()
            period = Period(min(first or last, last), last)
        ground = Scope.of([self.area]) if self.area else mine
        self.question = Question(ground, period, now, self.department)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The cases one may look at, with their words."""
        return list(zip(_PARTS, (_("分子"), _("分母"), _("分母里其余的")), strict=True))

    def query(self, **other) -> str:
        """The address's query with some of it changed; what is empty is left out."""
        period = self.question.period
        named = {
            "area": self.area,
            "department": self.department,
            "by": "department" if self.by == "department" else "",
            "show": self.indicator.code,
            "days": self.days,
            "first": "" if self.days else period.first.isoformat(),
            "last": "" if self.days else period.last.isoformat(),
        }
        return urlencode({name: value for name, value in (named | other).items() if value not in ("", None)})

    def context(self) -> dict:
        code = self.question.scope.areas[0] if len(self.question.scope.areas) == 1 else ""
        return {
            "asked": self,
            "indicator": self.indicator,
            "period": self.question.period,
            "code": code,
            "name": names_of({code}).get(code, "") if code else "",
            "trail": trail_of(code, self.scope) if code else [],
            "areas": area_choices(self.scope, self.area),
            "departments": Department.objects.all(),
            "now": self.question.now,
        }


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _file(asked: _Asked) -> HttpResponse:
    """The table as CSV, with the mark that lets a spreadsheet read it as UTF-8."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="indicators-{asked.question.period.last}.csv"'
    out = csv.writer(answer)
    out.writerow([_("指标"), _("比率（%）"), _("分子"), _("分母"), _("前一时段（%）"), _("定义")])
    for row in table_of(asked.question):
        percent = [None if one.percent is None else round(one.percent, 2) for one in (row.rate, row.before)]
        one = row.indicator
        out.writerow([one.name, percent[0], row.rate.on_time, row.rate.judged, percent[1], one.definition])
    return answer
