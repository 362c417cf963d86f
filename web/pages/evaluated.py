"""What the address of an evaluation asks: an area, days, a department, an indicator."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import NotAllowed
from gis.incidents.evaluation.indicators import Indicator, indicators
from gis.models import Department
from layers.dashboard.period import Period
from layers.evaluation import Question, a_second
from layers.summary import trail_of
from web.lists.listing import Asked
from web.pages.choices import area_choices, chosen_area, names_of
from web.pages.paging import read_number

DAYS = (30, 90, 365)
PARTS = ("above", "below", "rest")


class Evaluated:
    """What an address asks to be evaluated; what cannot be read counts as not asked."""

    choices = DAYS

    def __init__(self, request: HttpRequest | Asked) -> None:
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
        return list(zip(PARTS, (_("分子"), _("分母"), _("分母里其余的")), strict=True))

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
