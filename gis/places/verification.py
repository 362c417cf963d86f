"""Whether a door has been verified, and the act of trying it.

A door is verified when somebody there confirmed it, or when whoever stood before it found it empty: an empty home
has nobody to answer. That holds for `VERIFIED_FOR`; afterwards it is to be done again, and its date is still shown.
A try in vain takes no verification away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.accounts.users import User
from gis.errors import Conflict, Refused
from gis.places.building import Dwelling
from gis.places.door_note import DoorNote, note

#: How long a verification holds. `[proposal]` of ours: the standards name no period.
VERIFIED_FOR = timedelta(days=365)
_State, _Answer = Dwelling.State, Dwelling.Answer
#: States a person finds at a door; `gone` is an act of its own (gis.places.doors).
FOUND = (_State.OCCUPIED, _State.RENTED, _State.EMPTY, _State.UNKNOWN)


class Standing(models.TextChoices):
    """What is known of a door today, computed from its dates (`standing`)."""

    VERIFIED = "verified", gettext_lazy("已核实")
    NO_ANSWER = "no_answer", gettext_lazy("无人应答")
    REFUSED = "refused", gettext_lazy("拒绝登记")
    UNVERIFIED = "unverified", gettext_lazy("未核实")


def standing(dwelling: Dwelling, today: date | None = None) -> Standing:
    """How a door stands on a day: a verification that still holds, else the last try, else unverified."""
    today = today or timezone.localdate()
    if dwelling.verified_on and today - dwelling.verified_on < VERIFIED_FOR:
        return Standing.VERIFIED
    tried_since = dwelling.tried_on and (not dwelling.verified_on or dwelling.tried_on > dwelling.verified_on)
    if tried_since and dwelling.answer in (_Answer.NO_ANSWER, _Answer.REFUSED):
        return Standing(dwelling.answer)
    return Standing.UNVERIFIED


@dataclass(frozen=True)
class Completeness:
    """How far the doors of a building or a unit are verified; doors that are gone count nowhere."""

    total: int
    verified: int
    no_answer: int
    refused: int

    @classmethod
    def of(cls, doors: Iterable[Dwelling], today: date | None = None) -> "Completeness":
        stands = [standing(door, today) for door in doors if door.state != _State.GONE]
        counts = (stands.count(one) for one in (Standing.VERIFIED, Standing.NO_ANSWER, Standing.REFUSED))
        return cls(len(stands), *counts)


@transaction.atomic
def record_answer(
    dwelling: Dwelling, answer: str, *, by: User, at: datetime, state: str = "", was: str | None = None
) -> Dwelling:
    """Record that a door was tried: who answered, and the state that was found ("" leaves the state).

    `was` is the state the worker knew: where someone else has changed it meanwhile to a third one, Conflict holds
    theirs, and nothing is written. What was written down earlier than the latest try, and arrives after it, is kept as
    history; of today it changes the state only, and only where the worker knew that. Raises Refused for an answer or a
    state that is none.
    """
    _must_be(answer, _Answer.values, "answer")
    _must_be(state, ("", *FOUND), "state")
    door = Dwelling.objects.select_for_update().get(pk=dwelling.pk)
    if door.state == _State.GONE:
        raise Refused(_("这一户已拆除或合并。"), fix=_("请先恢复这一户，再登记走访。"))
    at = min(at, timezone.now())
    late = DoorNote.objects.filter(dwelling=door.pk, what__in=_Answer.values, at__gt=at).exists()
    before = door.state
    _refuse_overwriting(door, state, was)
    if not late:
        _apply(door, answer, state, timezone.localdate(at))
    elif state and was is not None:
        door.state = state
        door.save(update_fields=["state"])
    note(door, answer, by=by, at=at, before=before if state else "", after=state)
    return door


def _apply(door: Dwelling, answer: str, state: str, day: date) -> None:
    door.state = state or door.state
    door.tried_on, door.answer = day, answer
    if answer == _Answer.ANSWERED or state == _State.EMPTY:
        door.verified_on = day
    door.save(update_fields=["state", "tried_on", "answer", "verified_on"])


def _refuse_overwriting(door: Dwelling, state: str, was: str | None) -> None:
    if state and was is not None and door.state not in (was, state):
        raise Conflict(
            _("别人已经更改了这一户的居住状态。"),
            fix=_("请比较两边的内容，再决定保留哪一个。"),
            theirs={"state": door.state, "answer": door.answer, "tried_on": _written(door.tried_on)},
        )


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def _must_be(value: str, allowed, field: str) -> None:
    if value not in allowed:
        raise Refused(_("无法识别填写的内容。"), fix=_("请重新选择。"), fields={field: _("请重新选择。")})
