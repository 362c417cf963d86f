"""Filing a table: some rows at a time, each lot in one transaction with the account of it.

Killed anywhere, what is committed is whole, and the next run goes on with the rows that wait: nothing is written twice.
"""

import json
import logging
from dataclasses import dataclass, field

import pandas as pd
import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from gis.accounts.scope import applied
from gis.collection.field import Field
from gis.collection.sheets.faults import Fault
from gis.collection.sheets.newcomers import Newcomer, register, take_in_sent
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict
from gis.collection.sheets.storing import on_the_way
from gis.collection.sheets.targets import Target, targets
from gis.collection.sheets.values import Values
from gis.people.resident import Resident
from gis.people.sealing import indexes_all, open_all, open_seal

#: What a row may be refused with by the database, a COPY among them, or by our own reading of it.
_NOT_STORED = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, ValueError, TypeError, KeyError)
logger = logging.getLogger(__name__)
#: Rows of one lot.
LOT = 4_000


def file_lot(sheet: Sheet, most: int = LOT) -> int:
    """File the next rows that wait; how many. What is unsure goes to the queue with the first lot."""
    with applied(sheet.scope):
        _look_up_by_keys()
        waiting = SheetRow.objects.filter(sheet=sheet, outcome=Outcome.WAITS).order_by("row")
        waiting.filter(verdict=Verdict.REVIEW).update(outcome=Outcome.ASKED)
        rows = list(waiting.exclude(verdict=Verdict.REVIEW).select_for_update(skip_locked=True, of=("self",))[:most])
        if rows:
            _settle(sheet, rows)
    return len(rows)


def _look_up_by_keys() -> None:
    """Till the transaction ends: everything is asked for by its key, and what the planner knows of tables that grow by
    this very filing is out of date, so that it would read them from end to end, the longer the further it is."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _settle(sheet: Sheet, rows: list[SheetRow]) -> None:
    """Settle rows together; where one of them cannot be stored, find it by halves and let the others in."""
    try:
        with transaction.atomic():
            Lot(sheet, rows).settle()
    except _NOT_STORED as error:
        again = list(SheetRow.objects.filter(pk__in=[row.pk for row in rows]).order_by("row"))
        if len(again) == 1:
            # Its words may hold what a row says: only its kind is logged.
            logger.error(
                "a row could not be stored: %s in sheet %s row %s", type(error).__name__, sheet.pk, again[0].row
            )
            _leave_out(again[0])
            return
        half = len(again) // 2
        _settle(sheet, again[:half])
        _settle(sheet, again[half:])


def _leave_out(row: SheetRow) -> None:
    told = [*row.faults, Fault("broken").as_json()]
    SheetRow.objects.filter(pk=row.pk).update(
        verdict=Verdict.FAULT, outcome=Outcome.FAULT, faults=told, sealed=None, candidates=[], settled_at=timezone.now()
    )


@dataclass
class Lot:
    """Some rows that are settled together, in the caller's transaction and scope."""

    sheet: Sheet
    rows: list[SheetRow]
    targets: dict[str, Target] = field(default_factory=targets)

    def settle(self) -> None:
        """Do with the rows what there is to do; each then says what it brought, and is sealed no longer."""
        self.by_key = {row.pk: row for row in self.rows}
        self.said = {row.pk: said for row, said in zip(self.rows, said_by_all(self.rows), strict=True)}
        _pairs(_HELD_DOORS, [row.dwelling for row in self.rows if row.dwelling])
        self._find_registered()
        self._take_in_sent()
        made = self._make_new()
        self._leave_out_gone()
        open_rows = [row for row in self.rows if row.verdict != Verdict.FAULT]
        values = self._values(open_rows, made)
        values.write()
        for row, code in values.twice:
            self._blame(row, "home_twice", code)
        for row in open_rows:
            row.facts, row.corrections = values.facts[row.pk], values.asked[row.pk]
            changed = row.facts or row.corrections
            row.outcome = Outcome.MADE if row.pk in made else Outcome.CHANGED if changed else Outcome.SAME
        self._end()

    def _find_registered(self) -> None:
        """Somebody may have been registered since the table was checked; of one name and number, it is they."""
        new = [row for row in self.rows if row.verdict == Verdict.NEW]
        told = [row for row in new if self.said[row.pk].get("identity")]
        indexes = indexes_all([self.said[row.pk]["identity"] for row in told])
        numbers = {row.pk: some for row, *some in zip(told, *indexes, strict=True)}
        if not numbers:
            return
        people = Resident.objects.inside(self.sheet.scope).filter(
            identity_index__in={one for some in numbers.values() for one in some}
        )
        known = {bytes(index): (key, name) for key, index, name in people.values_list("pk", "identity_index", "name")}
        for row in new:
            key, name = next((known[one] for one in numbers.get(row.pk, ()) if one in known), (0, ""))
            if key and name == self.said[row.pk].get("name"):
                row.resident_id, row.verdict = key, Verdict.LINK
            elif key:
                self._stop(row, Fault("held", "name"))

    def _take_in_sent(self) -> None:
        """Whom another office has sent here is no newcomer: their record comes with them."""
        new = [row for row in self.rows if row.verdict == Verdict.NEW]
        people = [Newcomer(self.said[row.pk], row.dwelling or 0) for row in new]
        for place, key in take_in_sent(people, by=self.sheet.owner, day=self.sheet.as_of).items():
            new[place].resident_id, new[place].verdict = key, Verdict.LINK

    def _make_new(self) -> set[int]:
        """Keys of the rows of which somebody new was made."""
        new = [row for row in self.rows if row.verdict == Verdict.NEW]
        people = [Newcomer(self.said[row.pk], row.dwelling or 0) for row in new]
        source = f"{self.sheet.department.code} {self.sheet.uuid}"
        keys = register(people, source=source, day=self.sheet.as_of) if people else []
        for row, key in zip(new, keys, strict=True):
            row.resident_id = key or None
            if not key:
                self._stop(row, Fault("no_home", "address"))
        return {row.pk for row in new if row.resident_id}

    def _leave_out_gone(self) -> None:
        """Whoever has left the ground since the table was checked is not there any more."""
        linked = [row for row in self.rows if row.verdict == Verdict.LINK and row.resident_id]
        here = _pairs(_HELD_PEOPLE, [row.resident_id for row in linked])
        for row in linked:
            if not self.sheet.scope.covers(here.get(row.resident_id)):
                row.resident_id = None
                self._stop(row, Fault("gone", ""))

    def _values(self, rows: list[SheetRow], made: set[int]) -> Values:
        homes, values = self._households(rows), Values(self.sheet)
        fields = {code: one.field for code, one in self.targets.items() if one.field is not None}
        for row in rows:
            key, fresh = row.pk, row.pk in made
            about = {
                Field.Subject.PERSON: row.resident_id, Field.Subject.DWELLING: row.dwelling,
                Field.Subject.HOUSEHOLD: homes.get(row.resident_id or 0),
            }  # fmt: skip
            for code, value in self.said[key].items():
                of = fields.get(code) if value else None
                if of is None:
                    continue
                if subject := about[of.subject]:
                    values.add(of, key, subject, value, fresh=fresh)
                elif of.subject == Field.Subject.HOUSEHOLD:
                    self._blame(key, "no_household", code)
        return values

    def _households(self, rows: list[SheetRow]) -> dict[int, int]:
        return _pairs(_HOUSEHOLDS, [row.resident_id for row in rows if row.resident_id])

    def _blame(self, key: int, code: str, of: str) -> None:
        row = self.by_key[key]
        row.faults = [*row.faults, Fault(code, of).as_json()]

    def _stop(self, row: SheetRow, fault: Fault) -> None:
        row.faults = [*row.faults, fault.as_json()]
        row.verdict, row.outcome = Verdict.FAULT, Outcome.FAULT

    def _end(self) -> None:
        """Write what became of the rows, in one statement."""
        columns = {
            "id": [row.pk for row in self.rows],
            "verdict": [row.verdict for row in self.rows],
            "outcome": [row.outcome for row in self.rows],
            "resident_id": pd.array([row.resident_id for row in self.rows], dtype="Int64"),
            "facts": [row.facts for row in self.rows],
            "corrections": [row.corrections for row in self.rows],
            "faults": [row.faults for row in self.rows],
        }
        with on_the_way(SheetRow, columns) as way, connection.cursor() as cursor:
            cursor.execute(_END.format(way=way), [timezone.now()])


#: In the order of `gis/people/locking.py`; of a person and a home nothing is written that others point at.
_HELD_DOORS = "SELECT id, area FROM grid_dwelling WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_HELD_PEOPLE = "SELECT id, area FROM grid_resident WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

_HOUSEHOLDS = """
SELECT resident_id, household_id FROM grid_residence
WHERE resident_id = ANY(%s) AND kind = 'living' AND ends IS NULL AND household_id IS NOT NULL
"""


def _pairs(sql: str, keys: list[int]) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys])
        return dict(cursor.fetchall())


_END = """
UPDATE grid_sheetrow r SET verdict = v.verdict, outcome = v.outcome, resident_id = v.resident_id, facts = v.facts,
  corrections = v.corrections, faults = v.faults, sealed = NULL, candidates = '[]', settled_at = %s
FROM {way} v WHERE r.id = v.id
"""


def said_by(row: SheetRow) -> dict[str, str]:
    """What a row says by code of the field; nothing once it is settled."""
    return json.loads(open_seal(row.sealed))[0] if row.sealed else {}


def said_by_all(rows: list[SheetRow]) -> list[dict[str, str]]:
    """`said_by` of many."""
    return [json.loads(text)[0] if text else {} for text in open_all(row.sealed for row in rows)]


def told_by(row: SheetRow) -> dict[str, str]:
    """What a row tells of who it is, as it stood: a covered number, a part of a birth, the address."""
    return json.loads(open_seal(row.sealed))[1] if row.sealed else {}
