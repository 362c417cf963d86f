"""The places directly inside an area: what a dashboard compares, and where a click leads down to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.areas.area import LEVELS
from gis.models import Area, CellVersion
from layers.incident_columns import range_of

_CELL = 15


@dataclass(frozen=True)
class Places:
    """Places of one level in order of their codes, none inside another."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def _ranges(self) -> tuple[np.ndarray, np.ndarray]:
        ranges = np.array([range_of(code) for code in self.codes], dtype=np.int64).reshape(-1, 2)
        return ranges[:, 0], ranges[:, 1]

    def index(self, area: np.ndarray) -> np.ndarray:
        """The number of the place each incident lies in, −1 for none. `area`: as in `Columns.area`."""
        if not self.codes:
            return np.full(len(area), -1)
        low, high = self._ranges
        at = np.searchsorted(low, area, side="right") - 1
        return np.where((at >= 0) & (area < high[at]), at, -1)

    @property
    def named(self) -> list[tuple[str, str]]:
        return list(zip(self.codes, self.names, strict=True))

    @property
    def layer(self) -> str:
        """The name of the level, as the map calls its layers; "" where there is no place."""
        return ("cells" if len(self.codes[0]) == _CELL else LEVELS[len(self.codes[0])]) if self.codes else ""


def places_in(scope: Scope) -> Places:
    """The places directly in an area; where the scope is several areas, those areas themselves."""
    if len(scope.areas) != 1:
        return _places(_areas_of(scope.areas) | _cells_of(scope.areas))
    (code,) = scope.areas
    for length in (length for length in LEVELS if length > len(code)):
        inside = Area.objects.inside(scope).standing().filter(level=LEVELS[length])
        if found := {area.code: str(area) for area in inside.only("code", "name", "short_name")}:
            return _places(found)
    return _places(_cells_inside(scope) if len(code) < _CELL else {})


def cells_named(codes: list[str]) -> dict[str, str]:
    """Names of cells, or of communities where no cell holds the ground, by code."""
    return _areas_of(codes) | _cells_of(codes)


def _areas_of(codes) -> dict[str, str]:
    areas = Area.objects.filter(code__in=codes).only("code", "name", "short_name")
    return {area.code: str(area) for area in areas}


def _cells_of(codes) -> dict[str, str]:
    return dict(CellVersion.objects.on(timezone.localdate()).filter(code__in=codes).values_list("code", "name"))


def _cells_inside(scope: Scope) -> dict[str, str]:
    return dict(CellVersion.objects.on(timezone.localdate()).inside(scope).values_list("code", "name"))


def _places(names: dict[str, str]) -> Places:
    codes = tuple(sorted(names))
    return Places(codes, tuple(names[code] for code in codes))
