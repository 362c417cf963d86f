"""The life of a category as stretches of time, each saying the same from its first day to its last."""

from dataclasses import dataclass
from datetime import datetime
from math import log2

from gis.incidents.category import FIELDS, Category, Terms
from gis.incidents.category_change import BEGINNING, CategoryChange


@dataclass(frozen=True)
class Stretch:
    """`since` None: from the beginning; `until` None: until further notice. `width`: its share of a picture, 0–100,
    the longer the wider, but not in proportion: a day stays visible beside a year; `left`: where that begins. `stands`:
    past, now or later.
    """

    since: datetime | None
    until: datetime | None
    terms: Terms
    changed: tuple[str, ...]
    left: float
    width: float
    stands: str


def stretches(category: Category, now: datetime) -> list[Stretch]:
    """The stretches of a category, the earliest first."""
    begins = sorted({datetime.fromisoformat(since) for since, _sets in category.log} | {BEGINNING})
    shown = [moment for moment in begins if moment == BEGINNING or _differs(category, moment)]
    ends = [*shown[1:], None]
    weights = [_weight(since, until, now) for since, until in zip(shown, ends, strict=True)]
    return [
        Stretch(
            None if since == BEGINNING else since, until, category.at(since),
            () if since == BEGINNING else tuple(_changed(category, since)),
            100 * sum(weights[:number]) / sum(weights),
            100 * weight / sum(weights),
            "later" if since > now else "past" if until and until <= now else "now",
        )
        for number, (since, until, weight) in enumerate(zip(shown, ends, weights, strict=True))
    ]  # fmt: skip


def _before(category: Category, moment: datetime) -> Terms:
    earlier = [since for since, _sets in category.log if datetime.fromisoformat(since) < moment]
    return category.at(max(map(datetime.fromisoformat, earlier), default=BEGINNING))


def _changed(category: Category, moment: datetime) -> list[str]:
    before, after = _before(category, moment), category.at(moment)
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def _differs(category: Category, moment: datetime) -> bool:
    return bool(_changed(category, moment))


def _weight(since: datetime, until: datetime | None, now: datetime) -> float:
    if since == BEGINNING or until is None:
        return 6.0
    return 1.0 + log2(1 + (until - since).total_seconds() / 86_400)


def entries(category: Category) -> list[CategoryChange]:
    """Who changed what, when and why, the latest first; what was withdrawn too."""
    changes = category.changes.exclude(origin=CategoryChange.Origin.BEFORE)
    return list(changes.select_related("made_by", "withdrawn_by").order_by("-since", "-pk"))
