"""Loading the incident categories from the code tables: idempotent, and of a file only what changed in it."""

from collections.abc import Callable

from django.db import transaction

from gis.codes.ledger import news_of, remember
from gis.codes.loading import read_table
from gis.incidents.category import Category
from gis.incidents.publicity import load_publicity

_FIELDS = ["major", "name", "urgent", "accept_within_hours", "dispose_within", "dispose_unit", "retired"]


def load_categories() -> int:
    """Bring all three category systems up to their files; the number of categories in the files."""
    city = [row for row in read_table("event_class_city") if row["seed"] == "yes"]
    number = (
        _load(Category.Kind.COMMUNITY, list(read_table("event_class_community")), _timed)
        + _load(Category.Kind.CITY, city, _plain)
        + _load(Category.Kind.COMPONENT, list(read_table("component_class")), _plain)
    )
    load_publicity()
    return number


@transaction.atomic
def _load(kind: str, lines: list[dict[str, str]], made: Callable[[str, dict[str, str]], Category]) -> int:
    rows = {row["code"]: row for row in lines}
    news = news_of(f"category-{kind}", rows)
    if news:
        changed = [made(kind, row) for code, row in rows.items() if code in news.changed]
        keys = ["kind", "code"]
        Category.objects.bulk_create(changed, update_conflicts=True, unique_fields=keys, update_fields=_FIELDS)
        Category.objects.filter(kind=kind, code__in=news.gone).update(retired=True)
        remember(f"category-{kind}", rows)
    return len(rows)


def _timed(kind: str, row: dict[str, str]) -> Category:
    category = _plain(kind, row)
    category.urgent = row["level"] == "urgent"
    category.accept_within_hours = int(row["accept_within_work_hours"])
    category.dispose_within = int(row["dispose_within"])
    category.dispose_unit = row["dispose_unit"]
    return category


def _plain(kind: str, row: dict[str, str]) -> Category:
    return Category(kind=kind, code=row["code"], major=row["major_name"], name=row["name"])
