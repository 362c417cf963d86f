"""Many rows into a table that row-level security guards: COPY is refused there, so they go by way of one that ends."""

from collections.abc import Mapping

from django.db import connection, models

from gis.exchange.copying import Column, copy_columns


def add_rows(
    model: type[models.Model], columns: Mapping[str, Column], *, unless_there: bool = False, now: tuple[str, ...] = ()
) -> set[int]:
    """Append rows with the rights of whoever runs this. Columns by their names in the database.

    `unless_there`: leave out those that a unique index refuses; the keys of the others. `now`: columns of the moment.
    """
    if not len(next(iter(columns.values()))):
        return set()
    quote = connection.ops.quote_name
    table, way = quote(model._meta.db_table), quote(f"way_{model._meta.db_table}")
    names = ", ".join(map(quote, columns))
    into = ", ".join(map(quote, (*columns, *now)))
    values = ", ".join((names, *["now()"] * len(now)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {way} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 - names are the model's
        copy_columns(f"way_{model._meta.db_table}", columns, like=model)
        ending = "ON CONFLICT DO NOTHING RETURNING id" if unless_there else ""
        cursor.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM {way} {ending}")  # noqa: S608 - the same
        written = {key for (key,) in cursor.fetchall()} if unless_there else set()
        cursor.execute(f"DROP TABLE {way}")
    return written
