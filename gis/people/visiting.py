"""Recording a call at a door: the visits themselves, and every answer in the record that owns it, or nothing at all."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.people.answering import Answering
from gis.people.call import Call, written
from gis.people.household import Residence
from gis.people.life.at_doors import note_departure, withdraw_departure
from gis.people.locking import hold_homes
from gis.people.moving import move_back, move_out
from gis.people.visit import Visit, VisitWithdrawal
from gis.places.building import Dwelling
from gis.places.door_note import DoorNote, note
from gis.places.verification import record_answer

#: What is written down later than this was not a visit's record but a memory of one.
_OLDEST = timedelta(days=366)
#: What a room above adds to a call: more answers, held against what stands at that door.
Also = Callable[[Answering, Dwelling], None]
_AT_DOOR = {"met": "answered", "moved": "answered", "no_answer": "no_answer", "refused": "refused"}


@transaction.atomic
def record_call(
    call: Call, *, by: User, access: Access, at: datetime, number: uuid.UUID, also: Also | None = None
) -> list[Visit]:
    """Store a call at a door: a visit for each of the people called on, one without a person where none was named.

    `number` is that of the call, made where it was written down. Raises OutOfScope or NotAllowed where the door is not
    the caller's to visit, Refused for what cannot be, and Conflict, with how things stand now, where an answered field
    was changed to something else meanwhile or a person lives there no more; then nothing is stored. `also` holds what
    else was answered against what stands, in the same breath: the room above knows forms, this one does not.
    """
    at = _plausible(at)
    day = timezone.localdate(at)
    dwelling = Dwelling.objects.inside(access.which("area.read")).filter(pk=call.dwelling).first()
    if dwelling is None:
        raise OutOfScope(_("没有这一户。"), fix=_("请更新手机上的数据后再试。"))
    if not access.may("people.write", dwelling.area):
        raise NotAllowed(_("您的角色不能登记走访。"), fix=_("请由本网格的网格员登记。"))
    hold_homes([person.resident for person in call.people], access.which("people.write"), [dwelling.pk])
    stays = _stays_of(call, dwelling)
    answering = Answering(access, day, call.base)
    for person in call.people:
        if answering.stands(f"lives:{person.resident}", person.resident in stays, True):
            answering.take(person, stays[person.resident])
    if call.state and call.state != dwelling.state:
        answering.stands("state", dwelling.state, dwelling.state)
    _settle(answering, also, dwelling)
    if call.way == Visit.Way.DOOR:
        record_answer(dwelling, _AT_DOOR[call.outcome], by=by, at=at, state=call.state)
    if call.outcome == Visit.Outcome.MOVED:
        _move_out(list(stays.values()), day, by, at)
    return _store(call, dwelling, answering, by, at, number)


def _plausible(at: datetime) -> datetime:
    now = timezone.now()
    if now - at > _OLDEST:
        raise Refused(_("走访时间早于一年前。"), fix=_("请核对手机的时间后重新登记。"))
    return min(at, now)


def _stays_of(call: Call, dwelling: Dwelling) -> dict[int, Residence]:
    """The present stays of the people called on. The records stay as they are until this call is stored."""
    named = [person.resident for person in call.people]
    rows = Residence.objects.filter(resident__in=named, kind=Residence.Kind.LIVING, ends=None, dwelling=dwelling)
    held = rows.select_related("resident", "dwelling").select_for_update(of=("self", "resident")).order_by("resident")
    return {stay.resident_id: stay for stay in held}


def _settle(answering: Answering, also: Also | None, dwelling: Dwelling) -> None:
    if also:
        also(answering, dwelling)
    if answering.theirs:
        raise Conflict(
            _("别人已经更改了其中的内容。"),
            fix=_("请比较两边的内容，再决定保留哪一个。"),
            theirs=answering.theirs | {"base": answering.base | answering.current},
        )
    answering.write()


def _move_out(stays: list[Residence], day: date, by: User, at: datetime) -> None:
    for stay in stays:
        move_out(stay, max(day, stay.starts))
        note_departure(stay, by=by, at=at)
        note(stay.dwelling, DoorNote.What.MOVED_OUT, by=by, at=at)


def _store(call: Call, dwelling: Dwelling, answering: Answering, by: User, at: datetime, number) -> list[Visit]:
    gave = ["state"] if call.state else []
    rows = [
        Visit(
            call=number, resident_id=resident, dwelling=dwelling, at=at, day=timezone.localdate(at), by=by,
            way=call.way, outcome=call.outcome, found=call.found, note=call.note, area=dwelling.area,
            gave=gave + answering.gave(resident) if resident else gave,
        )
        for resident in ([person.resident for person in call.people] or [None])
    ]  # fmt: skip
    return Visit.objects.bulk_create(rows)


@transaction.atomic
def withdraw_call(number: uuid.UUID, *, by: User, access: Access, at: datetime, reason: str = "") -> int:
    """Say that a call did not happen so: how many visits that takes back. Withdrawn already: 0.

    People whom it had moved out live there again. Answers stay: they were corrections of records of their own.
    Raises OutOfScope for a call that is not there, NotAllowed where the role does not write.
    """
    visits = list(Visit.objects.inside(access.which("people.read")).filter(call=number).order_by("pk"))
    if not visits:
        raise OutOfScope(_("没有这次走访。"), fix=_("请更新手机上的数据后再试。"))
    if not all(access.may("people.write", visit.area) for visit in visits):
        raise NotAllowed(_("您的角色不能撤回走访。"), fix=_("请由本网格的网格员撤回。"))
    standing = [visit for visit in visits if not VisitWithdrawal.objects.filter(visit=visit).exists()]
    VisitWithdrawal.objects.bulk_create(
        VisitWithdrawal(visit=visit, at=min(at, timezone.now()), by=by, reason=written(reason)[:200], area=visit.area)
        for visit in standing
    )
    for visit in standing:
        if visit.outcome == Visit.Outcome.MOVED:
            _move_back(visit, by)
    return len(standing)


def _move_back(visit: Visit, by: User) -> None:
    """The person lives there again, unless they have moved in elsewhere meanwhile."""
    stays = Residence.objects.filter(resident=visit.resident_id, kind=Residence.Kind.LIVING)
    left = stays.filter(dwelling=visit.dwelling_id, ends__gte=visit.day).order_by("ends").last()
    if left and not stays.filter(ends=None).exists() and move_back(left):
        note(left.dwelling, DoorNote.What.MOVED_IN, by=by)
        withdraw_departure(left, by=by, at=timezone.now())
