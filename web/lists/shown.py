"""A page of a list as its template draws it, and the box that orders the list as a file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import localize

from web.lists.files import kinds_of
from web.lists.listing import Asked, Column, Listing


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Any
    row: Any

    @property
    def text(self) -> str:
        return words(self.value)

    @property
    def href(self) -> str:
        return self.column.link(self.row) if self.column.link else ""


@dataclass(frozen=True)
class Table:
    """`known`: what the list has looked up for its rows."""

    columns: list[Column]
    rows: list[list[Cell]]
    known: Any


def words(value) -> str:
    """A value as a page writes it: thousands apart, a time to the minute, a dash for none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value:,}"
    return localize(round(value, 2)) if isinstance(value, float) else str(value)


def table_of(listing: Listing, rows: list, asked: Asked) -> Table:
    """Some rows of a list."""
    known, columns = listing.known(rows, asked), listing.shown
    return Table(columns, [[Cell(one, one.value(row, known), row) for one in columns] for row in rows], known)


@dataclass(frozen=True)
class Export:
    """What the form posts that orders the list, as its address finds it, in one of `kinds`."""

    code: str
    query: str
    kinds: list[tuple[str, str]]
    leaves_out: list[str]


def export_of(listing: Listing, asked: Asked) -> Export:
    query = asked.GET.copy()
    for name in [name for name in query if name not in (*listing.fields, "held") or not query[name]]:
        del query[name]
    personal = [str(column.name) for column in listing.columns if column.is_personal]
    kinds = [(kind.value, str(kind.label)) for kind in kinds_of(listing)]
    return Export(listing.code, query.urlencode(), kinds, personal)
