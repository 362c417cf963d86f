"""Loading the code tables: idempotent, and of a file only what changed in it (`ledger.py` says why).

An entry that has left its file is retired, not deleted: old records still name it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from gis.codes.entries import Code
from gis.codes.ledger import news_of, remember

TABLES = Path(__file__).parent / "tables"
_CATEGORIES = {"event_class_community", "event_class_city", "component_class"}


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of `tables/NAME.csv`, every value a string."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def table_names() -> list[str]:
    """The plain code tables, by name. Categories have a model of their own (`gis.incidents.categories`)."""
    return sorted(path.stem for path in TABLES.glob("*.csv") if path.stem not in _CATEGORIES)


@transaction.atomic
def load_table(name: str) -> int:
    """Bring one table up to its file; the number of entries in the file."""
    rows = {row["code"]: row for row in read_table(name)}
    news = news_of(name, rows)
    if news:
        entries = [_entry(name, position, row) for position, row in enumerate(rows.values())]
        _store([entry for entry in entries if entry.code in news.changed], ["name", "position", "details", "retired"])
        _store([entry for entry in entries if entry.code not in news.changed], ["position"])
        Code.objects.filter(table=name, code__in=news.gone).update(retired=True)
        remember(name, rows)
    return len(rows)


def _store(entries: list[Code], fields: list[str]) -> None:
    keys = ["table", "code"]
    Code.objects.bulk_create(entries, update_conflicts=True, unique_fields=keys, update_fields=fields)


def _entry(table: str, position: int, row: dict[str, str]) -> Code:
    details = {column: value for column, value in row.items() if column not in ("code", "name") and value}
    return Code(table=table, code=row["code"], name=row["name"], position=position, details=details, retired=False)
