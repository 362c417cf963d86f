"""What a list is: columns, and the rows that an address finds for a reader."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import OutOfScope
from web.pages.choices import chosen_area
from web.pages.held import held_text

#: Rows whose words are looked up at once.
_AT_ONCE = 2_000
#: Kinds of columns.
TEXT, WHOLE, NUMBER, DAY, TIME = "text", "whole", "number", "day", "time"


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list and who asks, under the names that a request has, so that either is read alike.

    `text`: the words searched for that the address only names by a token.
    """

    GET: QueryDict
    access: Access
    user: User
    text: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        return cls(request.GET, request.access, request.user, held_text(request))

    @property
    def scope(self) -> Scope:
        return self.access.which("area.read")

    def area(self, capability: str = "area.read") -> str:
        """The area asked for, "" where none is or it is not the reader's."""
        return chosen_area(self.GET.get("area", ""), self.access.which(capability))


@dataclass(frozen=True)
class Column:
    """`value` gives the cell of a row: text, number, day or time by `kind`, None for none.

    It may look things up in what the list's `known` has asked for all rows at once. `field` is its English name in
    files. On a page, `link` is where the cell leads, `part` a template that draws it.
    """

    field: str
    name: str | Promise
    value: Callable[[Any, Any], Any]
    kind: str = TEXT
    width: int = 16
    link: Callable[[Any], str] | None = None
    part: str = ""
    on_page: bool = True
    #: Personal data are shown under the rules of fields and leave by a subscription only: never in a file of a list.
    is_personal: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in (WHOLE, NUMBER)


class Listing:
    """A list. A subclass names its facts and overrides what differs."""

    code: str
    name: str | Promise
    columns: tuple[Column, ...]
    #: What an address may ask; the rest of it is nothing to the list.
    fields: tuple[str, ...] = ("area",)
    #: Capabilities without which there is no row.
    needs: tuple[str, ...] = ("area.read",)
    #: Further ones that some column depends on, wherever the reader holds them.
    uses: tuple[str, ...] = ()
    #: The kind of shape of a row, "" where it has none; the field that names it on a map.
    shape = ""
    called = "name"

    def find(self, asked: Asked) -> QuerySet | Sequence:
        """The rows in their order."""
        raise NotImplementedError

    def known(self, rows: list, asked: Asked) -> Any:
        """What the columns look up for these rows."""
        return None

    def shapes(self, rows: list) -> np.ndarray:
        """The shape of each row in degrees (EPSG:4326), None where it has none."""
        raise NotImplementedError

    def scope(self, asked: Asked) -> Scope:
        """The areas a file of it tells of. Raises OutOfScope where the reader may see nothing."""
        return _where(self.needs, asked.GET.get("area", ""), asked)

    def used(self, asked: Asked, scope: Scope) -> dict[str, str]:
        """The further capabilities and where the reader holds them, as `Scope.setting` writes it."""
        held = {name: _within(asked.access.which(name), scope.areas) for name in self.uses}
        return {name: held_at.setting for name, held_at in held.items() if held_at}

    def note_search(self, asked: Asked) -> None:
        """Note whom the words of a search have found, where they may be of a person."""

    @property
    def filed(self) -> list[Column]:
        return [column for column in self.columns if not column.is_personal]

    @property
    def shown(self) -> list[Column]:
        return [column for column in self.columns if column.on_page]


def _where(needs: tuple[str, ...], area: str, asked: Asked) -> Scope:
    scope = asked.access.which(needs[0])
    for capability in needs[1:]:
        scope = _within(asked.access.which(capability), scope.areas)
    if chosen_area(area, scope):
        scope = Scope.of([area])
    if not scope:
        raise OutOfScope(_("这里没有您可以导出的内容。"), fix=_("请在自己的辖区内选择。"))
    return scope


def _within(scope: Scope, areas: tuple[str, ...]) -> Scope:
    return Scope.of(part for code in areas for part in scope.within(code).areas)


def cells_of(listing: Listing, columns: list[Column], asked: Asked) -> Iterator[tuple[list, list[list]]]:
    """All rows of a list, some at a time: the rows, and of each its cells."""
    found = listing.find(asked)
    rows = found.iterator(chunk_size=_AT_ONCE) if isinstance(found, QuerySet) else iter(found)
    while some := list(islice(rows, _AT_ONCE)):
        known = listing.known(some, asked)
        yield some, [[column.value(row, known) for column in columns] for row in some]
