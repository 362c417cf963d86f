"""Holding the kept figures against a full recount, and mending them."""

from django.db import connection, transaction

from gis.statistics.figures import Figures
from gis.statistics.keeping import recount_sql

_NAMES = ", ".join(Figures.NAMES)
_ZEROS = ", ".join("0" for _ in Figures.NAMES)
_KEPT = {
    "grid_figures": f"SELECT area, {_NAMES} FROM grid_figures WHERE ({_NAMES}) <> ({_ZEROS})",
    "grid_births": "SELECT area, sex, year, number FROM grid_births WHERE number <> 0",
}
_KEYS = {"grid_figures": ["area"], "grid_births": ["area", "sex", "year"]}
_SUMS = {"grid_figures": Figures.NAMES, "grid_births": ("number",)}


def wrong_areas(communities: list[str] | None = None) -> set[str]:
    """Codes of the areas whose kept figures differ from a recount, of all or of some communities. Empty is right."""
    wrong: set[str] = set()
    with connection.cursor() as cursor:
        for table, kept in _KEPT.items():
            counted = f"SELECT {_columns(table)} FROM ({recount_sql(table)}) c"
            if communities is not None:
                kept, counted = (f"SELECT * FROM ({all_}) a WHERE left(area, 12) = ANY(%s)" for all_ in (kept, counted))
            params = None if communities is None else [communities, communities]
            for left, right in ((kept, counted), (counted, kept)):
                cursor.execute(f"SELECT DISTINCT area FROM ({left} EXCEPT {right}) d", params)
                wrong.update(area for (area,) in cursor.fetchall())
    return wrong


def recount() -> None:
    """Replace every kept figure by a recount. Writers wait until it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE grid_building, grid_dwelling, grid_household, grid_incident, grid_residence, grid_resident"
            " IN SHARE MODE"
        )
        for table in _KEPT:
            _replace(cursor, table)


def _replace(cursor, table: str) -> None:
    """Zeros, then the recount over them. No row goes, so a copy in memory hears of all that changed."""
    zeros = ", ".join(f"{name} = 0" for name in _SUMS[table])
    counted = ", ".join(f"{name} = excluded.{name}" for name in _SUMS[table])
    cursor.execute(f"UPDATE {table} SET {zeros}, changed = pg_current_xact_id()::text::bigint")
    cursor.execute(
        f"INSERT INTO {table} ({_columns(table)}, changed)"
        f" SELECT {_columns(table)}, pg_current_xact_id()::text::bigint FROM ({recount_sql(table)}) c"
        f" ON CONFLICT ({', '.join(_KEYS[table])}) DO UPDATE SET {counted}, changed = excluded.changed"
    )


def _columns(table: str) -> str:
    return ", ".join([*_KEYS[table], *_SUMS[table]])
