"""Filing a table: some rows at a time, each lot in one transaction with the account of it.

Killed anywhere, what is committed is whole, and the next run goes on with the rows that wait: nothing is written twice.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd
import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from gis.accounts.scope import applied
from gis.collection.field import Field
from gis.collection.sheets.counting import count_one_by_one
from gis.collection.sheets.faults import Fault
from gis.collection.sheets.newcomers import Newcomer, register, take_in_sent
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict
from gis.collection.sheets.storing import on_the_way
from gis.collection.sheets.targets import Target, targets
from gis.collection.sheets.values import Said, Values
from gis.people.resident import Resident
from gis.people.sealing import indexes_all, open_all, open_seal

#: What a row may be refused with by the database, a COPY among them, or by our own reading of it.
_NOT_STORED = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, ValueError, TypeError, KeyError)
logger = logging.getLogger(__name__)
#: Rows of one lot.
LOT = 4_000
_OF_HOMES = {Field.Subject.DWELLING.value, Field.Subject.HOUSEHOLD.value}


def file_lot(sheet: Sheet, most: int = LOT) -> int:
    """File the next rows that nobody else files just now; how many. None: whoever files beside has the rest.

    Those of known people come first: of them little is counted, so several may file at once (`counting.py`).
    """
    with applied(sheet.scope):
        _look_up_by_keys()
        _refuse_at_once()
        for verdict in (Verdict.LINK, Verdict.NEW):
            if rows := _next_rows(sheet, verdict, most):
                _settle(sheet, rows)
                return len(rows)
        return 0


def is_filed(sheet: Sheet) -> bool:
    """Whether no row waits any more: not with somebody who files it just now, nor with one who was killed at it."""
    with applied(sheet.scope):
        waiting = SheetRow.objects.filter(sheet=sheet, outcome=Outcome.WAITS)
        waiting.filter(verdict=Verdict.REVIEW).update(outcome=Outcome.ASKED)  # begun before `start` saw to that
        return not waiting.exists()


def _next_rows(sheet: Sheet, verdict: Verdict, most: int) -> "list[Waiting]":
    waiting = SheetRow.objects.filter(sheet=sheet, outcome=Outcome.WAITS, verdict=verdict).order_by("row")
    return _read(waiting.select_for_update(skip_locked=True, of=("self",))[:most])


def _look_up_by_keys() -> None:
    """Till the transaction ends: everything is asked for by its key, and what the planner knows of tables that grow by
    this very filing is out of date, so that it would read them from end to end, the longer the further it is."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def _refuse_at_once() -> None:
    """Till the transaction ends: what points at nothing is refused as it is written. At the end it would be the whole
    lot, not the row; and whoever waits for their turn (`counting.py`) would wait for all that is looked up there."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@dataclass(slots=True)
class Waiting:
    """As much of a row as filing it takes: an object of the model for each would cost a fifth of all the work."""

    pk: int
    row: int
    verdict: str
    sealed: bytes | None
    resident_id: int | None
    dwelling: int | None
    faults: list
    outcome: str = Outcome.WAITS.value
    facts: int = 0
    corrections: int = 0


def _read(rows: QuerySet) -> list[Waiting]:
    found = rows.values_list("pk", "row", "verdict", "sealed", "resident_id", "dwelling", "faults")
    return [Waiting(*one) for one in found]


def _settle(sheet: Sheet, rows: list[Waiting]) -> None:
    """Settle rows together; where one of them cannot be stored, find it by halves and let the others in."""
    try:
        with transaction.atomic():
            Lot(sheet, rows).settle()
    except _NOT_STORED as error:
        again = _read(SheetRow.objects.filter(pk__in=[row.pk for row in rows]).order_by("row"))
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


def _leave_out(row: Waiting) -> None:
    told = [*row.faults, Fault("broken").as_json()]
    SheetRow.objects.filter(pk=row.pk).update(
        verdict=Verdict.FAULT, outcome=Outcome.FAULT, faults=told, sealed=None, candidates=[], settled_at=timezone.now()
    )


@dataclass
class Lot:
    """Some rows that are settled together, in the caller's transaction and scope."""

    sheet: Sheet
    rows: Sequence[Waiting | SheetRow]
    targets: dict[str, Target] = field(default_factory=targets)

    def settle(self) -> None:
        """Do with the rows what there is to do; each then says what it brought, and is sealed no longer."""
        self.by_key = {row.pk: row for row in self.rows}
        self.said = {row.pk: said for row, said in zip(self.rows, said_by_all(self.rows), strict=True)}
        self._hold_doors()
        self._find_registered()
        self._leave_out_gone()
        made = self._make_new()
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
        values.write_counted()

    def _hold_doors(self) -> None:
        """Those behind which somebody moves in, or of which something is said: only these are written to."""
        mentioned = self._mentioned()
        rows = self.rows if _OF_HOMES & mentioned else [row for row in self.rows if row.verdict == Verdict.NEW]
        doors = {row.dwelling for row in rows if row.dwelling}
        if Field.Subject.HOUSEHOLD in mentioned:  # of one household others may file as well
            doors |= set(_living(self.rows, "dwelling_id").values())
        _pairs(_HELD_DOORS, doors)

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

    def _make_new(self) -> set[int]:
        """Keys of the rows of which somebody new was made."""
        if any(row.verdict == Verdict.NEW for row in self.rows):
            count_one_by_one()
            self._find_registered()  # by whoever had their turn meanwhile
            self._leave_out_gone()
            self._take_in_sent()
        new = [row for row in self.rows if row.verdict == Verdict.NEW]
        people = [Newcomer(self.said[row.pk], row.dwelling or 0) for row in new]
        source = f"{self.sheet.department.code} {self.sheet.uuid}"
        keys = register(people, source=source, day=self.sheet.as_of) if people else []
        for row, key in zip(new, keys, strict=True):
            row.resident_id = key or None
            if not key:
                self._stop(row, Fault("no_home", "address"))
        return {row.pk for row in new if row.resident_id}

    def _take_in_sent(self) -> None:
        """Whom another office has sent here is no newcomer: their record comes with them."""
        new = [row for row in self.rows if row.verdict == Verdict.NEW]
        people = [Newcomer(self.said[row.pk], row.dwelling or 0) for row in new]
        for place, key in take_in_sent(people, by=self.sheet.owner, day=self.sheet.as_of).items():
            new[place].resident_id, new[place].verdict = key, Verdict.LINK

    def _leave_out_gone(self) -> None:
        """Whoever has left the ground since the table was checked is not there any more; whoever died before its day
        is told nothing of."""
        linked = [row for row in self.rows if row.verdict == Verdict.LINK and row.resident_id]
        here = _pairs(_HELD_PEOPLE, [row.resident_id for row in linked])
        dead = set(Resident.objects.filter(pk__in=here, died_on__lt=self.sheet.as_of).values_list("pk", flat=True))
        for row in linked:
            is_here = self.sheet.scope.covers(here.get(row.resident_id))
            if not is_here or row.resident_id in dead:
                row.resident_id = None
                self._stop(row, Fault("died", "name") if is_here else Fault("gone", ""))

    def _values(self, rows: list, made: set[int]) -> Values:
        homes, values = self._households(rows), Values(self.sheet)
        fields = {code: one.field for code, one in self.targets.items() if one.field is not None}
        said: dict[str, list] = {code: [] for code in fields}
        for row in rows:
            for code, value in self.said[row.pk].items():
                if value and code in said:
                    said[code].append((row, value))
        for code, some in said.items():
            values.add(fields[code], list(self._said(fields[code], some, homes, made)))
        return values

    def _said(self, of: Field, some: list[tuple], homes: dict[int, int], made: set[int]) -> Iterator[Said]:
        keys = self._subjects(of, [row for row, _value in some], homes)
        for (row, value), key in zip(some, keys, strict=True):
            if key:
                yield Said(row.pk, key, value, row.pk in made)
            elif of.subject == Field.Subject.HOUSEHOLD:
                self._blame(row.pk, "no_household", of.code)

    def _subjects(self, of: Field, rows: list, homes: dict[int, int]) -> list[int | None]:
        """Of whom, or of what, each of the rows says something."""
        if of.subject == Field.Subject.PERSON:
            return [row.resident_id for row in rows]
        if of.subject == Field.Subject.DWELLING:
            return [row.dwelling for row in rows]
        return [homes.get(row.resident_id or 0) for row in rows]

    def _households(self, rows: list) -> dict[int, int]:
        """By person; looked up where something is said of households."""
        if Field.Subject.HOUSEHOLD not in self._mentioned():
            return {}
        return _living(rows, "household_id")

    def _mentioned(self) -> set[str]:
        """Of what kinds of subjects the rows say anything."""
        codes = {code for said in self.said.values() for code in said}
        return {one.field.subject for code, one in self.targets.items() if one.field and code in codes}

    def _blame(self, key: int, code: str, of: str) -> None:
        row = self.by_key[key]
        row.faults = [*row.faults, Fault(code, of).as_json()]

    def _stop(self, row, fault: Fault) -> None:
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


#: In the order of `gis/people/locking.py`; of a person and a home nothing is written that others point at. One by one,
#: by their keys: what the planner knows of tables that grow by this very filing is out of date.
_HELD = """
SELECT k.key, h.area FROM unnest(%s::bigint[]) AS k(key)
CROSS JOIN LATERAL (SELECT area FROM {table} WHERE id = k.key FOR NO KEY UPDATE) h
"""
_HELD_DOORS, _HELD_PEOPLE = _HELD.format(table="grid_dwelling"), _HELD.format(table="grid_resident")
_LIVING = """
SELECT k.key, s.{column} FROM unnest(%s::bigint[]) AS k(key) CROSS JOIN LATERAL (
  SELECT {column} FROM grid_residence
  WHERE resident_id = k.key AND kind = 'living' AND ends IS NULL AND {column} IS NOT NULL OFFSET 0) s
"""


def _living(rows: Iterable, column: str) -> dict[int, int]:
    """Where the people of some rows live, their home or household, by person."""
    return _pairs(_LIVING.format(column=column), [row.resident_id for row in rows if row.resident_id])


def _pairs(sql: str, keys: Iterable[int]) -> dict:
    if not (wanted := sorted(set(keys))):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted])
        return dict(cursor.fetchall())


_END = """
UPDATE grid_sheetrow r SET verdict = v.verdict, outcome = v.outcome, resident_id = v.resident_id, facts = v.facts,
  corrections = v.corrections, faults = v.faults, sealed = NULL, candidates = '[]', settled_at = %s
FROM {way} v WHERE r.id = v.id
"""


def said_by(row: SheetRow) -> dict[str, str]:
    """What a row says by code of the field; nothing once it is settled."""
    return json.loads(open_seal(row.sealed))[0] if row.sealed else {}


def said_by_all(rows: Sequence[Waiting | SheetRow]) -> list[dict[str, str]]:
    """`said_by` of many."""
    return [json.loads(text)[0] if text else {} for text in open_all(row.sealed for row in rows)]


def told_by(row: SheetRow) -> dict[str, str]:
    """What a row tells of who it is, as it stood: a covered number, a part of a birth, the address."""
    return json.loads(open_seal(row.sealed))[1] if row.sealed else {}
