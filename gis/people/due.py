"""Whom to visit, and when: read from `VisitDue`, which triggers keep (`due.sql` says by which rule).

The intervals are those of the code table `service_need` (column `default_visit_interval_days`), which administrators
change. A call that nobody answered does not move the day on which a person is due; it only puts off the next try.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.db import connection, transaction

from gis.accounts.scope import Access, Scope
from gis.people.masking import shown_where
from gis.people.need import Need
from gis.people.visit import VisitDue

#: How far a worker's list looks ahead: what may be done along the way.
AHEAD = timedelta(days=7)
#: After a call in vain the next try is made on the day after the next: the same person is out at the same hour on two
#: days running more often than not, and of the shortest interval (7 days) three tries remain. [proposal] of ours.
RETRY_AFTER = timedelta(days=2)


class Urgency(StrEnum):
    """How a visit stands on a day."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"


def try_on(due_on: date, tried_on: date | None) -> date:
    """The day on which to call: the day due, or, after a call in vain, the next try."""
    return max(due_on, tried_on + RETRY_AFTER) if tried_on else due_on


def urgency(due_on: date, tried_on: date | None, today: date) -> Urgency:
    """Late is who was due before today and may be called on today."""
    if try_on(due_on, tried_on) > today:
        return Urgency.WEEK
    return Urgency.LATE if due_on < today else Urgency.TODAY


@dataclass(frozen=True)
class Owed:
    """A person who is due: `next_on` is the day to call, `tags` are the needs it is for."""

    resident: int
    dwelling: int
    area: str
    due_on: date
    met_on: date | None
    tried_on: date | None
    next_on: date
    urgency: Urgency
    tags: list[str] = field(default_factory=list)


def where_named(access: Access) -> Scope:
    """Where the reader is told who needs a visit: where residents are read and their needs seen one by one."""
    held = access.which("people.read")
    return Scope.of(part for code in shown_where(access, "needs", "full").areas for part in held.within(code).areas)


def find_owed(scope: Scope, today: date, ahead: timedelta = AHEAD) -> list[Owed]:
    """The people of an area who are due by `today + ahead`, the longest due first."""
    rows = VisitDue.objects.inside(scope).filter(since__lte=today, until__gt=today, due_on__lte=today + ahead)
    owed = [_owed(row, today) for row in rows.order_by("due_on", "resident_id")]
    return _with_tags(owed, today)


def _owed(row: VisitDue, today: date) -> Owed:
    return Owed(
        row.resident_id, row.dwelling_id, row.area, row.due_on, row.met_on, row.tried_on,
        try_on(row.due_on, row.tried_on), urgency(row.due_on, row.tried_on, today),
    )  # fmt: skip


def _with_tags(owed: list[Owed], today: date) -> list[Owed]:
    tags = tags_in_force([one.resident for one in owed], today)
    for one in owed:
        one.tags.extend(tags[one.resident])
    return owed


def tags_in_force(residents: Iterable[int], today: date) -> dict[int, list[str]]:
    """The tags of the needs in force on a day, by resident."""
    found: dict[int, list[str]] = defaultdict(list)
    needs = Need.objects.filter(resident__in=list(residents), starts__lte=today).exclude(ends__lte=today)
    for resident, tag in needs.order_by("tag").values_list("resident", "tag"):
        found[resident].append(tag)
    return found


def next_due(residents: Iterable[int], access: Access, today: date) -> dict[int, Owed]:
    """When each of some people is to be visited next, of those whose needs the reader sees."""
    rows = VisitDue.objects.inside(where_named(access)).filter(
        resident__in=list(residents), since__lte=today, until__gt=today
    )
    return {row.resident_id: _owed(row, today) for row in rows}


_COLUMNS = "resident_id, dwelling_id, area, since, until, due_on, met_on, tried_on"
_BEFORE = f"CREATE TEMP TABLE due_before ON COMMIT DROP AS SELECT {_COLUMNS} FROM grid_visitdue"  # noqa: S608 - ours
_KEEP = "SELECT grid_keep_due(ARRAY(SELECT resident_id FROM grid_need UNION SELECT resident_id FROM grid_visitdue))"
_CHANGED = f"""
SELECT count(DISTINCT resident_id) FROM (
  (TABLE due_before EXCEPT SELECT {_COLUMNS} FROM grid_visitdue) UNION ALL
  (SELECT {_COLUMNS} FROM grid_visitdue EXCEPT TABLE due_before)) different
"""  # noqa: S608 - ours


def recount_due(*, mend: bool = True) -> int:
    """Work out again when everybody is due: of how many people it was kept wrongly. Without `mend` nothing changes.

    Stretches of days that are over may be dropped on the way and count. Writers of people wait until it is done.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (_BEFORE, _KEEP, _CHANGED):
            cursor.execute(statement)
        [different] = cursor.fetchone()
        cursor.execute("DROP TABLE due_before")
        if not mend:
            transaction.set_rollback(True)
    return different
