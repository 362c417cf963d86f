"""What each table's file held when it was last loaded, so that loading takes in what changed in it and nothing else.

`load_codes` runs at every start. An administrator who has shortened a time limit or added an entry must find it there
the next day; a corrected file must still arrive. So a row is written when its line in the file differs from the last
time, and retired when its line has gone. The ledger is an entry too: table `loaded`, details {key: digest of the line}.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from gis.codes.entries import Code

#: The table of the ledger itself, which no page lists.
LEDGER = "loaded"


@dataclass(frozen=True)
class News:
    """What a file says that it did not say last time: keys of its new or changed lines, and of those that have gone."""

    changed: frozenset[str]
    gone: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone)


def news_of(name: str, rows: Mapping[str, dict[str, str]]) -> News:
    """The lines of a file, by key, held against its last loading."""
    known = Code.objects.filter(table=LEDGER, code=name).values_list("details", flat=True).first() or {}
    return News(
        frozenset(key for key, row in rows.items() if known.get(key) != _digest(row)),
        frozenset(known.keys() - rows.keys()),
    )


def remember(name: str, rows: Mapping[str, dict[str, str]]) -> None:
    details = {key: _digest(row) for key, row in rows.items()}
    Code.objects.update_or_create(table=LEDGER, code=name, defaults={"name": name, "details": details})


def _digest(row: dict[str, str]) -> str:
    line = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(line.encode(), digest_size=8).hexdigest()
