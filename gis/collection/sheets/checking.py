"""Checking a table: who each row is, what is wrong of it, what would happen. Writes nothing but the rows themselves.

All of it is one transaction: a worker that was killed leaves nothing, and the next one begins anew.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from django.conf import settings
from django.utils import timezone

from gis.accounts.scope import applied
from gis.collection.sheets.faults import Fault
from gis.collection.sheets.homes import Homes, find_homes
from gis.collection.sheets.judging import Rows, judge
from gis.collection.sheets.knowing import Known, known_people
from gis.collection.sheets.linking import Found, find_people, told_of
from gis.collection.sheets.opening import open_table
from gis.collection.sheets.saying import said_as_json, spelt_columns, twins, whose
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict
from gis.collection.sheets.storing import add_rows
from gis.collection.sheets.targets import targets
from gis.people.resident import Resident
from gis.people.sealing import seal_all

Tell = Callable[[float], None]
#: Rows sealed and written at a time.
_BATCH = 20_000


def check(sheet: Sheet, path: Path, tell: Tell) -> int:
    """Keep every row of a table with its verdict; how many there are. `tell` hears the share that is done, and stops it
    by raising. Raises BadFile.
    """
    plan, known_targets = sheet.plan, targets()
    mapping = {title: code for title, code in plan["mapping"].items() if code in known_targets}
    table = open_table(path, plan.get("sheet", ""), opened_before=True)
    tell(0.1)
    rows = judge(
        table, mapping, plan["codes"], known_targets, today=timezone.localdate(), synthetic=settings.SYNTHETIC_IDS
    )
    del table
    tell(0.2)
    with applied(sheet.scope):
        judged = _Judged(sheet, rows, find_homes(rows, sheet.scope))
        tell(0.3)
        judged.link(lambda share: tell(0.3 + 0.5 * min(share, 1)))
        SheetRow.objects.filter(sheet=sheet).delete()
        judged.store(lambda share: tell(0.8 + 0.2 * share))
    return len(rows)


class _Judged:
    """The verdict on every row."""

    def __init__(self, sheet: Sheet, rows: Rows, homes: Homes) -> None:
        self.sheet, self.rows, self.homes = sheet, rows, homes
        self.people = "name" in rows.values
        count = len(rows)
        self.verdict = np.full(count, Verdict.FAULT.value, dtype=object)
        self.resident = np.zeros(count, np.int64)
        self.area = homes.area.copy()
        self.candidates: dict[int, list] = {}
        spelt = spelt_columns(rows, homes)
        self.who = whose(spelt)
        self.twins = twins(spelt)

    def link(self, tell: Tell) -> None:
        asked = ~self.rows.stops & (self.twins < 0)
        self.verdict[~self.rows.stops & (self.twins >= 0)] = Verdict.TWIN.value
        if not self.people:
            self._of_homes(asked)
            return
        known = known_people(self.sheet.scope, told_of(self.rows, self.homes), self.homes.door)
        tell(0.2)
        seen = self._settled_before(known, asked)
        found = find_people(self.rows, asked, self.homes, known, seen, lambda share: tell(0.2 + 0.8 * share))
        self._linked(found, known)
        self._unsure(found, known)
        self._new(asked & (self.verdict == Verdict.FAULT.value))
        self._died()
        self._twice()

    def _of_homes(self, asked: np.ndarray) -> None:
        """A table of homes: the door is who."""
        known = asked & (self.homes.door > 0)
        self.verdict[known] = Verdict.LINK.value
        self.rows.blame(asked & ~known, "no_door", "address")

    def _settled_before(self, known: Known, asked: np.ndarray) -> dict[int, int]:
        """Rows that the department has brought before, and who it was: the same table twice is asked about once."""
        place = {int(key): at for at, key in enumerate(known.key)}
        before = SheetRow.objects.filter(sheet__department=self.sheet.department).exclude(sheet=self.sheet)
        at: dict[bytes, list[int]] = {}
        for row in np.flatnonzero(asked).tolist():
            at.setdefault(self.who[row], []).append(row)
        prints = list(at)
        seen: dict[int, int] = {}
        for start in range(0, len(prints) if before.exists() else 0, _BATCH):
            some = before.filter(who__in=prints[start : start + _BATCH])
            settled = some.filter(outcome__in=(Outcome.CHANGED, Outcome.SAME, Outcome.MADE))
            for who, key in settled.order_by("pk").values_list("who", "resident"):
                for row in at[bytes(who)] if key in place else ():
                    seen[row] = place[key]
            # not for the death of whom it was: that may be taken back
            refused = some.filter(outcome=Outcome.FAULT, decided_by__isnull=False).exclude(faults__contains=[["died"]])
            refused = refused.values_list("who", flat=True)
            told = np.zeros(len(self.rows), bool)
            told[[row for who in refused for row in at[bytes(who)] if row not in seen]] = True
            self.rows.blame(told, "refused", "")
            asked &= ~told
        return seen

    def _linked(self, found: Found, known: Known) -> None:
        rows = np.flatnonzero(found.sure >= 0)
        place = found.sure[rows]
        self.verdict[rows] = Verdict.LINK.value
        self.resident[rows] = known.key[place]
        self.area[rows] = known.area[place]
        away = (self.homes.door[rows] > 0) & (known.door[place] > 0) & (self.homes.door[rows] != known.door[place])
        moved = np.zeros(len(self.rows), bool)
        moved[rows[away]] = True
        self.rows.blame(moved, "elsewhere", "address")

    def _died(self) -> None:
        """A table of a day after somebody's death tells nothing of them; that they stand in it is told."""
        inside = Resident.objects.inside(self.sheet.scope).filter(died_on__lt=self.sheet.as_of)
        dead = np.isin(self.resident, list(inside.values_list("pk", flat=True))) & (self.resident > 0)
        self.rows.blame(dead, "died", "name")
        self.verdict[dead], self.resident[dead] = Verdict.FAULT.value, 0

    def _unsure(self, found: Found, known: Known) -> None:
        for row, candidates in found.candidates.items():
            self.verdict[row] = Verdict.REVIEW.value
            self.candidates[row] = [[int(known.key[at]), round(chance, 4), levels] for at, chance, levels in candidates]
            self.area[row] = self.area[row] or known.area[candidates[0][0]]

    def _new(self, open_rows: np.ndarray) -> None:
        """Who is not known here becomes a new record where the row has what a person needs, and the home is known."""
        born, sex = self.rows.column("born"), self.rows.column("sex")
        enough = (self.rows.column("identity") != "") | ((born != "") & np.isin(sex, ["1", "2"]))
        held, home = self.rows.holds, self.homes.door > 0
        self.rows.blame(open_rows & held, "held", "identity")
        self.rows.blame(open_rows & ~held & ~enough, "too_little", "identity")
        self.rows.blame(open_rows & ~held & enough & ~home, "no_home", "address")
        self.verdict[open_rows & ~held & enough & home] = Verdict.NEW.value

    def _twice(self) -> None:
        """Two rows of one person: the first stands, the later one says something else."""
        linked = np.flatnonzero((self.verdict == Verdict.LINK.value) & (self.resident > 0))
        self._later_of(linked, self.resident[linked])
        fresh = np.flatnonzero(self.verdict == Verdict.NEW.value)
        number = self.rows.column("identity")[fresh]
        who = [one if one else self.who[row] for row, one in zip(fresh.tolist(), number, strict=True)]
        self._later_of(fresh, np.array(who, dtype=object))

    def _later_of(self, rows: np.ndarray, person: np.ndarray) -> None:
        which, _distinct = pd.factorize(person)
        first: dict[int, int] = {}
        for row, one in zip(rows.tolist(), which.tolist(), strict=True):
            if first.setdefault(one, row) != row:
                told = Fault("twin", "name", {"row": int(self.rows.number[first[one]])})
                self.rows.faults.setdefault(row, []).append(told)
                self.verdict[row], self.resident[row] = Verdict.FAULT.value, 0

    def store(self, tell: Tell) -> None:
        """Write the rows; what an older table asked of the same people is out of date."""
        asked = [self.who[row] for row in np.flatnonzero(self.verdict == Verdict.REVIEW.value).tolist()]
        older = SheetRow.objects.filter(outcome=Outcome.ASKED, sheet__department=self.sheet.department)
        for start in range(0, len(asked), _BATCH):
            older.filter(who__in=asked[start : start + _BATCH]).exclude(sheet=self.sheet).update(
                outcome=Outcome.DROPPED, sealed=None, candidates=[], settled_at=timezone.now()
            )
        for start in range(0, len(self.rows), _BATCH):
            some = np.arange(start, min(start + _BATCH, len(self.rows)))
            add_rows(SheetRow, self._columns(some), of_all={"sheet_id": self.sheet.pk, "facts": 0, "corrections": 0})
            tell(start / len(self.rows))

    def _columns(self, at: np.ndarray) -> dict:
        verdicts = self.verdict[at]
        kept = np.isin(verdicts, [Verdict.LINK.value, Verdict.NEW.value, Verdict.REVIEW.value])
        outcome = np.where(kept, Outcome.WAITS.value, verdicts).astype(object)
        faults = self.rows.faults
        return {
            "row": self.rows.number[at],
            "area": np.where(self.area[at] == "", self.sheet.area, self.area[at]).astype(object),
            "verdict": verdicts,
            "outcome": outcome,
            "faults": [[one.as_json() for one in faults.get(row, [])] for row in at.tolist()],
            "sealed": self._sealed(at, kept),
            "who": [self.who[row] for row in at.tolist()],
            "resident_id": pd.array([key or None for key in self.resident[at].tolist()], dtype="Int64"),
            "dwelling": pd.array([key or None for key in self.homes.door[at].tolist()], dtype="Int64"),
            "candidates": [self.candidates.get(row, []) for row in at.tolist()],
        }

    def _sealed(self, at: np.ndarray, kept: np.ndarray) -> np.ndarray:
        """What rows say, in our spelling, and what they tell of who they are; nothing of those that are not kept."""
        sealed = np.full(len(at), None, dtype=object)
        sealed[kept] = seal_all(said_as_json(self.rows, self.homes, at[kept]))
        return sealed
