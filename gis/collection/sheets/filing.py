"""Filing a table: some rows at a time, each lot in one transaction with the account of it.

Killed anywhere, what is committed is whole, and the next run goes on with the rows that wait: nothing is written twice.
"""

import json
import logging
from dataclasses import dataclass, field

import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from gis.accounts.scope import applied
from gis.collection.field import Field
from gis.collection.sheets.faults import Fault
from gis.collection.sheets.newcomers import Newcomer, register
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict
from gis.collection.sheets.targets import Target, targets
from gis.collection.sheets.values import Values
from gis.people.resident import Resident
from gis.people.sealing import blind_indexes, open_seal

#: What a row may be refused with by the database, a COPY among them, or by our own reading of it.
_NOT_STORED = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, ValueError, TypeError, KeyError)
logger = logging.getLogger(__name__)
#: Rows of one lot.
LOT = 4_000


def file_lot(sheet: Sheet, most: int = LOT) -> int:
    """File the next rows that wait; how many. What is unsure goes to the queue with the first lot."""
    with applied(sheet.scope):
        waiting = SheetRow.objects.filter(sheet=sheet, outcome=Outcome.WAITS).order_by("row")
        waiting.filter(verdict=Verdict.REVIEW).update(outcome=Outcome.ASKED)
        rows = list(waiting.exclude(verdict=Verdict.REVIEW).select_for_update(skip_locked=True, of=("self",))[:most])
        if rows:
            _settle(sheet, rows)
    return len(rows)


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
        self.said = {row.pk: said_by(row) for row in self.rows}
        self._find_registered()
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
        numbers = {row.pk: blind_indexes(one) for row in new if (one := self.said[row.pk].get("identity"))}
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
        here = _pairs("SELECT id, area FROM grid_resident WHERE id = ANY(%s)", [row.resident_id for row in linked])
        for row in linked:
            if not self.sheet.scope.covers(here.get(row.resident_id)):
                row.resident_id = None
                self._stop(row, Fault("gone", ""))

    def _values(self, rows: list[SheetRow], made: set[int]) -> Values:
        homes = self._households(rows)
        values = Values(self.sheet)
        for row in rows:
            for code, value in self.said[row.pk].items():
                of = self.targets[code].field if code in self.targets else None
                if of is None or not value:
                    continue
                key = self._key(of, row, homes)
                if key:
                    values.add(of, row.pk, key, value, fresh=row.pk in made)
                elif of.subject == Field.Subject.HOUSEHOLD:
                    self._blame(row.pk, "no_household", code)
        return values

    def _key(self, of: Field, row: SheetRow, homes: dict[int, int]) -> int | None:
        if of.subject == Field.Subject.PERSON:
            return row.resident_id
        return homes.get(row.resident_id or 0) if of.subject == Field.Subject.HOUSEHOLD else row.dwelling

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
        now = timezone.now()
        columns = [
            [row.pk for row in self.rows], [row.verdict for row in self.rows], [row.outcome for row in self.rows],
            [row.resident_id for row in self.rows], [row.facts for row in self.rows],
            [row.corrections for row in self.rows], [json.dumps(row.faults) for row in self.rows],
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_END, [now, *columns])


_HOUSEHOLDS = """
SELECT resident_id, household_id FROM grid_residence
WHERE resident_id = ANY(%s) AND kind = 'living' AND ends IS NULL AND household_id IS NOT NULL
"""


def _pairs(sql: str, keys: list[int]) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys])
        return dict(cursor.fetchall())


_END = """
UPDATE grid_sheetrow r SET verdict = v.verdict, outcome = v.outcome, resident_id = v.resident, facts = v.facts,
  corrections = v.corrections, faults = v.faults::jsonb, sealed = NULL, candidates = '[]', settled_at = v.now
FROM (SELECT *, %s::timestamptz AS now FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::int[],
  %s::int[], %s::text[]) AS u(id, verdict, outcome, resident, facts, corrections, faults)) v
WHERE r.id = v.id
"""


def said_by(row: SheetRow) -> dict[str, str]:
    """What a row says by code of the field; nothing once it is settled."""
    return json.loads(open_seal(row.sealed))[0] if row.sealed else {}


def told_by(row: SheetRow) -> dict[str, str]:
    """What a row tells of who it is, as it stood: a covered number, a part of a birth, the address."""
    return json.loads(open_seal(row.sealed))[1] if row.sealed else {}
