"""Whether a field that somebody wants to collect is in the catalogue already, under whatever name.

A name is brought into one spelling (width, brackets, filler words) and compared with the names and synonyms of the
fields about the same subject. The same meaning refuses a supplement; a likeness is shown for the applicant to judge.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from gis.collection.field import Field

#: What people put before and after the word itself. Longer ones first.
_BEFORE = re.compile(r"^(本人的?|居民的?|住户的?|人员的?|公民的?|个人的?|家庭成员的?|您的?|请填写|是否为?|有无)")
_AFTER = re.compile(r"(情况|信息|资料|名称|的)$")
_SIGNS = re.compile(r"[\s\W_]+")
#: From which share of common pairs of letters two names are shown as alike.
_ALIKE = 0.5


def one_spelling(name: str) -> str:
    """「 本人 联系电话（手机）」 and 「联系电话」 are one: without brackets, filler words, width and case."""
    plain = unicodedata.normalize("NFKC", name).lower()
    plain = re.sub(r"\([^)]*\)|（[^）]*）|\[[^\]]*\]|【[^】]*】", "", plain)
    plain = _SIGNS.sub("", plain)
    while True:
        shorter = _AFTER.sub("", _BEFORE.sub("", plain))
        if shorter == plain or len(shorter) < 2:
            return plain
        plain = shorter


def names_of(field: Field) -> set[str]:
    """Every name under which a field is known, in one spelling."""
    return {one_spelling(name) for name in (field.name, field.name_en, *field.synonyms.split()) if name} - {""}


@dataclass(frozen=True)
class Match:
    """A field of the catalogue beside a wanted name; `likeness` 1 is the same meaning."""

    field: Field
    likeness: float

    @property
    def is_same(self) -> bool:
        return self.likeness == 1


def matches(name: str, subject: str, fields: Iterable[Field]) -> list[Match]:
    """Fields about the subject that mean the same or sound alike, the likest first."""
    wanted = one_spelling(name)
    about = [field for field in fields if field.subject == subject]
    found = [Match(field, max((_likeness(wanted, known) for known in names_of(field)), default=0)) for field in about]
    return sorted((one for one in found if one.likeness >= _ALIKE), key=lambda one: -one.likeness)[:5]


def _likeness(one: str, other: str) -> float:
    """Dice's coefficient over pairs of letters; 1 only for the same text."""
    if one == other:
        return 1.0 if one else 0.0
    pairs, others = _pairs(one), _pairs(other)
    if not pairs or not others:
        return 0.0
    return min(2 * len(pairs & others) / (len(pairs) + len(others)), 0.99)


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
