"""Loading the code tables: idempotent, so a corrected CSV is loaded by running it again.

An entry that has left its file is retired, not deleted: old records still name it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from gis.codes.entries import Code

TABLES = Path(__file__).parent / "tables"
_CATEGORIES = {"event_class_community", "event_class_city", "component_class"}


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of `tables/NAME.csv`, every value a string."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def table_names() -> list[str]:
    """The plain code tables, by name. Categories have a model of their own (`gis.incidents.categories`)."""
    return sorted(path.stem for path in TABLES.glob("*.csv") if path.stem not in _CATEGORIES)


def load_table(name: str) -> int:
    """Bring one table up to its file; the number of entries in force."""
    entries = [_entry(name, position, row) for position, row in enumerate(read_table(name))]
    with transaction.atomic():
        Code.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["table", "code"],
            update_fields=["name", "position", "details", "retired"],
        )
        Code.objects.filter(table=name).exclude(code__in=[entry.code for entry in entries]).update(retired=True)
    return len(entries)


def _entry(table: str, position: int, row: dict[str, str]) -> Code:
    details = {column: value for column, value in row.items() if column not in ("code", "name") and value}
    return Code(table=table, code=row["code"], name=row["name"], position=position, details=details, retired=False)
