"""Which community, or street, each outline of a file is: by code, else by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas.plans.drawing import PlanCell
from gis.exchange.drawn.cell import DrawnCell


@dataclass(frozen=True)
class Matched:
    """Number of a plan cell → its outline in degrees; and what the outlines are called that are nobody's."""

    outlines: dict[int, shapely.Geometry]
    left: list[str]


def match(found: Sequence[DrawnCell], cells: Mapping[int, PlanCell]) -> Matched:
    """Several outlines of one community are one."""
    codes = {one.code: number for number, one in cells.items() if one.code}
    names = {plain_name(one.name): number for number, one in reversed(cells.items()) if plain_name(one.name)}
    parts: dict[int, list[shapely.Geometry]] = {}
    left = []
    for one in found:
        number = codes.get(one.code) or codes.get(one.community) or names.get(plain_name(one.name))
        if number is None:
            left.append(one.name or one.code or "?")
        else:
            parts.setdefault(number, []).append(one.shape)
    return Matched({number: _one(mine) for number, mine in parts.items()}, left)


def _one(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.make_valid(np.array(shapes, dtype=object)))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def plain_name(name: str) -> str:
    """A name without the words for its kind: 幸福西街社区居委会 and 幸福西街 are one, 胜利街道办事处 and 胜利 too."""
    name = "".join(name.split())
    for ending in ("街道办事处", "街道", "居民委员会", "村民委员会", "居委会", "村委会", "社区", "村"):
        name = name.removesuffix(ending)
    return name
