"""What the values of a table become: facts where its department may say them, questions to the owner where not.

Nothing is overwritten without a rule. The owner department's word stands, in the column too where one keeps the field;
what nobody has said yet is filled in; a field that nobody owns keeps every word with its source and date; what another
department's field holds otherwise becomes a correction for it to decide. What stands already changes nothing.

Of a field that the department may not read its table is told nothing, neither by a count: what stands already is kept
as its word all the same, and what was filled in, confirmed or asked is counted alike.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from django.utils import timezone

from gis.collection.correction import Claim, Correction, propose
from gis.collection.fact import SUBJECT_COLUMNS, Fact
from gis.collection.field import Field
from gis.collection.sharing.reading import readable
from gis.collection.sheets.columns_kept import Writing, write_columns
from gis.collection.sheets.counting import count_one_by_one
from gis.collection.sheets.held import Held, Mine, Print, held_of
from gis.collection.sheets.sheet import Sheet
from gis.collection.sheets.storing import add_rows
from gis.people.sealing import indexes_all, seal_all

#: Columns that hold a person together: only the owner writes them, even where they are empty.
_GUARDED = ("resident.identity", "resident.name", "resident.document")


#: Columns by which a row is known to be somebody's.
_WHO = (*_GUARDED, "resident.sex", "resident.born", "resident.phone")


class Does(StrEnum):
    """What becomes of one value."""

    NOTHING = "nothing"
    FACT = "fact"
    COLUMN = "column"  # a fact, and the column that keeps it
    ASK = "ask"


def rule(
    of: Field, stands: Print, said: Print, department: int, mine: Sequence[Mine], as_of: date, *, unread: bool = False
) -> Does:
    """What a department's value of a day does to what stands. `unread`: the department may not read the field."""
    if mine and _said_before(mine, said, as_of):
        return Does.NOTHING
    if of.owner_id == department:
        late = any(one.said_on > as_of for one in mine)
        return Does.COLUMN if of.kept and not late and stands != said else Does.FACT
    if stands == said:
        return Does.FACT if unread else Does.NOTHING
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
    keys: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
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
    writing: list[Writing] = field(default_factory=list)
    newer: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.readable = readable(self.sheet.department_id, self.sheet.scope, timezone.localdate())

    def _is_unread(self, of: Field) -> bool:
        """Whether the department may not know what stands there. What says who a row is, it has said by the link."""
        return of.pk not in self.readable and of.kept not in _WHO

    def add(self, of: Field, said: list[Said]) -> None:
        """The values that some rows have of a field."""
        self.fields[of.pk] = of
        self.said[of.pk] += said

    def write_counted(self) -> None:
        """Write the columns: the last of a lot, since who changes what is counted holds up others."""
        if self.writing:
            count_one_by_one()
            write_columns(self.writing, self.sheet.as_of)

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
        """Write facts and questions; `facts` and `asked` count by row, `twice` are values of a home said otherwise
        before. What columns keep is for `write_counted`."""
        claims: list[Claim] = []
        said = {pk: self._once(self.fields[pk], some) for pk, some in self.said.items()}
        prints = {pk: self._prints(self.fields[pk], some) for pk, some in said.items()}
        keys = {self.fields[pk]: [one.key for one in some if not one.fresh] for pk, some in said.items()}
        held = held_of(keys, self.sheet.department_id, timezone.localdate(), self.newer)
        kept = [self._decide(self.fields[pk], some, prints[pk], held, claims) for pk, some in said.items()]
        _add_facts(kept, self.sheet)
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

    def _decide(self, of: Field, some: list[Said], prints: list[Print], held: Held, claims: list[Claim]) -> Kept:
        kept, asked, unread = Kept(of), held.asked[of.pk], self._is_unread(of)
        for one, said, does in zip(some, prints, self._does(of, some, prints, held), strict=True):
            if does == Does.NOTHING:
                continue
            if does == Does.ASK:
                if said not in asked.get(one.key, ()):
                    self.asked[one.row] += 1
                    claims.append(Claim(of, one.key, one.value, self.sheet.as_of, origin=str(self.sheet.uuid)))
                continue
            (self.asked if unread and not one.fresh else self.facts)[one.row] += 1
            kept.keys.append(one.key)
            kept.values.append(one.value)
            kept.prints.append(said)
            if does == Does.COLUMN:
                self.writing.append(Writing(of, one.key, one.value))
        return kept

    def _does(self, of: Field, some: list[Said], prints: list[Print], held: Held) -> list[Does]:
        """What becomes of each value. Where the department has said nothing of it before, three cases are all."""
        department, as_of = self.sheet.department_id, self.sheet.as_of
        stands, mine = held.stands[of.pk], held.mine[of.pk]
        does = partial(rule, unread=self._is_unread(of))
        same, filled, against = (does(of, before, "a", department, (), as_of) for before in ("a", "", "b"))
        found = []
        for one, said in zip(some, prints, strict=True):
            before = stands.get(one.key, "")
            if one.fresh:
                found.append(Does.FACT)
            elif one.key in mine:
                found.append(does(of, before, said, department, mine[one.key], as_of))
            else:
                found.append(same if before == said else against if before else filled)
        return found


def _add_facts(kept: list[Kept], sheet: Sheet) -> None:
    kept = [one for one in kept if one.keys]
    if not kept:
        return
    of_all = {
        "source": Fact.Source.FILE.value, "department_id": sheet.department_id, "origin": str(sheet.uuid),
        "said_on": sheet.as_of, "recorded_at": timezone.now(), "by_id": sheet.owner_id,
    }  # fmt: skip
    add_rows(Fact, _fact_columns(kept), of_all=of_all)


def _fact_columns(kept: list[Kept]) -> dict[str, list]:
    """Subject, field and value of each, field by field; columns in which all of them have nothing are left out."""
    columns: dict[str, list] = defaultdict(list)
    subjects, sealed = {one.field.subject for one in kept}, any(one.field.sealed for one in kept)
    for some in kept:
        of, nothing = some.field, [None] * len(some.keys)
        for subject, column in SUBJECT_COLUMNS.items():
            if subject in subjects:
                columns[f"{column}_id"] += some.keys if of.subject == subject else nothing
        columns["field_id"] += [of.pk] * len(nothing)
        columns["value"] += [""] * len(nothing) if of.sealed else some.values
        if sealed:
            columns["value_sealed"] += seal_all(some.values) if of.sealed else nothing
            columns["value_index"] += some.prints if of.sealed else nothing
    return dict(columns)
