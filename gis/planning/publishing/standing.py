"""The cells in force in some communities on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import numpy as np
import shapely

from gis.areas.cell import Cell, CellVersion
from gis.areas.covering import scope_over
from gis.planning.publishing.drafts import Draft


@dataclass(frozen=True)
class Standing:
    """Versions in force, in the order of their codes, as columns."""

    ids: np.ndarray  # int64
    cells: np.ndarray  # int64
    codes: np.ndarray  # object
    names: np.ndarray  # object
    kinds: np.ndarray  # object
    shapes: np.ndarray  # Shapely, degrees

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def fingerprint(self) -> str:
        """Names this state: another set of versions has another one."""
        return blake2b(",".join(map(str, sorted(self.ids.tolist()))).encode(), digest_size=16).hexdigest()


_COLUMNS = ("pk", "cell_id", "code", "name", "cell__kind", "geometry")


def standing(communities: Sequence[str], day: date, kinds: Iterable[str] = (Cell.Kind.SERVICE,)) -> Standing:
    """The versions of these kinds in force on a day."""
    found = CellVersion.objects.on(day).inside(scope_over(communities)).filter(cell__kind__in={str(k) for k in kinds})
    rows = list(found.order_by("code").values_list(*_COLUMNS))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    shapes = shapely.from_wkb([bytes(shape.wkb) for shape in columns[5]]) if rows else np.empty(0, dtype=object)
    return Standing(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        *(np.array(column, dtype=object) for column in columns[2:5]),
        shapes,
    )


def kinds_of(drafts: Sequence[Draft]) -> set[str]:
    """The kinds of cells that drafts replace: those that tile the community always, others where there are drafts."""
    return {str(Cell.Kind.SERVICE)} | {draft.kind for draft in drafts}


def fingerprint(communities: Sequence[str], day: date) -> str:
    """Names the state of cells a plan is based on; kept with the plan, compared when it is published."""
    return standing(communities, day).fingerprint
