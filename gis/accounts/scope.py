"""One rule of scope for everything: list, detail, map, tile, export, statistics, live feed.

Every row that belongs somewhere carries `area`: the 15-digit code of its cell, or the 12-digit code of its
community while no cell holds it. An area's codes are the range `[code, code + ':')` — ':' is the byte after
'9' — so "inside this street" is one comparison on an index. `Access` answers both questions from the same
postings: "may I?" (`may`) and "which may I?" (`which`, a `Scope` that filters a queryset or writes SQL).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q

from gis.accounts.roles import capabilities, roles
from gis.errors import BadCode

_AREA = re.compile(r"[0-9]{2,15}")
#: The database role of requests: neither owner nor superuser, so row-level security holds for it.
RUNTIME_ROLE = "wangge_app"


@dataclass(frozen=True)
class Scope:
    """A set of areas, none inside another. Empty means nothing, never everything."""

    areas: tuple[str, ...]

    @classmethod
    def of(cls, codes: Iterable[str]) -> "Scope":
        """The scope of some areas, whichever order they come in.

        Raises BadCode for anything but 2–15 digits: an empty code would be the prefix of every other.
        """
        kept: list[str] = []
        for code in sorted(set(codes)):
            if not _AREA.fullmatch(code):
                raise BadCode("An area code is 2 to 15 digits.", fix="Correct the posting that names it.")
            if not kept or not code.startswith(kept[-1]):
                kept.append(code)
        return cls(tuple(kept))

    def __bool__(self) -> bool:
        return bool(self.areas)

    def covers(self, area: str | None) -> bool:
        """Whether an area code lies wholly inside the scope."""
        return area is not None and any(area.startswith(code) for code in self.areas)

    def touches(self, area: str) -> bool:
        """Whether an area is inside the scope or above part of it: its name may be shown, not its figures."""
        return self.covers(area) or any(code.startswith(area) for code in self.areas)

    def within(self, area: str) -> "Scope":
        """The part of the scope inside one area."""
        if self.covers(area):
            return Scope((area,))
        return Scope(tuple(code for code in self.areas if code.startswith(area)))

    def q(self, column: str = "area") -> Q:
        """The rows inside the scope, as a condition for a queryset."""
        condition = Q(pk__in=[])
        for code in self.areas:
            condition |= Q(**{f"{column}__gte": code, f"{column}__lt": code + ":"})
        return condition

    def sql(self, column: str = "area") -> tuple[str, list[str]]:
        """The same condition as SQL text and its parameters. `column` is ours, never input."""
        if not self.areas:
            return "FALSE", []
        ranges = " OR ".join(f"({column} >= %s AND {column} < %s)" for _ in self.areas)
        return f"({ranges})", [bound for code in self.areas for bound in (code, code + ":")]

    @property
    def setting(self) -> str:
        """The value of `app.scope` that the row-level security policies read."""
        return ",".join(self.areas)


@dataclass(frozen=True)
class Access:
    """What a person may do, and where: a scope for every capability of the role table."""

    scopes: dict[str, Scope]
    postings: tuple[tuple[str, str], ...]  # (role, area)

    @classmethod
    def of_postings(cls, postings) -> "Access":
        codes: dict[str, list[str]] = defaultdict(list)
        held = []
        for posting in postings:
            held.append((posting.role, posting.area))
            # A role that has left the table opens nothing.
            role = roles().get(posting.role)
            for capability in role.capabilities if role else ():
                codes[capability].append(posting.area)
        return cls({name: Scope.of(areas) for name, areas in codes.items()}, tuple(held))

    @classmethod
    def none(cls) -> "Access":
        return cls({}, ())

    def which(self, capability: str) -> Scope:
        """The areas in which the capability is held."""
        if capability not in capabilities():
            raise KeyError(f"{capability} is not a column of roles.csv")
        return self.scopes.get(capability, Scope(()))

    def may(self, capability: str, area: str | None) -> bool:
        """Whether the capability is held for a row of that area code."""
        return self.which(capability).covers(area)

    def roles_at(self, area: str) -> set[str]:
        """The roles whose posting covers an area."""
        return {role for role, code in self.postings if area.startswith(code)}

    def may_anywhere(self, capability: str) -> bool:
        return bool(self.which(capability))


@contextmanager
def applied(scope: Scope):
    """A transaction in which the database itself shows personal rows of `scope` only.

    The role and the setting end with the transaction, so a pooled connection carries nothing to the next
    request. Inside another transaction they end with this block. A streaming response or a task that outlives
    its view opens its own: without one it sees no person at all.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _settings() if nested else None
        _set(scope.setting, RUNTIME_ROLE)
        yield
        if before:
            _set(*before)


def _settings() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.scope', true), ''), current_setting('role')")
        return cursor.fetchone()


def _set(scope: str, role: str) -> None:
    # One statement for both: a round trip is a fifth of what a tile may cost.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.scope', %s, true), set_config('role', %s, true)", [scope, role])
