"""The little map of a community's page: its outline and roads, and by squares of 100 m how much was reported there."""

from dataclasses import dataclass

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.incidents.public_figures import Gathering
from layers.sketch import Sketch, houses_in, sketch_area

#: Upper bounds of the classes in which a square is shaded; the last one is open.
CLASSES = (2, 5, 10)


@dataclass(frozen=True)
class Shade:
    """A square in the sketch's units; `tint` 1 to 4 says how much was reported there."""

    x: float
    y: float
    side: float
    tint: int


@dataclass(frozen=True)
class CommunityMap:
    sketch: Sketch
    shades: tuple[Shade, ...]
    houses: tuple[str, ...]

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Each tint with the numbers it stands for."""
        lows = (1, *(high + 1 for high in CLASSES))
        names = [f"{low}–{high}" for low, high in zip(lows, CLASSES, strict=False)]
        return list(enumerate([*names, f"{lows[-1]}+"], 1))


def community_map(area: Area, gathered: Gathering) -> CommunityMap | None:
    """None where the community is not drawn."""
    sketch = sketch_area(area.pk, area.code, Scope.of([area.code]))
    if sketch is None:
        return None
    west, north = sketch.corner
    side = gathered.side
    shades = (
        Shade(round(column * side - west, 1), round(north - (row + 1) * side, 1), side, _tint(number))
        for (column, row), number in sorted(gathered.squares.items())
    )
    return CommunityMap(sketch, tuple(shades), houses_in(area.pk, area.code))


def _tint(number: int) -> int:
    return 1 + sum(number > high for high in CLASSES)
