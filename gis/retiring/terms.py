"""How long what is kept: `terms.csv`, a row a class, which the setting RETENTION_MONTHS may change."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from gis.errors import WanggeError

_TABLE = Path(__file__).with_name("terms.csv")
_SHORTEST, _LONGEST = 1, 1200


@cache
def _rows() -> dict[str, dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["class"]: row for row in csv.DictReader(lines)}


def classes() -> list[str]:
    return list(_rows())


def since(name: str) -> str:
    """From when the term of a class counts, in words."""
    return _rows()[name]["since"]


def months(name: str) -> int | None:
    """The term of a class; None where each record has its own. Raises WanggeError for a setting that makes no sense."""
    own = _rows()[name]["months"]
    return _wished().get(name, int(own) if own else None)


def _wished() -> dict[str, int]:
    """`person=60,photo=24`, as the setting says."""
    wished = {}
    for part in settings.RETENTION_MONTHS:
        name, _equals, text = part.partition("=")
        of_its_own = name in _rows() and _rows()[name]["months"]
        if not of_its_own or not text.isdecimal() or not _SHORTEST <= int(text) <= _LONGEST:
            raise WanggeError(
                "RETENTION_MONTHS names no class of records with a number of months.",
                fix=f"Write it as person=60,photo=24, with {', '.join(n for n in _rows() if _rows()[n]['months'])}.",
            )
        wished[name] = int(text)
    return wished


def before(day: date, count: int) -> date:
    """The day that many months earlier; of a shorter month its last."""
    total = day.year * 12 + day.month - 1 - count
    year, month = divmod(total, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))
