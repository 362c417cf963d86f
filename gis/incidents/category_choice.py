"""The categories one may report in, each with the words by which people look for it."""

from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from gis.incidents.category import Category


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
    return [Choice(category, keys_of(category)) for category in found]


def keys_of(category: Category) -> str:
    """All that a category is found by."""
    return _keys(category.name, category.synonyms, category.major)


@lru_cache(maxsize=2000)
def _keys(name: str, synonyms: str, major: str) -> str:
    words = [name, *synonyms.split(), major]
    initials = ["".join(lazy_pinyin(word, style=Style.FIRST_LETTER)) for word in words]
    spelled = ["".join(lazy_pinyin(word)) for word in words]
    return " ".join(dict.fromkeys([*words, *initials, *spelled])).lower()
