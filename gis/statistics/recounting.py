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
_COLUMNS = {"grid_figures": f"area, {_NAMES}", "grid_births": "area, sex, year, number"}


def wrong_areas() -> set[str]:
    """Codes of the areas whose kept figures differ from a recount. Empty is right."""
    wrong: set[str] = set()
    with connection.cursor() as cursor:
        for table, kept in _KEPT.items():
            counted = f"SELECT {_COLUMNS[table]} FROM ({recount_sql(table)}) c"
            for left, right in ((kept, counted), (counted, kept)):
                cursor.execute(f"SELECT DISTINCT area FROM ({left} EXCEPT {right}) d")
                wrong.update(area for (area,) in cursor.fetchall())
    return wrong


def recount() -> None:
    """Replace every kept figure by a recount. Writers wait until it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE grid_building, grid_dwelling, grid_household, grid_incident, grid_residence, grid_resident"
            " IN SHARE MODE"
        )
        for table, columns in _COLUMNS.items():
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(
                f"INSERT INTO {table} ({columns}, changed)"
                f" SELECT {columns}, pg_current_xact_id()::text::bigint FROM ({recount_sql(table)}) c"
            )
