"""Many rows into a table that row-level security guards: COPY is refused there, so they go by way of one that ends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, models

from gis.exchange.copying import Column, copy_columns


def add_rows(
    model: type[models.Model], columns: Mapping[str, Column], *, unless_there: bool = False, now: tuple[str, ...] = (),
    of_all: Mapping[str, object] | None = None,
) -> set[int]:  # fmt: skip
    """Append rows with the rights of whoever runs this. Columns by their names in the database.

    `unless_there`: leave out those that a unique index refuses; the keys of the others. `now`: columns of the moment.
    `of_all`: columns that have one value in all of them.
    """
    if not len(next(iter(columns.values()))):
        return set()
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    same = of_all or {}
    into = ", ".join(map(quote, (*columns, *now, *same)))
    values = ", ".join((names, *["now()"] * len(now), *["%s"] * len(same)))
    ending = "ON CONFLICT DO NOTHING RETURNING id" if unless_there else ""
    with on_the_way(model, columns) as way, connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM {way} {ending}", [*same.values()])  # noqa: S608 - names are the model's
        return {key for (key,) in cursor.fetchall()} if unless_there else set()


@contextmanager
def on_the_way(model: type[models.Model], columns: Mapping[str, Column]) -> Iterator[str]:
    """A table of this transaction that holds some columns of a model's, by their names in the database: its name."""
    quote = connection.ops.quote_name
    way = f"way_{model._meta.db_table}"
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {quote(way)} ON COMMIT DROP AS "  # noqa: S608 - names are the model's
            f"SELECT {names} FROM {quote(model._meta.db_table)} WITH NO DATA"
        )
        copy_columns(way, columns, like=model)
        yield quote(way)
        cursor.execute(f"DROP TABLE {quote(way)}")
