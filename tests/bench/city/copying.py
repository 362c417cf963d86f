"""Streets copied in SQL: one INSERT … SELECT a table, identifiers and codes shifted, geometry moved and shrunk."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from django.db import connection, models

from gis.columns import CodeField
from gis.models import (
    Area,
    Building,
    Cell,
    CellVersion,
    Compound,
    Dwelling,
    Ground,
    Household,
    Incident,
    Need,
    Posting,
    Residence,
    Resident,
    ServicePoint,
    Step,
    User,
    Way,
)
from tests.bench.city.plan import Copy

#: What a street consists of, each after what it names.
TABLES: tuple[type[models.Model], ...] = (
    Area, Cell, CellVersion, User, Posting, Way, Ground, Compound, Building, Dwelling, Resident, Household,
    Residence, Need, Incident, Step, ServicePoint,
)  # fmt: skip
#: Length of a street's code, the part that is exchanged.
_STREET = 9
_EXPRESSIONS = {
    "grid_user.username": "'w' || c.code || substr(t.username, 11)",
    "grid_user.name": "left(t.name, 3) || c.code || substr(t.name, 13)",
    "grid_incident.uuid": "gen_random_uuid()",
    # The last six digits count from a hundred and fifty for every street and day.
    "grid_incident.number": (
        "left(t.number, 9) || lpad((right(t.number, 6)::int + 150 * (c.number - c.original))::text, 6, '0')"
    ),
}


@dataclass(frozen=True)
class Span:
    """The identifiers one made street has in one table: from `first` up to but not including `last`."""

    relation: str
    street: int
    first: int
    last: int


def highest_ids() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {model._meta.db_table: _highest(cursor, model._meta.db_table) for model in TABLES}


def _highest(cursor, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
    return cursor.fetchone()[0]


def list_copies(copies: list[Copy], spans: list[Span]) -> None:
    """Temporary tables `city_copy` and `city_span`, from which every statement below reads."""
    kinds = {int: "integer", float: "double precision", str: 'text COLLATE "C"'}
    with connection.cursor() as cursor:
        for name, kind, rows in (("city_copy", Copy, copies), ("city_span", Span, spans)):
            columns = ", ".join(f"{field.name} {kinds[field.type]}" for field in fields(kind))
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")
            places = ", ".join(["%s"] * len(fields(kind)))
            cursor.executemany(f"INSERT INTO {name} VALUES ({places})", [astuple(row) for row in rows])


def copy_table(model: type[models.Model], strides: dict[str, int]) -> None:
    """Every copy of every made street's rows of one table."""
    columns = dict(_columns(model, strides))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            f" FROM city_copy c JOIN city_span s ON s.street = c.original AND s.relation = '{model._meta.db_table}'"
            f" JOIN {model._meta.db_table} t ON t.id >= s.first AND t.id < s.last"
        )


def _columns(model: type[models.Model], strides: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Each column with the expression of its copy; `t` is the original, `c` the copy."""
    for field in model._meta.concrete_fields:
        if not field.generated:
            yield field.column, _expression(field, model._meta.db_table, strides)


def _expression(field: models.Field, table: str, strides: dict[str, int]) -> str:
    column = f"t.{field.column}"
    if given := _EXPRESSIONS.get(f"{table}.{field.column}"):
        return given
    pointed = table if field.primary_key else field.related_model and field.related_model._meta.db_table
    if pointed in strides:
        return f"{column} + c.turn * {strides[pointed]}::bigint"
    if isinstance(field, CodeField):
        return f"c.code || substr({column}, {_STREET + 1})"
    if hasattr(field, "geom_type"):
        return f"ST_Affine({column}, c.scale, 0, 0, c.scale, c.east, c.north)"
    return column


def raise_sequences() -> None:
    """Let new rows be numbered after the copied ones."""
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
