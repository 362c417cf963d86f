"""The categories one may report in, each with the words by which people look for it."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from gis.incidents.category import Category

_SYNONYMS = Path(__file__).with_name("category_synonyms.csv")


@dataclass(frozen=True)
class Choice:
    """One category. `keys` holds everything it can be found by, lower case, parted by blanks: 井盖缺失破损 is found by
    its name, by 窨井, by jgqs and by jinggai.
    """

    category: Category
    keys: str


def category_choices(kind: str = Category.Kind.COMMUNITY) -> list[Choice]:
    """The categories of one system that are in use, in the order of their codes."""
    found = Category.objects.filter(kind=kind, retired=False).order_by("code")
    return [Choice(category, _keys(category.kind, category.code, category.name, category.major)) for category in found]


@cache
def _keys(kind: str, code: str, name: str, major: str) -> str:
    words = [name, *(_synonyms().get(code, "").split() if kind == Category.Kind.COMMUNITY else ()), major]
    initials = ["".join(lazy_pinyin(word, style=Style.FIRST_LETTER)) for word in words]
    spelled = ["".join(lazy_pinyin(word)) for word in words]
    return " ".join(dict.fromkeys([*words, *initials, *spelled])).lower()


@cache
def _synonyms() -> dict[str, str]:
    with _SYNONYMS.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["words"] for row in csv.DictReader(lines)}
