"""The clocks of a case on its page: what runs, until when, what was left out of the count, and what each stage took."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gis.incidents.clock import clocks_of
from gis.incidents.holidays import OFF, YearCalendar, calendar_in_force
from gis.incidents.incident import ENDED, State
from gis.incidents.stages import Clock, Limit, Stage
from gis.incidents.working_time import BY_THE_CLOCK, WorkCalendar, seconds_of_one
from gis.models import Category
from web.pages.case import Case


@dataclass(frozen=True)
class Face:
    """A clock as it is shown: its name and limit, when it ends, how much is left or lacking, and the share used."""

    name: str
    limit: str
    due: datetime | None
    left: str
    late: bool
    stands: bool
    percent: int
    notes: tuple[str, ...]


def clock(case: Case) -> dict | None:
    """The section; none for a case that never had a limit."""
    calendar = calendar_in_force()
    clocks = clocks_of(case.incident, calendar)
    faces = []
    if case.incident.state not in ENDED:
        if clocks.stage:
            stage = str(Stage(clocks.stage_name).label)
            faces.append(_face(_("本阶段（%(stage)s）") % {"stage": stage}, clocks.stage, case.now, calendar))
        if clocks.case:
            faces.append(_face(_("全案"), clocks.case, case.now, calendar))
    passed = [(str(Stage(one.stage).label), one) for one in clocks.passed]
    if not faces and not passed:
        return None
    return {"faces": faces, "passed": passed, "why": _why(case, faces)}


def _why(case: Case, faces: list[Face]) -> str:
    """Why a clock stands."""
    if not any(face.stands for face in faces):
        return ""
    if case.incident.state == State.SUSPENDED:
        return _("已挂起，停止计时；恢复后剩余的时间不变。")
    return _("处置已在时限内反馈，核查期间全案不计时；返工后从剩余的时间继续。")


def _face(name: str, clock: Clock, now: datetime, calendar: YearCalendar) -> Face:
    work = calendar.work
    left, due = clock.left_at(now, work), clock.due(work)
    whole = max(seconds_of_one(clock.limit.amount, clock.limit.unit, work), 1)
    return Face(
        name, spoken_limit(clock.limit), due, spoken(abs(left), clock.limit.unit, work),
        late=left < 0,
        stands=clock.since is None,
        percent=min(max(round(100 * (whole - left) / whole), 0), 100),
        notes=tuple(_notes(clock, due, calendar)),
    )  # fmt: skip


def spoken_limit(limit: Limit) -> str:
    """A limit in words: 4 工作时."""
    return f"{limit.amount:g} {Category.Unit(limit.unit).label}"


def spoken(seconds: int, unit: str, work: WorkCalendar) -> str:
    """A length of time in words, in working days and hours where these count."""
    day = 86400 if unit in BY_THE_CLOCK else work.day
    days, rest = divmod(seconds, day)
    hours, minutes = rest // 3600, rest % 3600 // 60
    said = []
    if days and unit in BY_THE_CLOCK:
        said.append(ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days})
    elif days:
        said.append(ngettext("%(n)s 个工作日", "%(n)s 个工作日", days) % {"n": days})
    if hours:
        said.append(ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours})
    if not days and (minutes or not hours):
        said.append(_("%(n)s 分钟") % {"n": minutes})
    return " ".join(said)


def _notes(clock: Clock, due: datetime | None, calendar: YearCalendar):
    """What a reader would count otherwise: holidays and make-up days in between, and a year that is not known."""
    if due is None or clock.limit.unit in BY_THE_CLOCK:
        return
    first, last = (timezone.localdate(moment) for moment in (clock.since, due))
    between = [day for when, day in sorted(calendar.days.items()) if first <= when <= last]
    for kind, text in ((OFF, _("%(days)s 放假，不计时")), ("work", _("%(days)s 调休上班，计时"))):
        days = [day.day for day in between if day.kind == kind]
        if days:
            yield text % {"days": _spans(days)}
    unknown = sorted({year for year in range(first.year, last.year + 1) if year not in calendar.years})
    for year in unknown:
        yield _("%(year)s 年的放假安排还没有录入，按周一至周五计算") % {"year": year}


def _spans(days: list) -> str:
    """Dates as spans: 02-15–02-23、04-04."""
    spans: list[list] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return _("、").join(f"{a:%m-%d}" if a == b else f"{a:%m-%d}–{b:%m-%d}" for a, b in spans)
