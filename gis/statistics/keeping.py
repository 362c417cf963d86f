"""What each table adds to the figures of its area, and the SQL made of it: triggers that keep, and a full recount.

A trigger runs once a statement over all rows it touched, so a COPY of 50,000 rows is one grouped upsert, and plain SQL
counts like a view. A row that changes nothing countable writes nothing. Areas are taken in order, so that two writers
wait for each other and never deadlock. The functions are SECURITY DEFINER: the runtime login may change a dwelling,
never a figure.

People count where a stay is living and open, which takes two tables: residence ⋈ resident. The change of each side
is joined with the other side as it stands after that statement, so the sum is exact in whichever order the two are
written or deleted. `lock` keeps a person as they are while a transaction counts their stay: without it another one,
correcting the person at that moment, would see no stay yet and correct no figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_OPEN = "state NOT IN ('closed', 'rejected', 'duplicate')"
#: What was merged into another incident is that one.
_ITS_OWN = "state <> 'duplicate'"
_LIVING = "s.kind = 'living' AND s.ends IS NULL"
_PEOPLE = {
    "residents": "true",
    "registered": "r.population = 'registered'",
    "floating": "r.population = 'floating'",
    "left_behind": "r.population = 'left_behind'",
    "overseas": "r.population = 'overseas'",
}


@dataclass(frozen=True)
class Tally:
    """A table of sums: its key columns as expressions over the counted rows, and its sums as conditions."""

    table: str
    key: dict[str, str]
    sums: dict[str, str]


@dataclass(frozen=True)
class Counted:
    """Rows that are counted: `rows` is what follows FROM, with `{rows}` where the changing table stands."""

    table: str
    rows: str
    tallies: tuple[Tally, ...]
    lock: str = ""


def _figures(area: str, **sums: str) -> Tally:
    return Tally("grid_figures", {"area": area}, sums)


_BIRTHS = Tally(
    "grid_births",
    {"area": "s.area", "sex": "r.sex", "year": "coalesce(extract(year FROM r.born)::smallint, 0)"},
    {"number": "true"},
)
_OF_PEOPLE = (_figures("s.area", **_PEOPLE), _BIRTHS)
COUNTED = (
    Counted("grid_building", "{rows} t", (_figures("t.area", buildings="true"),)),
    Counted(
        "grid_dwelling",
        "{rows} t",
        (
            _figures(
                "t.area",
                dwellings="state <> 'gone'",
                dwellings_empty="state = 'empty'",
                dwellings_rented="state = 'rented'",
            ),
        ),
    ),
    Counted("grid_household", "{rows} t", (_figures("t.area", households="true"),)),
    Counted("grid_incident", "{rows} t", (_figures("t.area", incidents=_ITS_OWN, incidents_open=_OPEN),)),
    Counted(
        "grid_residence",
        f"{{rows}} s JOIN grid_resident r ON r.id = s.resident_id WHERE {_LIVING}",
        _OF_PEOPLE,
        lock="PERFORM FROM grid_resident WHERE id IN (SELECT resident_id FROM {rows}) ORDER BY id FOR SHARE;",
    ),
    Counted("grid_resident", f"{{rows}} r JOIN grid_residence s ON s.resident_id = r.id WHERE {_LIVING}", _OF_PEOPLE),
)
_CHANGES = {
    "INSERT": (("+", "after_rows"),),
    "DELETE": (("-", "before_rows"),),
    "UPDATE": (("+", "after_rows"), ("-", "before_rows")),
}
_REFERENCING = {
    "INSERT": "NEW TABLE AS after_rows",
    "DELETE": "OLD TABLE AS before_rows",
    "UPDATE": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
}


def trigger_sql() -> str:
    """Functions and triggers of every counted table. Safe to run again."""
    return "\n".join(part for counted in COUNTED for part in _triggers(counted))


def _triggers(counted: Counted) -> Iterator[str]:
    name = counted.table.replace("grid_", "grid_keep_")
    branches = "\n".join(_branch(counted, change, signed) for change, signed in _CHANGES.items())
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN\n{branches}\n  RETURN NULL;\nEND $$;"
    )
    for change, referencing in _REFERENCING.items():
        trigger = f"{name}_{change.lower()}"
        yield (
            f"DROP TRIGGER IF EXISTS {trigger} ON {counted.table};\n"
            f"CREATE TRIGGER {trigger} AFTER {change} ON {counted.table} REFERENCING {referencing}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        )


def _branch(counted: Counted, change: str, signed: tuple[tuple[str, str], ...]) -> str:
    locks = [f"    {counted.lock.format(rows=rows)}" for _, rows in signed if counted.lock]
    steps = "\n".join([*locks, *(_upsert(tally, counted.rows, signed) for tally in counted.tallies)])
    return f"  IF TG_OP = '{change}' THEN\n{steps}\n  END IF;"


def _upsert(tally: Tally, rows: str, signed: tuple[tuple[str, str], ...]) -> str:
    parts = "\n      UNION ALL ".join(_signed_rows(tally, rows.format(rows=source), sign) for sign, source in signed)
    keys, sums = ", ".join(tally.key), ", ".join(tally.sums)
    added = ", ".join(f"sum({name})" for name in tally.sums)
    grown = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in tally.sums)
    something = " OR ".join(f"sum({name}) <> 0" for name in tally.sums)
    return (
        f"    INSERT INTO {tally.table} AS kept ({keys}, {sums}, changed)\n"
        f"    SELECT {keys}, {added}, pg_current_xact_id()::text::bigint FROM (\n      {parts}) moved\n"
        f"    GROUP BY {keys} HAVING {something} ORDER BY {keys}\n"
        f"    ON CONFLICT ({keys}) DO UPDATE SET {grown}, changed = excluded.changed;"
    )


def _signed_rows(tally: Tally, rows: str, sign: str) -> str:
    keys = ", ".join(f"{expression} AS {name}" for name, expression in tally.key.items())
    sums = ", ".join(f"{sign}({condition})::int AS {name}" for name, condition in tally.sums.items())
    return f"SELECT {keys}, {sums} FROM {rows}"


def recount_sql(table: str) -> str:
    """The figures of `grid_figures` or `grid_births` counted from nothing: a query of key columns and sums."""
    sums = dict.fromkeys(name for counted in _sources() for t in counted.tallies if t.table == table for name in t.sums)
    parts = [_padded(t, counted, sums) for counted in _sources() for t in counted.tallies if t.table == table]
    keys = ", ".join(next(t for counted in _sources() for t in counted.tallies if t.table == table).key)
    added = ", ".join(f"sum({name})::int AS {name}" for name in sums)
    something = " OR ".join(f"sum({name}) <> 0" for name in sums)
    return f"SELECT {keys}, {added} FROM ({' UNION ALL '.join(parts)}) one GROUP BY {keys} HAVING {something}"


def _sources() -> list[Counted]:
    """The counted tables, people by their stays only: the resident's side is the same rows again."""
    return [counted for counted in COUNTED if counted.table != "grid_resident"]


def _padded(tally: Tally, counted: Counted, sums: dict) -> str:
    keys = ", ".join(f"{expression} AS {name}" for name, expression in tally.key.items())
    columns = ", ".join(f"({tally.sums.get(name, 'false')})::int AS {name}" for name in sums)
    return f"SELECT {keys}, {columns} FROM {counted.rows.format(rows=counted.table)}"
