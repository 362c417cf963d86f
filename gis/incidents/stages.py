"""The clocks of a case, read from its steps: one for the case as a whole, one for the stage it is in.

A case is to be accepted, then dispatched, then dealt with, then checked, and each of these stages has a limit that
begins when the stage does. The limit of the case is that of its category: it runs from the report, anew from filing,
and it stands whenever the case does not wait for whoever disposes of it: while suspended, and while a disposal made in
time is being checked. What then goes on has exactly the time that was left. What is late stays late.

    reported    filed         dispatched   suspended   resumed      disposed    rework        disposed    closed
    |- accept --|- dispatch --|- dispose --|  stands   |- dispose --|- check ---|- dispose ---|- check ---|
    |- case ----|- case, anew -------------|  stands   |------------|  stands   |-------------|  stands   |

Nothing here is stored. The steps are the facts; a case that is moved, taken back or put on another calendar is read
again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.incidents.incident import ENDED, State
from gis.incidents.step import Act
from gis.incidents.working_time import WorkCalendar, later, seconds_between, seconds_of_one


class Stage(models.TextChoices):
    """What a case waits for, and therefore which limit runs."""

    ACCEPT = "accept", _("受理")
    DISPATCH = "dispatch", _("派遣")
    DISPOSE = "dispose", _("处置")
    CHECK = "check", _("核查")


#: The stage of each state; of an ended case none.
STAGE_OF = {
    State.REPORTED: Stage.ACCEPT,
    State.VERIFYING: Stage.ACCEPT,
    State.FILED: Stage.DISPATCH,
    State.DISPATCHED: Stage.DISPOSE,
    State.IN_PROGRESS: Stage.DISPOSE,
    State.SUSPENDED: Stage.DISPOSE,
    State.DISPOSED: Stage.CHECK,
    State.CHECKING: Stage.CHECK,
}
#: With these the case begins anew, and so does its limit.
_ANEW = (Act.REPORT, Act.FILE, Act.REOPEN, Act.APPEAL)
#: With these the stage begins anew though it stays the same: somebody else has the case now.
_ANEW_STAGE = (*_ANEW, Act.REDIRECT)


@dataclass(frozen=True)
class Limit:
    amount: float
    unit: str


@dataclass(frozen=True)
class Clock:
    """A limit that runs, or stands (`since` None) with so many seconds left; less than none once it is late."""

    limit: Limit
    started: datetime
    since: datetime | None
    left: int

    @classmethod
    def start(cls, limit: Limit | None, at: datetime, work: WorkCalendar) -> "Clock | None":
        return limit and cls(limit, at, at, seconds_of_one(limit.amount, limit.unit, work))

    @classmethod
    def until(cls, due: datetime, limit: Limit, at: datetime, work: WorkCalendar) -> "Clock":
        """One whose end was given, not counted."""
        return cls(limit, at, at, seconds_between(at, due, limit.unit, work))

    def stop(self, at: datetime, work: WorkCalendar) -> "Clock":
        return self if self.since is None else replace(self, since=None, left=self.left_at(at, work))

    def go_on(self, at: datetime) -> "Clock":
        return replace(self, since=at) if self.since is None else self

    def left_at(self, at: datetime, work: WorkCalendar) -> int:
        """Seconds left at a moment, in the limit's own time."""
        if self.since is None:
            return self.left
        return self.left - seconds_between(self.since, at, self.limit.unit, work)

    def due(self, work: WorkCalendar) -> datetime | None:
        """When it ends; None while it stands."""
        return self.since and later(self.since, self.left, self.limit.unit, work)


@dataclass(frozen=True)
class Passed:
    """A stage that is over: when it began and ended, and when it should have; None without a limit."""

    stage: str
    started: datetime
    ended: datetime
    due: datetime | None

    @property
    def in_time(self) -> bool | None:
        return self.due and self.ended <= self.due


@dataclass(frozen=True)
class Taken:
    """What the clocks need to know of a step."""

    key: int
    act: str
    before: str
    after: str
    at: datetime
    undoes: int | None = None


@dataclass(frozen=True)
class Clocks:
    """How the clocks of a case stand after some of its steps."""

    state: str
    at: datetime
    case: Clock | None = None
    stage: Clock | None = None
    stage_since: datetime | None = None
    suspended_at: datetime | None = None
    passed: tuple[Passed, ...] = ()

    @property
    def stage_name(self) -> str | None:
        return STAGE_OF.get(self.state)


@dataclass
class Reading:
    """The rules a case is read by: its limits by stage, and the calendar."""

    limits: Mapping[str, Limit | None]
    work: WorkCalendar
    _before: dict[int, Clocks] = field(default_factory=dict)

    def read(self, clocks: Clocks, steps: Iterable[Taken]) -> Clocks:
        """The clocks after some more steps, the oldest first."""
        for step in steps:
            if step.act == Act.UNDO:
                # As if what is taken back had never been: the clocks it stopped have run all along.
                clocks = self._before.get(step.undoes, clocks)
                continue
            self._before[step.key] = clocks
            if step.before != step.after or step.act in _ANEW_STAGE:
                clocks = self._take(clocks, step)
        return clocks

    def _take(self, clocks: Clocks, step: Taken) -> Clocks:
        stage = STAGE_OF.get(step.after)
        begins = stage != clocks.stage_name or step.act in _ANEW_STAGE
        if begins:
            clocks = self._end_stage(clocks, step.at)
            limit = self.limits.get(stage) if stage else None
            clocks = replace(
                clocks, stage=Clock.start(limit, step.at, self.work), stage_since=stage and step.at
            )  # fmt: skip
        if step.act in _ANEW:
            clocks = replace(clocks, case=Clock.start(self.limits.get(Stage.DISPOSE), step.at, self.work))
        return self._stand(replace(clocks, state=step.after, at=step.at), step.at)

    def _end_stage(self, clocks: Clocks, at: datetime) -> Clocks:
        if clocks.stage_since is None or clocks.stage_name is None:
            return clocks
        due = clocks.stage and clocks.stage.go_on(at).due(self.work)
        over = Passed(clocks.stage_name, clocks.stage_since, at, due)
        return replace(clocks, stage=None, stage_since=None, passed=(*clocks.passed, over))

    def _stand(self, clocks: Clocks, at: datetime) -> Clocks:
        """Let the clocks run or stand as the state says."""
        suspended = clocks.state == State.SUSPENDED
        checked = clocks.state not in ENDED and STAGE_OF[clocks.state] == Stage.CHECK
        case, stage = clocks.case, clocks.stage
        if case:
            in_time = checked and case.left_at(at, self.work) >= 0
            case = case.stop(at, self.work) if suspended or in_time else case.go_on(at)
        if stage:
            stage = stage.stop(at, self.work) if suspended else stage.go_on(at)
        since = (clocks.suspended_at or at) if suspended else None
        return replace(clocks, case=case, stage=stage, suspended_at=since)
