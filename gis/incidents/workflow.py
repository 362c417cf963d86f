"""The closed loop as a table (`workflow.csv`), and the two questions asked of it: what may I do, and where am I due?

A row is a move: in which states it may be made and where it leads ("=" stays), who may (a capability of `roles.csv`
at the desk that has the case, in its area, or for whom it is a task; "reporter": whoever reported it), what it needs,
what must be asked for at that moment ("none": nothing may be), and which acts bar somebody from it: whoever disposed of
a case neither checks nor closes it. `expected`: the case waits for this move ("unasked": unless it waits for something
else first). `undo`: it can be taken back.
"""

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.incidents.assignment import Assignment, in_hand
from gis.incidents.incident import Asked, Incident, Level, State
from gis.incidents.step import Act, Step

_TABLE = Path(__file__).with_name("workflow.csv")
#: Whom a move is for that nobody with an account makes.
REPORTER = "reporter"
#: What may stand in the column `asked`, beside the values of `Asked`.
_NOTHING = "none"


@dataclass(frozen=True)
class Move:
    """A row of the table. `target` is None where the state stays. `who`: pairs of capability and where it is held."""

    act: str
    sources: frozenset[str]
    target: str | None
    who: tuple[tuple[str, str], ...]
    needs: frozenset[str]
    asked: str
    not_by: tuple[str, ...]
    expected: str
    can_undo: bool

    @property
    def name(self) -> str:
        return str(Act(self.act).label)

    @property
    def by_reporter(self) -> bool:
        return self.who == ((REPORTER, ""),)


@cache
def moves() -> dict[str, Move]:
    """Every move by its act, in the order of the table."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["act"]: _move(row) for row in csv.DictReader(lines)}


def _move(row: dict[str, str]) -> Move:
    sources = State.values if row["from"] == "*" else row["from"].split()
    return Move(
        act=str(Act(row["act"])),
        sources=frozenset(State(name) for name in sources),
        target=None if row["to"] == "=" else str(State(row["to"])),
        who=tuple(tuple(one.partition("@")[::2]) for one in row["who"].split()),
        needs=frozenset(row["needs"].split()),
        asked=row["asked"],
        not_by=tuple(row["not_by"].split()),
        expected=row["expected"],
        can_undo=row["undo"] == "yes",
    )


@dataclass(frozen=True)
class Stand:
    """A case before somebody: what is asked about it, looked up once."""

    incident: Incident
    user: User
    access: Access

    @cached_property
    def tasks(self) -> list[Assignment]:
        """Their part of it that is not done."""
        held = self.incident.assignments.filter(ended=None, done=None)
        return [one for one in held if one.is_of(self.user, self.access)]

    @cached_property
    def did(self) -> frozenset[str]:
        """What they have done with it so far, without what was taken back."""
        steps = self.incident.steps.filter(actor=self.user, undone_by=None)
        return frozenset(steps.values_list("act", flat=True))

    def holds(self, capability: str, where: str) -> bool:
        if capability == REPORTER:
            return False
        area, may = self.incident.area, self.access.may
        if where == "task":
            return may("incident.read", area) and self.access.may_anywhere(capability) and bool(self.tasks)
        return may(capability, area[: self.incident.level] if where == "desk" else area)


def allowed(incident: Incident, user: User, access: Access) -> list[Move]:
    """The moves somebody may make now, in the order of the table."""
    stand = Stand(incident, user, access)
    return [move for move in moves().values() if not why_not(move, stand)]


def why_not(move: Move, stand: Stand) -> str:
    """The reason why somebody may not make a move now; empty where they may."""
    incident = stand.incident
    if incident.state not in move.sources:
        return _("“%(state)s”的事件不能“%(move)s”。") % {"state": incident.get_state_display(), "move": move.name}
    if move.asked == _NOTHING and incident.asked == Asked.SUSPEND:
        return _("先等挂起申请有了结果。")
    if move.asked not in ("", _NOTHING, incident.asked):
        return _("没有人申请，不用“%(move)s”。") % {"move": move.name}
    if not any(stand.holds(*one) for one in move.who):
        return _("您的角色不能对这件事“%(move)s”。") % {"move": move.name}
    if stand.did & set(move.not_by):
        return _("处置过这件事的人不能核查或结案，请由别人来办。")
    return _of_the_act(move.act, stand)


def _of_the_act(act: str, stand: Stand) -> str:
    """What no column can say."""
    if act == Act.ESCALATE and stand.incident.level == Level.DISTRICT:
        return _("已经是最高一级。")
    if act == Act.HAND_DOWN and stand.incident.level == Level.COMMUNITY:
        return _("已经在社区。")
    if act in (Act.DISPOSE, Act.RETURN) and not any(task.lead for task in stand.tasks):
        return _("由牵头的一方来办；协办的请用“协办完成”。")
    if act == Act.PART_DONE and all(task.lead for task in stand.tasks):
        return _("您是牵头的一方，请用“处置反馈”。")
    return ""


#: Where a move is made on the spot; and all places where one is.
ON_FOOT = ("area", "task")
ANYWHERE = ("desk", *ON_FOOT)


def waiting(user: User, access: Access, places: tuple[str, ...] = ANYWHERE) -> Q:
    """The cases whose next move is somebody's, as a condition for incidents: `allowed`, of the moves expected next.

    `places`: only moves they may make there (the part of `who` after the @).
    """
    found = Q(pk__in=[])
    for move in expected_moves():
        found |= waiting_for(move, user, access, places)
    return found


def expected_moves() -> list[Move]:
    """The moves that cases wait for, in the order of the table."""
    return [move for move in moves().values() if move.expected and not move.by_reporter]


def waiting_for(move: Move, user: User, access: Access, places: tuple[str, ...] = ANYWHERE) -> Q:
    """The cases that wait for one of the expected moves, and for somebody to make it."""
    return _expects(move) & _open_to(move, user, access, places)


def _expects(move: Move) -> Q:
    condition = Q(state__in=move.sources)
    if move.expected == "unasked" or move.asked == _NOTHING:
        return condition & Q(asked=Asked.NOTHING)
    return condition & Q(asked=move.asked) if move.asked else condition


def _open_to(move: Move, user: User, access: Access, places: tuple[str, ...]) -> Q:
    who = Q(pk__in=[])
    for capability, where in move.who:
        if where in places:
            who |= _held(access, capability, where, user)
    if move.not_by:
        done = Step.objects.filter(incident=OuterRef("pk"), actor=user, act__in=move.not_by, undone_by=None)
        who &= ~Q(Exists(done))
    return who


def _held(access: Access, capability: str, where: str, user: User) -> Q:
    scope = access.which(capability)
    if where == "desk":
        return on_desks(scope)
    if where == "area":
        return scope.q()
    return access.which("incident.read").q() & Q(in_hand(user, access)) if scope else Q(pk__in=[])


def on_desks(scope: Scope) -> Q:
    """The cases that lie on a desk inside a scope: its area covers theirs, and they have not gone above it."""
    found = Q(pk__in=[])
    for code in scope.areas:
        found |= Scope((code,)).q() & Q(level__gte=len(code))
    return found
