"""Taking a step: appended, and the case brought to where it leads. Whether it may be taken was judged before."""

from datetime import datetime, timedelta

from django.utils import timezone

from gis.accounts.users import User
from gis.incidents.clock import set_clock
from gis.incidents.decisions import Wish, decide
from gis.incidents.incident import Asked, Incident, State
from gis.incidents.step import Act, Step
from gis.incidents.workflow import Move, moves

#: Fields of an incident that a move may change beside the state; `was` keeps them in the step, for taking it back.
FIELDS = (
    "department_id", "level", "asked", "due_at", "stage_due_at", "suspended_at", "merged_into_id", "closed_at",
)  # fmt: skip


#: A step that was on its way for longer says when it came.
_A_WHILE = timedelta(minutes=10)


def move_by_rule(incident: Incident, wish: Wish, rule_facts: dict, at: datetime | None = None) -> Step:
    """Make a move that no person makes but a rule: within the transaction of the step that brought it about.

    `rule_facts` goes into the step, to say why. `incident` is locked and current.
    """
    return take(incident, moves()[wish.act], wish, user=None, at=at, more=rule_facts)


def take(
    incident: Incident, chosen: Move, wish: Wish, *, user: User | None, at: datetime | None, more: dict | None = None
) -> Step:
    """Append the step and bring the incident to where it leads. Nothing is judged any more."""
    said = (more or {}) | _received(at)
    at = max(at or timezone.now(), _last(incident))
    before, was = incident.state, _fields_of(incident)
    if chosen.target:
        incident.state = chosen.target
    incident.revision += 1
    step = Step(
        incident=incident, at=at, before=before, after=incident.state, actor=user, act=chosen.act,
        note=wish.note, revision=incident.revision,
        is_public=chosen.act == Act.ANSWER, facts=wish.facts | said | {"was": was},
    )  # fmt: skip
    _settle(incident, chosen.act, at)
    step.department_id = wish.departments[0] if wish.departments else None
    step.save()
    decide(incident, step, wish)
    set_clock(incident, chosen.act, at)
    incident.save(update_fields=["state", "revision", *FIELDS])
    return step


def _received(at: datetime | None) -> dict:
    """When a step came that was written elsewhere a while before: its time was not ours to take, and that is seen."""
    now = timezone.now()
    return {"received": now.isoformat()} if at and now - at > _A_WHILE else {}


def _fields_of(incident: Incident) -> dict:
    values = {name: getattr(incident, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _last(incident: Incident) -> datetime:
    """No step is older than the one before it: what waited on a phone came later than it was written."""
    last = incident.steps.order_by("-at").values_list("at", flat=True).first()
    return last or incident.reported_at


def _settle(incident: Incident, act: str, at: datetime) -> None:
    """What a move changes beside the state and the assignments."""
    incident.asked = _ASKS.get(act, incident.asked if incident.state in _STILL_ASKED else Asked.NOTHING)
    if incident.state == State.CLOSED:
        incident.closed_at = incident.closed_at or at
    else:
        incident.closed_at = None


_ASKS = {
    Act.VERIFY: Asked.LOOK,
    Act.CHECK: Asked.LOOK,
    Act.ASK_SUSPEND: Asked.SUSPEND,
    Act.CONFIRM: Asked.NOTHING,
    Act.CHECKED: Asked.NOTHING,
    Act.KEEP_ON: Asked.NOTHING,
    Act.SUSPEND: Asked.NOTHING,
}
#: A question stays open as long as its state does.
_STILL_ASKED = (State.VERIFYING, State.CHECKING, State.IN_PROGRESS)
