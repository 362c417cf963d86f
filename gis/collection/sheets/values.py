"""What the values of a table become: facts where its department may say them, questions to the owner where not.

Nothing is overwritten without a rule. The owner department's word stands, in the column too where one keeps the field;
what nobody has said yet is filled in; a field that nobody owns keeps every word with its source and date; what another
department's field holds otherwise becomes a correction for it to decide. What stands already changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone

from gis.collection.correction import Claim, Correction, propose
from gis.collection.fact import SUBJECT_COLUMNS, Fact
from gis.collection.field import Field
from gis.collection.sheets.columns_kept import Writing, write_columns
from gis.collection.sheets.held import Held, Mine, Print, held_of
from gis.collection.sheets.sheet import Sheet
from gis.collection.sheets.storing import add_rows
from gis.people.sealing import blind_indexes, seal_all

#: Columns that hold a person together: only the owner writes them, even where they are empty.
_GUARDED = ("resident.identity", "resident.name", "resident.document")


class Does(StrEnum):
    """What becomes of one value."""

    NOTHING = "nothing"
    FACT = "fact"
    COLUMN = "column"  # a fact, and the column that keeps it
    ASK = "ask"


def rule(of: Field, stands: Print, said: Print, department: int, mine: Sequence[Mine], as_of: date) -> Does:
    """What a department's value of a day does to what stands."""
    if mine and _said_before(mine, said, as_of):
        return Does.NOTHING
    if of.owner_id == department:
        late = any(one.said_on > as_of for one in mine)
        return Does.COLUMN if of.kept and not late and stands != said else Does.FACT
    if stands == said:
        return Does.NOTHING
    if not stands and of.kept not in _GUARDED:
        return Does.COLUMN if of.kept else Does.FACT
    return Does.FACT if of.owner_id is None else Does.ASK


def _said_before(mine: Sequence[Mine], said: Print, as_of: date) -> bool:
    """Whether the department's last word up to that day was the same, or it said the same of that very day."""
    before = [one for one in mine if one.said_on <= as_of]
    last = max(before, key=lambda one: one.said_on, default=None)
    return (last is not None and last.print == said) or Mine(as_of, said) in before


class Said(NamedTuple):
    """One value of a row: of which subject, and the row it stands in. `fresh`: the person was just made of it."""

    row: int
    key: int
    value: str
    print: Print
    fresh: bool = False


@dataclass
class Values:
    """The values of some rows of a table, gathered by field and then written at once."""

    sheet: Sheet
    said: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    fields: dict[int, Field] = field(default_factory=dict)
    facts: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    twice: list[tuple[int, str]] = field(default_factory=list)
    newer: dict[bytes, bytes] = field(default_factory=dict)

    def add(self, of: Field, row: int, key: int, value: str, *, fresh: bool = False) -> None:
        """One value of a row. `fresh`: the person was just made of it."""
        self.fields[of.pk] = of
        self.said[of.pk].append(Said(row, key, value, self._print(of, value), fresh))

    def _print(self, of: Field, value: str) -> Print:
        if not of.sealed:
            return value
        now, *before = blind_indexes(value)
        self.newer |= dict.fromkeys(before, now)
        return now

    def write(self) -> None:
        """Write all of them; `facts` and `asked` count by row, `twice` are values of a home said otherwise before."""
        claims: list[Claim] = []
        kept: list[tuple[Field, Said]] = []
        writing: list[Writing] = []
        said = {self.fields[pk]: self._once(self.fields[pk], some) for pk, some in self.said.items()}
        keys = {of: [one.key for one in some] for of, some in said.items()}
        held = held_of(keys, self.sheet.department_id, timezone.localdate(), self.newer)
        for of, some in said.items():
            self._decide(of, some, held, claims, kept, writing)
        _add_facts(kept, self.sheet)
        write_columns(writing, self.sheet.as_of)
        if claims:
            told = {"source": Correction.Source.FILE, "department": self.sheet.department, "by": self.sheet.owner}
            propose(claims, **told)

    def _once(self, of: Field, some: list[Said]) -> list[Said]:
        """Several rows may tell of one home: the first word counts."""
        first: dict[int, Said] = {}
        for one in some:
            stands = first.setdefault(one.key, one)
            if stands is not one and stands.value != one.value:
                self.twice.append((one.row, of.code))
        return list(first.values())

    def _decide(
        self, of: Field, some: list[Said], held: Held, claims: list[Claim], kept: list[tuple[Field, Said]],
        writing: list[Writing],
    ) -> None:  # fmt: skip
        department, as_of = self.sheet.department_id, self.sheet.as_of
        for one in some:
            at = of.pk, one.key
            stands, mine = held.stands.get(at, ""), held.mine.get(at, ())
            does = Does.FACT if one.fresh else rule(of, stands, one.print, department, mine, as_of)
            if does == Does.ASK:
                if one.print not in held.asked.get(at, ()):
                    self.asked[one.row] += 1
                    claims.append(Claim(of, one.key, one.value, as_of, origin=str(self.sheet.uuid)))
            elif does != Does.NOTHING:
                self.facts[one.row] += 1
                kept.append((of, one))
                if does == Does.COLUMN:
                    writing.append(Writing(of, one.key, one.value))


def _column(of: Field) -> str:
    return SUBJECT_COLUMNS[Field.Subject(of.subject)]


def _add_facts(kept: list[tuple[Field, Said]], sheet: Sheet) -> None:
    if not kept:
        return
    count = len(kept)
    sealed = [one.value if of.sealed else None for of, one in kept]
    columns = {
        f"{column}_id": [one.key if _column(of) == column else None for of, one in kept]
        for column in SUBJECT_COLUMNS.values()
    }
    add_rows(
        Fact,
        columns
        | {
            "field_id": [of.pk for of, _one in kept],
            "value": ["" if of.sealed else one.value for of, one in kept],
            "value_sealed": seal_all(sealed),
            "value_index": [one.print if of.sealed else None for of, one in kept],
            "source": [Fact.Source.FILE.value] * count,
            "department_id": [sheet.department_id] * count,
            "origin": [str(sheet.uuid)] * count,
            "said_on": [sheet.as_of] * count,
            "recorded_at": [timezone.now()] * count,
            "by_id": [sheet.owner_id] * count,
        },
    )
