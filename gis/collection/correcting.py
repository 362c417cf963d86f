"""Corrections answered by the department that owns the field: accepted into the record, or refused with a reason.

Either answer leaves a fact of the owner's, dated so that it is what counts from then on: the value that was said, or
the one that stood and is confirmed. What stood is a fact too from then on, even where a column held it and nobody was
on record to have said it: nothing is overwritten without a trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.collection.correction import Correction, CorrectionNotice
from gis.collection.fact import Fact
from gis.collection.settling import checked_value, write_column
from gis.collection.standing import Standing, kept_in, standing_of, stored_value
from gis.errors import NotAllowed, Refused
from gis.people.locking import hold_doors, hold_people

_State = Correction.State
#: How a fact says where it came from, of each way in which a correction can come.
_SOURCES = {
    Correction.Source.VISIT: Fact.Source.VISIT,
    Correction.Source.DOOR: Fact.Source.DOOR,
    Correction.Source.FILE: Fact.Source.FILE,
    Correction.Source.PAGE: Fact.Source.RECORD,
    Correction.Source.PERSON: Fact.Source.RECORD,
}
#: Answered at once.
MOST = 200


@dataclass
class Answered:
    """What became of those chosen. `late` were answered by somebody else meanwhile; `faulty` cannot be written."""

    done: int = 0
    late: int = 0
    faulty: list[tuple[Correction, Refused]] = field(default_factory=list)


def to_answer(user: User, access: Access):
    """The corrections, open and answered, that are for the user's department, where they work. Raises NotAllowed."""
    scope = access.which("correction.decide")
    if not scope or user.department_id is None:
        raise NotAllowed(_("更正由字段的主管部门核实。"), fix=_("需要时请联系管理员，在账号里填写部门。"))
    return Correction.objects.inside(scope).owned(user)


def accept(uuids: Sequence[UUID], *, by: User, access: Access) -> Answered:
    """Write what was said into the record. What cannot be written stays open; the others are not held up by it."""
    answered = Answered()
    for uuid in uuids[:MOST]:
        with transaction.atomic():
            one = _taken(uuid, by, access)
            if one is None:
                answered.late += 1
                continue
            try:
                with transaction.atomic():
                    answered.done += _accept(one, by, access)
            except Refused as refused:
                answered.faulty.append((one, refused))
    return answered


def refuse(uuids: Sequence[UUID], reason: str, *, by: User, access: Access) -> Answered:
    """Leave the record as it is, and say why. Raises Refused without a reason."""
    if not reason:
        raise Refused(_("请写明理由。"), fix=_("提出的人会看到它。"), fields={"reason": _("请写明理由。")})
    answered = Answered()
    for uuid in uuids[:MOST]:
        with transaction.atomic():
            one = _taken(uuid, by, access)
            if one is None:
                answered.late += 1
                continue
            stands = _stands(one)
            held = _held(one, stands)
            if not stands.is_empty:
                _say(one, stands.plain(), Fact.Source.RECORD, timezone.localdate(), by)
            _close(one, _State.REFUSED, held, by, reason)
            answered.done += 1
    return answered


def _taken(uuid: UUID, by: User, access: Access) -> Correction | None:
    """The correction, locked, while it is open. Who may not answer it learns no more than that it is not open.

    Whom it is about is locked first, then all that is said of the same, by their keys: two officers who answer the same
    at once come one after the other.
    """
    mine = to_answer(by, access).filter(uuid=uuid, state=_State.OPEN)
    seen = mine.first()
    if seen is None:
        return None
    hold_doors([seen.dwelling_id] if seen.dwelling_id else [])
    hold_people([seen.resident_id] if seen.resident_id else [])
    same = to_answer(by, access).open().filter(field=seen.field_id, **_subject(seen)).order_by("pk")
    held = same.select_for_update(of=("self",)).select_related("field")
    return next((one for one in held if one.uuid == seen.uuid), None)


def _stands(one: Correction) -> Standing:
    _column, key = one.subject
    return standing_of(one.field, [key], timezone.localdate())[key]


def _accept(one: Correction, by: User, access: Access) -> int:
    """One and whatever else says the same; how many that answers."""
    (_column, key), now = one.subject, timezone.now()
    today = timezone.localdate(now)
    value = checked_value(one.field, kept_in(one).plain())
    stands = _stands(one)
    held = _held(one, stands)
    within = access.which("correction.decide")
    write_column(one.field, key, value, by=by, at=now, day=today, within=within)
    _say(one, value, _SOURCES[Correction.Source(one.source)], _day(one, today), by)
    same = to_answer(by, access).open().filter(field=one.field, value=one.value, **_subject(one))
    # By who asked, which is the order in which their notices are locked.
    for other in same.select_related("field").order_by("by", "pk"):
        if kept_in(other).says(value):
            _close(other, _State.ACCEPTED, held, by, "")
    return 1


def _subject(one: Correction) -> dict:
    column, key = one.subject
    return {f"{column}_id": key}


def _held(one: Correction, stands: Standing) -> Fact | None:
    """What stood, as a fact: the one there is, or one made of what a column held and nobody had said."""
    if stands.is_empty or stands.fact is not None:
        return stands.fact
    return Fact.objects.create(
        field=one.field, **_subject(one), **stored_value(one.field, stands.plain()), source=Fact.Source.RECORD,
        said_on=_recorded_on(one),
    )  # fmt: skip


def _recorded_on(one: Correction) -> date:
    """When what a column held was written, as far as anybody knows: with the record, and before it was doubted."""
    subject = one.resident or one.dwelling
    written = getattr(subject, "updated_at", None)
    known = timezone.localdate(written) if written else getattr(subject, "verified_on", None)
    return min(known or one.said_on, one.said_on)


def _day(one: Correction, today: date) -> date:
    """The day it was said, or later where the owner has said something since: the answer overrules that."""
    last = Fact.objects.filter(field=one.field, department=one.field.owner_id, **_subject(one)).standing(today)
    newest = last.order_by("-said_on").values_list("said_on", flat=True).first()
    return min(max(one.said_on, newest or one.said_on), today)


def _say(one: Correction, value: str, source: Fact.Source, day: date, by: User) -> None:
    Fact.objects.create(
        field=one.field, **_subject(one), **stored_value(one.field, value), source=source,
        department_id=one.field.owner_id, origin=str(one.uuid), said_on=day, by=by,
    )  # fmt: skip


def _close(one: Correction, state: Correction.State, held: Fact | None, by: User, reason: str) -> None:
    one.state, one.held, one.decided_by, one.decided_at, one.reason = state, held, by, timezone.now(), reason
    one.save(update_fields=["state", "held", "decided_by", "decided_at", "reason"])
    if one.by_id is not None and one.by_id != by.pk:
        _tell(one)


def _tell(one: Correction) -> None:
    kind = "accepted" if one.state == _State.ACCEPTED else "refused"
    notice, _made = CorrectionNotice.objects.get_or_create(user_id=one.by_id, field=one.field, read_at=None)
    CorrectionNotice.objects.filter(pk=notice.pk).update(**{kind: F(kind) + 1}, at=timezone.now())
