"""Both sides of a comparison in columns, one below the other: first the rows asked about, then those known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gis.people.matching.columns import NONE, Column
from gis.people.matching.description import Description

Table = Mapping[str, Sequence | np.ndarray]
#: Pairs compared at once: as many as keep the memory small.
_AT_ONCE = 100_000


@dataclass(frozen=True)
class Sides:
    """`asked` rows, then `known` ones. Where a sheet is compared with itself the two are the same rows."""

    description: Description
    columns: dict[str, Column]
    asked: int
    known: int

    @cached_property
    def start(self) -> int:
        """Where the known rows begin."""
        return len(next(iter(self.columns.values())).which) - self.known

    def facet(self, name: str) -> np.ndarray:
        """`field.facet` of every row, -1 where none."""
        field, facet = name.split(".")
        return self.columns[field].facet(facet)

    def compare(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Levels of pairs of rows (numbers in the columns), a column a field; 0 where one side does not say."""
        levels = np.zeros((len(one), len(self.columns)), np.uint8)
        for start in range(0, len(one), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            for at, (field, column) in enumerate(self.columns.items()):
                levels[part, at] = self._levels(field, column, one[part], other[part])
        return levels

    def _levels(self, field: str, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        a, b = column.which[one], column.which[other]
        levels = np.zeros(len(one), np.uint8)
        both = np.flatnonzero((a != NONE) & (b != NONE))
        if len(both):
            levels[both] = self.description.fields[field].compare(column, a[both], b[both])
        return levels


def sides(asked: Table, known: Table | None, description: Description) -> Sides:
    """Columns of both tables. A field that a table lacks is not given; without `known`: the sheet beside itself."""
    sizes = [_length(asked), _length(known) if known is not None else _length(asked)]
    columns = {}
    for field, comparison in description.fields.items():
        values = [_values(asked, field, sizes[0])]
        if known is not None:
            values.append(_values(known, field, sizes[1]))
        columns[field] = comparison.read(np.concatenate(values))
    return Sides(description, columns, *sizes)


def _length(table: Table) -> int:
    return len(next(iter(table.values()), ()))


def _values(table: Table, field: str, size: int) -> np.ndarray:
    values = np.full(size, None, dtype=object)
    if field in table:
        values[:] = list(table[field])
    return values
