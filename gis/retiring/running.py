"""A run over every class: what would be deleted, or deleting it a batch at a time and writing down how many."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from gis.retiring.hold import Retired
from gis.retiring.persons import gone_before, retire_people
from gis.retiring.records import BY_FIELD, RECORDS, clear_sessions
from gis.retiring.terms import before, classes, months

#: Records of one transaction.
BATCH = 500


@dataclass(frozen=True)
class Over:
    """How many records of a class are over; those from before `day` are, where the class has one term."""

    name: str
    day: date | None
    records: int


def over(today: date, only: str = "") -> list[Over]:
    """What a run would delete, class by class. Changes nothing."""
    return [Over(name, _day(name, today), _rows(name, today).count()) for name in classes() if only in ("", name)]


def retire(today: date, tell: Callable[[str, int], object] = lambda *_: None, only: str = "") -> list[Over]:
    """Delete what is over. Killed at any moment, what is deleted is deleted and the next run goes on."""
    run, done = uuid.uuid4(), []
    for name in [name for name in classes() if only in ("", name)]:
        count = 0
        for number in _batches(name, today):
            count += number
            tell(name, count)
        if count:
            Retired.objects.create(run=run, what=name, records=count, before=_day(name, today))
        done.append(Over(name, _day(name, today), count))
    if not only:
        clear_sessions(timezone.now())
    return done


def _day(name: str, today: date) -> date | None:
    count = months(name)
    return before(today, count) if count else None


def _rows(name: str, today: date):
    if name == "person":
        return gone_before(_day(name, today))
    return BY_FIELD[name].over(today) if name in BY_FIELD else RECORDS[name].over(_day(name, today))


def _batches(name: str, today: date) -> Iterator[int]:
    """Delete until nothing is left; how many each time."""
    while True:
        number = _batch(name, today)
        if not number:
            return
        yield number


def _batch(name: str, today: date) -> int:
    if name == "person":
        return retire_people(_day(name, today), today, BATCH)
    with transaction.atomic():
        keys = list(_rows(name, today).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if keys:
            (BY_FIELD | RECORDS)[name].retire(keys)
    return len(keys)
