"""A page of a long list. Counting stops at a limit: nobody turns to page 5,000, and the count would cost too much."""

from dataclasses import dataclass
from math import ceil

from django.db.models import QuerySet

SIZE = 50
#: Rows beyond this are neither counted nor paged to: narrow the filter instead.
MOST = 10_000


@dataclass(frozen=True)
class Page:
    rows: list
    number: int
    last: int
    total: int
    more: bool  # there are more than `total`
    size: int = SIZE

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.last else None

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1


def page_of(rows: QuerySet, wanted: str | None) -> Page:
    """The wanted page of an ordered queryset; the nearest one where the number is none or out of range."""
    counted = rows.order_by()[: MOST + 1].count()
    total, last = min(counted, MOST), max(1, ceil(min(counted, MOST) / SIZE))
    number = min(max(read_number(wanted) or 1, 1), last)
    start = (number - 1) * SIZE
    return Page(list(rows[start : min(start + SIZE, total)]), number, last, total, counted > MOST)


@dataclass(frozen=True)
class Cut:
    """Where a page lies in a list whose length is known: rows `start` to `end`, the latter not included."""

    number: int
    last: int
    start: int
    end: int


def page_at(total: int, wanted: str | None, size: int = SIZE) -> Cut:
    """The wanted page; the nearest one where the number is none or out of range."""
    last = max(1, ceil(total / size))
    number = min(max(read_number(wanted) or 1, 1), last)
    return Cut(number, last, (number - 1) * size, min(number * size, total))


def read_number(text: str | None) -> int | None:
    """A whole number as typed into an address, None where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
