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
from gis.people.sealing import indexes_all, seal_all

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
    fresh: bool = False


@dataclass
class Kept:
    """What becomes facts of one field: its values, and beside each what it is compared by."""

    field: Field
    said: list[Said] = field(default_factory=list)
    prints: list[Print] = field(default_factory=list)


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
        self.fields.setdefault(of.id, of)
        self.said[of.id].append(Said(row, key, value, fresh))

    def _prints(self, of: Field, some: list[Said]) -> list[Print]:
        """What the values are compared by, a column at a time."""
        values = [one.value for one in some]
        if not of.sealed:
            return values
        now, *before = indexes_all(values)
        for older in before:
            self.newer |= zip(older, now, strict=True)
        return now

    def write(self) -> None:
        """Write all of them; `facts` and `asked` count by row, `twice` are values of a home said otherwise before."""
        claims: list[Claim] = []
        writing: list[Writing] = []
        said = {pk: self._once(self.fields[pk], some) for pk, some in self.said.items()}
        prints = {pk: self._prints(self.fields[pk], some) for pk, some in said.items()}
        keys = {self.fields[pk]: [one.key for one in some] for pk, some in said.items()}
        held = held_of(keys, self.sheet.department_id, timezone.localdate(), self.newer)
        kept = [self._decide(self.fields[pk], some, prints[pk], held, claims, writing) for pk, some in said.items()]
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
        self, of: Field, some: list[Said], prints: list[Print], held: Held, claims: list[Claim], writing: list[Writing]
    ) -> Kept:
        department, as_of, origin = self.sheet.department_id, self.sheet.as_of, str(self.sheet.uuid)
        kept, field_key = Kept(of), of.pk
        for one, said in zip(some, prints, strict=True):
            at = field_key, one.key
            stands, mine = held.stands.get(at, ""), held.mine.get(at, ())
            does = Does.FACT if one.fresh else rule(of, stands, said, department, mine, as_of)
            if does == Does.ASK:
                if said not in held.asked.get(at, ()):
                    self.asked[one.row] += 1
                    claims.append(Claim(of, one.key, one.value, as_of, origin=origin))
            elif does != Does.NOTHING:
                self.facts[one.row] += 1
                kept.said.append(one)
                kept.prints.append(said)
                if does == Does.COLUMN:
                    writing.append(Writing(of, one.key, one.value))
        return kept


def _add_facts(kept: list[Kept], sheet: Sheet) -> None:
    count = sum(len(one.said) for one in kept)
    if not count:
        return
    whole = _fact_columns([one for one in kept if one.said])
    add_rows(
        Fact,
        whole
        | {
            "source": [Fact.Source.FILE.value] * count,
            "department_id": [sheet.department_id] * count,
            "origin": [str(sheet.uuid)] * count,
            "said_on": [sheet.as_of] * count,
            "recorded_at": [timezone.now()] * count,
            "by_id": [sheet.owner_id] * count,
        },
    )


def _fact_columns(kept: list[Kept]) -> dict[str, list]:
    """Subject, field and value of each, field by field."""
    columns: dict[str, list] = defaultdict(list)
    for some in kept:
        of, nothing = some.field, [None] * len(some.said)
        values = [one.value for one in some.said]
        for subject, column in SUBJECT_COLUMNS.items():
            columns[f"{column}_id"] += [one.key for one in some.said] if of.subject == subject else nothing
        columns["field_id"] += [of.pk] * len(values)
        columns["value"] += [""] * len(values) if of.sealed else values
        columns["value_sealed"] += seal_all(values) if of.sealed else nothing
        columns["value_index"] += some.prints if of.sealed else nothing
    return dict(columns)
