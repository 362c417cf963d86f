"""What records are made of: fields, how each is compared, which pairs are worth comparing, which may be sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from gis.people.matching.columns import Column

#: The level of a pair where one side does not say: no evidence in either direction.
ABSENT = "absent"


class Level(NamedTuple):
    """One degree of agreement, from the closest to the farthest.

    The shares are what is believed before data speak: of pairs that are one person (`same`), of two strangers
    (`strangers`), of two who share a dwelling or a phone (`mates`), which level how many have. `by` names the facet
    whose frequency replaces the strangers' share: that two are both called 王伟 says less than that two are both 逄湜.
    `others` is how many more are expected to have a value that one of the known has: hardly any for a number. `twice`:
    so many may have it by being known twice, and it is no commoner for that.
    """

    key: str
    word: str
    same: float
    strangers: float
    mates: float
    by: str = ""
    others: float = 0.5
    twice: int = 0


#: By field, the keys of the levels it may have; a field not named may have any.
Shape = Mapping[str, frozenset[str]]


class Comparison(Protocol):
    """How one kind of field is read and compared."""

    levels: tuple[Level, ...]

    def read(self, values: Sequence | np.ndarray) -> Column:
        """The values of both sides, one below the other, in one spelling."""

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Levels from 1 (the closest) of pairs of distinct values, all given; 0 where they say nothing."""


class Pass(NamedTuple):
    """Pairs that agree in all of `by` are compared (`field.facet`). A value that too many share must agree in
    `finer` as well, and is left to the other passes where too many still do."""

    by: tuple[str, ...]
    finer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """`last` are passes for the rows of which the others found nobody.

    `sure` are the shapes of which a pair must have one to be linked unseen; no shape at all allows every pair.
    `clash`: pairs that somebody must see, however unlikely. `rivals`: a pair of the first shape is unsure where its
    row has another candidate of the second. `mates`: the facets by which two different known persons are told to live
    together.
    """

    fields: Mapping[str, Comparison]
    passes: tuple[Pass, ...]
    last: tuple[Pass, ...] = ()
    sure: tuple[Shape, ...] = ()
    clash: tuple[Shape, ...] = ()
    rivals: tuple[tuple[Shape, Shape], ...] = ()
    mates: tuple[str, ...] = ()

    def keys(self, field: str) -> tuple[str, ...]:
        """The level keys of a field by level number."""
        return (ABSENT, *(level.key for level in self.fields[field].levels))

    def may_be_sure(self, levels: np.ndarray) -> np.ndarray:
        """Which pairs (rows of levels, a column a field) have a shape that may be sure."""
        return self._fits(levels, self.sure) if self.sure else np.ones(len(levels), bool)

    def rivalled(self, row: np.ndarray, levels: np.ndarray) -> np.ndarray:
        """Which pairs have a rival among the candidates of their row."""
        found = np.zeros(len(row), bool)
        for shape, rival in self.rivals:
            rows = row[self._fits(levels, (rival,))]
            found |= self._fits(levels, (shape,)) & np.isin(row, rows)
        return found

    def must_be_seen(self, levels: np.ndarray) -> np.ndarray:
        """Which pairs clash."""
        return self._fits(levels, self.clash)

    def _fits(self, levels: np.ndarray, shapes: tuple[Shape, ...]) -> np.ndarray:
        fits = np.zeros(len(levels), bool)
        at = {field: place for place, field in enumerate(self.fields)}
        for shape in shapes:
            has = np.ones(len(levels), bool)
            for field, allowed in shape.items():
                has &= np.isin(self.keys(field), list(allowed))[levels[:, at[field]]]
            fits |= has
        return fits
