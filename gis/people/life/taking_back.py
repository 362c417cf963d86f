"""Taking an event back: the records are as they were, and both the event and who took it back stay written."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.people.life.event import LifeEvent, LifeEventWithdrawal
from gis.people.life.ledger import undo
from gis.people.locking import hold_homes
from gis.people.merge import Merge
from gis.people.resident import Resident


@transaction.atomic
def take_back(pk: int, *, by: User, access: Access, at: datetime, reason: str = "") -> int:
    """Say that an event, and all of its act, did not happen so: how many rows that takes back; 0 where it was already.

    Raises OutOfScope for one that is not there, NotAllowed where the role does not write, Refused where something has
    happened since: what came later is taken back first.
    """
    event = LifeEvent.objects.inside(access.which("people.read")).filter(pk=pk).first()
    if event is None:
        raise OutOfScope(_("没有这项变动。"), fix=_("请更新手机上的数据后再试。"))
    told = LifeEvent.objects.filter(act=event.act).order_by("pk")
    doors = [key for key in told.values_list("dwelling", flat=True) if key]
    hold_homes(told.values_list("resident", flat=True), access.which("people.write"), doors)
    rows = list(told.select_for_update())
    if not all(access.may("people.write", row.area) for row in rows):
        raise NotAllowed(_("您的角色不能撤销这项变动。"), fix=_("请由本网格的网格员或社区撤销。"))
    if LifeEventWithdrawal.objects.filter(event__in=rows).exists():
        return 0
    people = _people(rows, access)
    _refuse_later(rows)
    for row in reversed(rows):
        undo(people[row.resident_id], row.changes, row.on)
    return write_withdrawals(rows, by=by, at=at, reason=reason)


def write_withdrawals(rows: list[LifeEvent], *, by: User, at: datetime, reason: str) -> int:
    told = {"by": by, "at": min(at, timezone.now()), "reason": reason[:100]}
    LifeEventWithdrawal.objects.bulk_create(LifeEventWithdrawal(event=row, area=row.area, **told) for row in rows)
    return len(rows)


def _people(rows: list[LifeEvent], access: Access) -> dict[int, Resident]:
    """The people of an act, locked. Raises Refused where a record is another office's by now."""
    keys = {row.resident_id for row in rows}
    within = access.which("people.write")
    found = Resident.objects.inside(within).filter(pk__in=keys).order_by("pk").select_for_update()
    people = {one.pk: one for one in found}
    if keys - people.keys():
        raise Refused(_("此人的档案已不在您的辖区，不能撤销。"), fix=_("如有错误，请联系上级主管。"))
    return people


def _refuse_later(rows: list[LifeEvent]) -> None:
    people, last = {row.resident_id for row in rows}, rows[-1].pk
    if LifeEvent.objects.standing().filter(resident__in=people, pk__gt=last).exists():
        raise Refused(_("后来又有变动，这一条已不能撤销。"), fix=_("请先撤销后面的变动。"))
    if Merge.objects.filter(kept__in=people, undone_at=None, at__gte=rows[-1].recorded_at).exists():
        raise Refused(_("后来合并过档案，这一条已不能撤销。"), fix=_("请先撤销合并。"))
