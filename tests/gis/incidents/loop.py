"""The loop walked by the cast: a case brought to a state with one line."""

from datetime import datetime

from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.models import Category, Department, Incident, Step
from tests.gis.incidents.reported import report

#: Whom a case must pass until it is closed: who makes which move.
WAY = (
    ("zhou", "file"),
    ("zhou", "dispatch"),
    ("he", "take"),
    ("he", "dispose"),
    ("zhou", "check"),
    ("wang", "checked"),
    ("zhou", "close"),
)


def a_case(code: str = "C0301", **place) -> Incident:
    """A new report of a community category."""
    return report(category=Category.objects.get(kind="community", code=code), **place)


def go(cast, name: str, incident: Incident, act: str, note: str = "已看过", at: datetime | None = None, **wish) -> Step:
    """One move by a member of the cast. A dispatch goes to He's department where nothing else is said."""
    if act in ("dispatch", "redirect") and not wish:
        wish = {"departments": (civil().pk,)}
    user = cast[name]
    step = move(incident.number, Wish(act, note=note, **wish), user=user, access=user.access, at=at)
    incident.refresh_from_db()
    return step


def brought_to(cast, state: str, **place) -> Incident:
    """A case that has gone the usual way as far as a state."""
    incident = a_case(**place)
    for name, act in WAY:
        if incident.state == state:
            break
        go(cast, name, incident, act)
    assert incident.state == state
    return incident


def civil() -> Department:
    return Department.objects.get(code="civil")
