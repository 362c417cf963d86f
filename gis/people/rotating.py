"""Sealing everything anew by another key, while the product runs.

What is sealed is found by the types of its columns (`gis.columns.SealedField`, `SealedFileField`), so that a new one
cannot be forgotten. Rows are taken a batch at a time, each batch in a transaction of its own: it may be killed at any
moment, and run again it goes on with what is left. A row that somebody writes just now is left to the next pass.

A number stays one number: whatever the new key has written carries the old key's index along (`index_before`), and
what has not been rewritten has it as its index, so one constraint holds for rows of either key. Whoever looks something
up asks by both.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, models, transaction

from gis.columns import SealedField, SealedFileField
from gis.people.keyring import keyring
from gis.people.sealing import SealBroken, blind_index, index_before, open_seal, seal, sealed_by

#: Rows of one transaction: a tenth of a second.
BATCH = 500

Tell = Callable[[str, int, int], object]


@dataclass(frozen=True)
class Table:
    """A table with sealed columns."""

    model: type[models.Model]
    sealed: tuple[SealedField, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def columns(self) -> list[str]:
        """The sealed columns with their indexes, sealed ones first within each."""
        every = [(one.column, one.index, one.before) for one in self.sealed]
        return [name for group in every for name in group if name]


@dataclass
class Done:
    """What one pass came to. `broken`: rows that hold something no key we have opens."""

    sealed: int = 0
    broken: set[int] = field(default_factory=set)


def tables() -> list[Table]:
    """Every table that holds something sealed."""
    found = []
    for model in apps.get_models():
        sealed = tuple(one for one in model._meta.local_fields if isinstance(one, SealedField))
        if sealed:
            found.append(Table(model, sealed))
    return sorted(found, key=lambda one: one.name)


def file_columns() -> list[tuple[type[models.Model], SealedFileField]]:
    """Every column that names files whose content is sealed."""
    every = ((model, one) for model in apps.get_models() for one in model._meta.local_fields)
    return [(model, one) for model, one in every if isinstance(one, SealedFileField)]


def left_in(table: Table, number: int) -> int:
    """How many rows hold something that another key than this one has sealed."""
    condition, given = _by_another(table, number)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table.name} WHERE {condition}", given)  # noqa: S608 - names of ours
        return cursor.fetchone()[0]


def files_left(model: type[models.Model], column: SealedFileField, number: int) -> int:
    return sum(1 for one in _with_files(model, column) if _number_of(one, column) not in (None, number))


def carried(table: Table) -> int:
    """How many rows still carry the index of the key before along."""
    names = [one.before for one in table.sealed if one.before]
    return table.model.objects.exclude(**dict.fromkeys(names)).count() if names else 0


def reseal_table(table: Table, tell: Tell = lambda *_: None) -> Done:
    """Seal every row anew that another key has sealed; again and again until none is left but those that do not open.

    The first pass leaves alone what somebody else holds, the later ones wait for it.
    """
    done, number = Done(), keyring().seals.number
    total = left_in(table, number)
    waits = False
    while left_in(table, number) > len(done.broken):
        for _batch in _batches(table, number, done, waits=waits):
            tell(table.name, done.sealed, total)
        waits = True
    return done


def _batches(table: Table, number: int, done: Done, *, waits: bool) -> Iterator[int]:
    last: int | None = 0
    while last is not None:
        with transaction.atomic():
            last = _batch(table, number, last, done, waits=waits)
        yield last or 0


def _batch(table: Table, number: int, last: int, done: Done, *, waits: bool) -> int | None:
    """Seal the next rows after a key; the key of the last one, None where none came."""
    condition, given = _by_another(table, number)
    skip = "" if waits else "SKIP LOCKED"
    rows = _locked(table, f"id > %s AND {condition} ORDER BY id LIMIT {BATCH} FOR NO KEY UPDATE {skip}", [last, *given])
    _write(table, rows, number, done)
    return rows[-1][0] if rows else None


def reseal(model: type[models.Model], keys: Iterable[int]) -> None:
    """Seal some rows anew at once, in the caller's transaction: those that are to be compared with what we seal now."""
    table = next(one for one in tables() if one.model is model)
    ring = keyring()
    if ring.before and (listed := [int(key) for key in keys]):
        rows = _locked(table, "id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [listed])
        _write(table, rows, ring.seals.number, Done())


def _by_another(table: Table, number: int) -> tuple[str, list]:
    """Rows that hold something another key has sealed, as SQL. Nothing, and an empty value, is sealed by none."""
    ours = bytes([number])
    parts = [f"substring({one.column} FOR 1) NOT IN (%s, ''::bytea)" for one in table.sealed]
    return f"({' OR '.join(parts)})", [ours] * len(parts)


def _locked(table: Table, rest: str, given: list) -> list[tuple]:
    names = ", ".join(table.columns())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {names} FROM {table.name} WHERE {rest}", given)  # noqa: S608 - names of ours
        return cursor.fetchall()


def _write(table: Table, rows: list[tuple], number: int, done: Done) -> None:
    names = table.columns()
    written = []
    for row in rows:
        try:
            written.append((row[0], *_anew(table, dict(zip(names, row[1:], strict=True)), number).values()))
        except SealBroken:
            done.broken.add(row[0])
    if not written:
        return
    try:
        with transaction.atomic():
            _update(table, names, written)
    except IntegrityError:
        for row in written:
            _write_one(table, names, row)
    done.sealed += len(written)


def _write_one(table: Table, names: list[str], row: tuple) -> None:
    """A row like another one by the new key already: where twins are one it goes, elsewhere that is a fault."""
    try:
        with transaction.atomic():
            _update(table, names, [row])
    except IntegrityError:
        if not getattr(table.model, "twins_are_one", False):
            raise
        table.model.objects.filter(pk=row[0])._raw_delete("default")


def _update(table: Table, names: list[str], written: list[tuple]) -> None:
    sets = ", ".join(f"{name} = new.{name}" for name in names)
    arrays = ", ".join(["%s::bigint[]", *["%s::bytea[]"] * len(names)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table.name} AS old SET {sets} FROM unnest({arrays}) AS new(id, {', '.join(names)}) "  # noqa: S608
            "WHERE old.id = new.id",
            [list(column) for column in zip(*written, strict=True)],
        )


def _anew(table: Table, values: dict, number: int) -> dict:
    """The columns of one row, what another key has sealed sealed by ours. Raises SealBroken."""
    for one in table.sealed:
        sealed = values[one.column]
        if not sealed or sealed_by(sealed) == number:
            continue
        plain = open_seal(sealed)
        values[one.column] = seal(plain)
        if one.index:
            values[one.index] = blind_index(plain)
        if one.before:
            values[one.before] = index_before(plain)
    return values


def forget_before(table: Table, tell: Tell = lambda *_: None) -> int:
    """Take away the indexes of a key that is not known any more."""
    gone = 0
    for name in (one.before for one in table.sealed if one.before):
        rows = table.model.objects.exclude(**{name: None})
        while keys := list(rows.order_by("pk").values_list("pk", flat=True)[: 10 * BATCH]):
            gone += table.model.objects.filter(pk__in=keys).update(**{name: None})
            tell(table.name, gone, gone)
    return gone


def reseal_files(model: type[models.Model], column: SealedFileField) -> Done:
    """Seal the files of a column anew; one that is thrown away meanwhile stays away."""
    done, number = Done(), keyring().seals.number
    for one in _with_files(model, column):
        if _number_of(one, column) in (None, number):
            continue
        try:
            _reseal_file(one, column)
            done.sealed += 1
        except SealBroken:
            done.broken.add(one.pk)
    return done


def _reseal_file(one: models.Model, column: SealedFileField) -> None:
    old = getattr(one, column.name)
    with old.open("rb") as file:
        sealed = seal(open_seal(file.read()))
    new = column.storage.save(old.name, ContentFile(sealed))
    changed = type(one).objects.filter(**{"pk": one.pk, column.name: old.name}).update(**{column.name: new})
    column.storage.delete(old.name if changed else new)


def _with_files(model: type[models.Model], column: SealedFileField) -> list[models.Model]:
    return list(model._default_manager.exclude(**{column.name: ""}).only("pk", column.name))


def _number_of(one: models.Model, column: SealedFileField) -> int | None:
    """The key a file was sealed by; None where it is gone."""
    try:
        with getattr(one, column.name).open("rb") as file:
            first = file.read(1)
    except FileNotFoundError:
        return None
    return first[0] if first else None


def indexes_without_seal() -> list[str]:
    """Rows whose index nothing sealed stands beside: it could not be made anew. A column each, with how many."""
    found = []
    for table in tables():
        for one in table.sealed:
            if one.index and (rows := table.model.objects.filter(**{one.column: None}).exclude(**{one.index: None})):
                found.append(f"{table.name}.{one.index}: {rows.count()}")
    return found
