"""Loading the incident categories from the code tables, idempotent like the codes themselves."""

from collections.abc import Iterable

from gis.codes.loading import read_table
from gis.incidents.category import Category

_NOT_ALWAYS = ["major", "name", "urgent", "accept_within_hours", "dispose_within", "dispose_unit", "retired"]


def load_categories() -> int:
    """Bring all three category systems up to their files; the number of categories in force."""
    rows = [*map(_community, read_table("event_class_community"))]
    rows += [_plain(Category.Kind.CITY, row) for row in read_table("event_class_city") if row["seed"] == "yes"]
    rows += [_plain(Category.Kind.COMPONENT, row) for row in read_table("component_class")]
    return _store(rows)


def _store(rows: Iterable[Category]) -> int:
    rows = list(rows)
    Category.objects.bulk_create(rows, update_conflicts=True, unique_fields=["kind", "code"], update_fields=_NOT_ALWAYS)
    return len(rows)


def _community(row: dict[str, str]) -> Category:
    return Category(
        kind=Category.Kind.COMMUNITY,
        code=row["code"],
        major=row["major_name"],
        name=row["name"],
        urgent=row["level"] == "urgent",
        accept_within_hours=int(row["accept_within_work_hours"]),
        dispose_within=int(row["dispose_within"]),
        dispose_unit=row["dispose_unit"],
    )


def _plain(kind: str, row: dict[str, str]) -> Category:
    return Category(kind=kind, code=row["code"], major=row["major_name"], name=row["name"])
