"""How far a case has come, in plain words: what whoever reported it may know, and nothing of who did what inside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from gis.accounts.departments import Department
from gis.incidents.incident import ENDED, Incident, State
from gis.incidents.residents.following import Opened
from gis.incidents.residents.reporter import Rating
from gis.incidents.step import Act, Step

#: What a step is called where residents read it. What is not here is our own business.
_WORDS: dict[str, Promise] = {
    Act.REPORT: gettext_lazy("收到上报"),
    Act.VERIFY: gettext_lazy("派人去现场看"),
    Act.CONFIRM: gettext_lazy("到现场看过了"),
    Act.FILE: gettext_lazy("已受理"),
    Act.REJECT: gettext_lazy("没有受理"),
    Act.DUPLICATE: gettext_lazy("和另一件同样的事一起办"),
    Act.DISPATCH: gettext_lazy("交给%(whom)s处理"),
    Act.REDIRECT: gettext_lazy("改由%(whom)s处理"),
    Act.TAKE: gettext_lazy("开始处理"),
    Act.RETURN: gettext_lazy("重新安排由谁处理"),
    Act.SUSPEND: gettext_lazy("暂时停下，条件具备后继续"),
    Act.RESUME: gettext_lazy("继续处理"),
    Act.DISPOSE: gettext_lazy("处理完了，等待核查"),
    Act.CHECK: gettext_lazy("派人去现场核查"),
    Act.CLOSE: gettext_lazy("办结"),
    Act.REWORK: gettext_lazy("核查没有通过，重新处理"),
    Act.REOPEN: gettext_lazy("重新办理"),
    Act.ESCALATE: gettext_lazy("上报上级协调"),
    Act.ANSWER: gettext_lazy("答复"),
    Act.APPEAL: gettext_lazy("居民要求重办"),
}
_NOW: dict[str, Promise] = {
    State.REPORTED: gettext_lazy("已收到，等待受理"),
    State.VERIFYING: gettext_lazy("正在核实"),
    State.FILED: gettext_lazy("已受理，正在安排由谁处理"),
    State.DISPATCHED: gettext_lazy("已交办，等待处理"),
    State.IN_PROGRESS: gettext_lazy("正在处理"),
    State.SUSPENDED: gettext_lazy("暂时停下"),
    State.DISPOSED: gettext_lazy("处理完了，等待核查"),
    State.CHECKING: gettext_lazy("正在核查"),
    State.CLOSED: gettext_lazy("已办结"),
    State.REJECTED: gettext_lazy("没有受理"),
    State.DUPLICATE: gettext_lazy("和另一件同样的事一起办"),
}
#: The way from report to end as four marks, and the states in which each is reached.
_MARKS = (
    (gettext_lazy("收到"), None),
    (gettext_lazy("受理"), {State.FILED, State.DISPATCHED}),
    (gettext_lazy("处理"), {State.IN_PROGRESS, State.SUSPENDED, State.DISPOSED, State.CHECKING}),
    (gettext_lazy("办结"), {State.CLOSED}),
)


@dataclass(frozen=True)
class Event:
    """Something that happened, as residents are told. `answer` is a note that was written for them."""

    at: datetime
    words: str
    answer: str = ""


@dataclass(frozen=True)
class Progress:
    """What the page of one's case says. `due`: until when it is to be settled, None where no clock runs.

    `appeal_until` is None where nothing can be appealed against; `rating` the judgement given since it was closed.
    """

    now: str
    marks: tuple[tuple[str, bool], ...]
    events: tuple[Event, ...]
    voices: int
    due: datetime | None
    may_rate: bool
    rating: Rating | None
    appeal_until: datetime | None


def progress_of(opened: Opened, now: datetime | None = None) -> Progress:
    """How far the case is that somebody opened."""
    now = now or timezone.now()
    incident = opened.incident
    steps = _steps(opened)
    rating = rating_since_closing(opened)
    return Progress(
        now=str(_NOW[State(incident.state)]),
        marks=_marks(incident),
        events=tuple(event for step in steps if (event := _event(step))),
        voices=1 + sum(step.act == Act.AGAIN for step in steps if step.incident_id == incident.pk),
        due=incident.due_at if incident.state not in ENDED and incident.due_at and incident.due_at > now else None,
        may_rate=incident.state == State.CLOSED and rating is None,
        rating=rating,
        appeal_until=appeal_until(incident, now),
    )


def _steps(opened: Opened) -> list[Step]:
    """The steps of the case, and of the one it was merged from those before."""
    own, kept = opened.follow.incident_id, opened.incident.pk
    steps = Step.objects.filter(incident__in={own, kept}, undone_by=None).exclude(act=Act.UNDO)
    steps = list(steps.select_related("department").order_by("at", "pk"))
    if own == kept:
        return steps
    merged = max((step.at for step in steps if step.incident_id == own and step.act == Act.DUPLICATE), default=None)
    return [step for step in steps if step.incident_id == own or merged is None or step.at >= merged]


def _event(step: Step) -> Event | None:
    if step.act not in _WORDS:
        return None
    words = str(_WORDS[step.act])
    if "%(whom)s" in words:
        words %= {"whom": _named(step.department)}
    return Event(step.at, words, step.note if step.is_public else "")


def _named(department: Department | None) -> str:
    if department is None:
        return _("社区网格")
    return ((get_language() or "").startswith("en") and department.name_en) or department.name


def _marks(incident: Incident) -> tuple[tuple[str, bool], ...]:
    reached = next((n for n, (_word, states) in enumerate(_MARKS) if states and incident.state in states), 0)
    return tuple((str(word), n <= reached) for n, (word, _states) in enumerate(_MARKS))


def rating_since_closing(opened: Opened) -> Rating | None:
    """What whoever opened the case said of its present outcome."""
    since = opened.incident.closed_at
    if since is None:
        return None
    found = Rating.objects.filter(follow=opened.follow, step__at__gte=since, step__undone_by=None)
    return found.select_related("step").order_by("-pk").first()


def appeal_until(incident: Incident, now: datetime) -> datetime | None:
    """Until when one may ask for a case to be done again; None where one may not."""
    if incident.state not in (State.CLOSED, State.REJECTED):
        return None
    ended = incident.closed_at
    if ended is None:
        last = incident.steps.filter(after=incident.state).exclude(before=incident.state).order_by("-at", "-pk").first()
        ended = last.at if last else incident.reported_at
    until = ended + timedelta(days=settings.APPEAL_DAYS)
    return until if until > now else None
