"""Bringing the categories up to the files of the standard: idempotent, and never over what was changed here.

Each category keeps what the file last said of it (`Category.standard`). A field that the file says differently now
changes from this moment on, where the category still says what the file said before; where it says something else,
somebody here decided so, and the page of the categories shows both. A code is never given to another thing.
"""

import csv
from pathlib import Path

from django.db import transaction

from gis.codes.loading import read_table
from gis.incidents.category import Category
from gis.incidents.category_change import CategoryChange
from gis.incidents.category_changing import change_category, keep_up

#: What a file may say of a category.
STANDARD_FIELDS = (
    "major", "name", "urgent", "accept_within_hours", "dispose_within", "dispose_unit", "is_public", "synonyms",
    "retired",
)  # fmt: skip
_FOLDER = Path(__file__).parent
_NOTHING = {
    "urgent": False, "accept_within_hours": None, "dispose_within": None, "dispose_unit": "", "is_public": False,
    "synonyms": "", "retired": False,
}  # fmt: skip


def load_categories() -> int:
    """Bring all three category systems up to their files; the number of categories in the files."""
    keep_up()
    files = standard()
    for kind, rows in files.items():
        _load(kind, rows)
    return sum(map(len, files.values()))


def standard() -> dict[str, dict[str, dict]]:
    """What the files say, by kind and code."""
    city = [row for row in read_table("event_class_city") if row["seed"] == "yes"]
    tables = {
        Category.Kind.COMMUNITY: read_table("event_class_community"),
        Category.Kind.CITY: city,
        Category.Kind.COMPONENT: read_table("component_class"),
    }
    public, words = _publicity(), _synonyms()
    return {
        str(kind): {
            row["code"]: _NOTHING
            | {
                "major": row["major_name"],
                "name": row["name"],
                "is_public": public.get((str(kind), row["code"]), False),
            }
            | (_times(row) if "level" in row else {})
            | ({"synonyms": words.get(row["code"], "")} if kind == Category.Kind.COMMUNITY else {})
            for row in rows
        }
        for kind, rows in tables.items()
    }


def _times(row: dict[str, str]) -> dict:
    return {
        "urgent": row["level"] == "urgent",
        "accept_within_hours": int(row["accept_within_work_hours"]),
        "dispose_within": int(row["dispose_within"]),
        "dispose_unit": row["dispose_unit"],
    }


def _publicity() -> dict[tuple[str, str], bool]:
    """Which categories anybody may hear of: rubbish, lamps, manholes, roads; not what points at a household, a
    business or a person."""
    return {(row["kind"], row["code"]): row["is_public"] == "1" for row in _rows("category_publicity.csv")}


def _synonyms() -> dict[str, str]:
    return {row["code"]: row["words"] for row in _rows("category_synonyms.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@transaction.atomic
def _load(kind: str, rows: dict[str, dict]) -> None:
    known = {one.code: one for one in Category.objects.filter(kind=kind)}
    fresh = [Category(kind=kind, code=code, standard=row, **row) for code, row in rows.items() if code not in known]
    Category.objects.bulk_create(fresh)
    for code, category in known.items():
        row = rows.get(code)
        if row is not None and category.standard != row:
            _follow(category, row)
        elif row is None and category.standard and not category.standard["retired"]:
            _follow(category, category.standard | {"retired": True})


def _follow(category: Category, row: dict) -> None:
    """Take over what the file says anew, of what still is as the file said before."""
    said = category.standard
    if said is None:  # from before files were remembered: what was never asked about is taken, the rest is shown
        words = {} if category.log or category.synonyms else {"synonyms": row["synonyms"]}
        Category.objects.filter(pk=category.pk).update(standard=row, **words)
        return
    wanted = {name: row[name] for name in STANDARD_FIELDS if row[name] != said[name] == getattr(category, name)}
    if wanted:
        change_category(category, wanted, user=None, origin=CategoryChange.Origin.STANDARD)
    Category.objects.filter(pk=category.pk).update(standard=row)


def differences(category: Category) -> dict[str, tuple]:
    """What a category says otherwise than the standard: field → (the standard, here)."""
    said = category.standard or {}
    return {
        name: (said[name], getattr(category, name)) for name in STANDARD_FIELDS if name in said
        and said[name] != getattr(category, name)
    }  # fmt: skip
