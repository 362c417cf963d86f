"""The glossary: what the words of the product mean, in Chinese and English."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_TABLE = Path(__file__).with_name("glossary.csv")
#: Groups of terms in their order.
GROUPS = {
    "area": _("辖区和网格"),
    "place": _("地方"),
    "people": _("居民"),
    "case": _("事件"),
    "risk": _("风险"),
    "work": _("工作"),
}


@dataclass(frozen=True)
class Term:
    group: str
    term: str
    term_en: str
    meaning: str
    meaning_en: str

    @property
    def shown(self) -> str:
        return self.term_en if _english() else self.term

    @property
    def other(self) -> str:
        """The term in the other language."""
        return self.term if _english() else self.term_en

    @property
    def told(self) -> str:
        return self.meaning_en if _english() else self.meaning


def _english() -> bool:
    return (get_language() or "").startswith("en")


@cache
def terms() -> tuple[Term, ...]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(Term(**row) for row in csv.DictReader(lines))
