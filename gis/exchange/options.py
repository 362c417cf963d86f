"""What the user asked of an import, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gis.exchange.merging import Tally

#: Stored in a column of 80 characters.
LONGEST_SOURCE = 80


@dataclass(frozen=True)
class Options:
    """The wishes of one import. `tell` is called with (rows done, rows in all) after each batch."""

    source: str
    crs: str | None = None
    batch: int = 20_000
    dry_run: bool = False
    margin: float = 0.0  # metres outside an area that still count as inside
    level: str | None = None
    under: str = ""
    into: str = ""
    starts: str = ""
    timezone: str = "Asia/Shanghai"
    time_format: str = ""
    category: str = ""
    tell: Callable[[int, int], None] = field(default=lambda done, total: None)


@dataclass
class Outcome:
    """What an import did, for the last lines it prints."""

    tally: Tally = field(default_factory=Tally)
    made: list[str] = field(default_factory=list)  # what else came into being, a sentence each
