"""What an indicator is: a name, a unit, and a function over arrays that gives its figures for the places on the map."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from gis.accounts.scope import Access, Scope
from gis.risk.weighting import DISTRICT, Weights
from layers.kept_figures import Kept
from layers.places import Places


@dataclass(frozen=True)
class Asked:
    """What figures are wanted: for which places, for whom, as of when; of incidents also which and for how long.

    `places` are the n places of one layer on which the reader may have the figure, `scope` is where that is, `ground`
    all places of all layers. `kept` holds the kept figures of all areas, the same for all that one answer is made of.
    `days`, `categories` (primary keys) and `majors` say which incidents; no category is all of them. `weights` are the
    reader's own of the components of risk.
    """

    places: Places
    ground: dict[str, Places]
    scope: Scope
    access: Access
    now: datetime
    kept: Kept
    days: int = 30
    categories: frozenset[int] = frozenset()
    majors: frozenset[str] = frozenset()
    compare: bool = False
    weights: Weights = DISTRICT

    def rolled(self, counts: np.ndarray) -> np.ndarray:
        """Counts beside `kept.areas`, summed up to the places."""
        return self.places.rolled(self.kept.areas, counts)


@dataclass(frozen=True)
class Computed:
    """Figures of n places, in their order.

    `values`: n numbers, NaN where none can be formed; of a category the number of its class in `Indicator.classes`.
    `previous`: the same of the period before, where it was asked for and is known. `hidden`: what must not be told,
    because few people are behind it. `doubtful`: what rests on little data, and is drawn and written as such.
    `note` says what the reader has to know about these very figures, in the reader's language.
    """

    values: np.ndarray
    previous: np.ndarray | None = None
    hidden: np.ndarray | None = None
    doubtful: np.ndarray | None = None
    note: str = ""


@dataclass(frozen=True)
class Category:
    """One class of an indicator whose figures are categories, with a colour that needs no palette ("#b3364f")."""

    name: str
    colour: str


@dataclass(frozen=True)
class Indicator:
    """`code` is what an address says; `group` heads a part of the chooser.

    `needs` is the capability without which the reader does not get the figure, `where` a stricter rule; `takes` what
    may be asked with it: "days" and "kind" (a category of incidents). `compares`: a previous period of equal length
    is known.
    `source` and `note` are shown under the legend.
    """

    code: str
    name: str
    unit: str
    group: str
    figure: Callable[[Asked], Computed] = field(repr=False)
    needs: str = "area.read"
    takes: frozenset[str] = frozenset()
    compares: bool = False
    classes: tuple[Category, ...] = ()
    note: str = ""
    source: str = ""
    where: Callable[[Access], Scope] | None = field(default=None, repr=False)

    def scope(self, access: Access) -> Scope:
        """Where the reader gets the figure: by its capability, or by a rule of its own."""
        return self.where(access) if self.where else access.which(self.needs)

    @property
    def people(self) -> bool:
        """Whether persons are counted, so that small counts are withheld."""
        return self.needs == "people.count"
