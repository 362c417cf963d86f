"""What can be wrong with a set of boundaries that should fit together."""

from dataclasses import dataclass, field
from enum import StrEnum

import shapely


class Kind(StrEnum):
    """In the order in which they are shown and mended."""

    RING = "ring"  # an outline that crosses itself
    DUPLICATE = "duplicate"  # the same outline twice
    OVERLAP = "overlap"  # ground of two or more
    OUTSIDE = "outside"  # ground beyond the outline of the whole
    GAP = "gap"  # ground of nobody between two or more, or towards the outline
    HOLE = "hole"  # ground of nobody inside one
    SLIVER = "sliver"  # a thin part that lies apart from the rest of its shape
    EDGE = "edge"  # a common border whose vertices do not match


@dataclass(frozen=True)
class Limits:
    """What counts as what, in metres."""

    #: Borders nearer than this are meant to be one: a fault of vertices, not of ground.
    match: float = 0.01
    #: A part of a shape that is thinner, and lies apart from the rest, is a sliver.
    sliver: float = 1.0
    #: Ground of nobody that is wider is perhaps meant to be so (an enclave): filling it is not proposed.
    wide: float = 20.0
    #: A gap open to the outside is one where its mouth is narrower.
    mouth: float = 1.0
    #: Two outlines are the same where they differ by less than this share of the area.
    same: float = 0.001


@dataclass(frozen=True)
class Hair:
    """Ground of a hair's breadth along a border: claimed by several shapes, or by none."""

    region: shapely.Geometry
    claims: tuple[int, ...]  # rows of the shapes; ground around the outline is no shape
    outside: bool = False  # beyond the outline


@dataclass(frozen=True)
class Fault:
    kind: Kind
    area: float  # m² in question
    width: float  # metres, mean thickness of the ground in question
    shapes: tuple[int, ...]  # rows of the shapes concerned
    region: shapely.Geometry = field(compare=False)  # the ground in question; of an edge, a ribbon along it
    hairs: tuple["Hair", ...] = field(default=(), compare=False)  # of an edge: the ground between both borders

    @property
    def place(self) -> tuple[float, float]:
        """A point of it, to look at."""
        point = shapely.point_on_surface(self.region)
        return (float(shapely.get_x(point)), float(shapely.get_y(point)))


def thickness(shape: shapely.Geometry) -> float:
    """Mean width of a long thin shape: twice the area by the length of its border."""
    length = float(shapely.length(shape))
    return 2 * float(shapely.area(shape)) / length if length else 0.0


def is_hair(shape: shapely.Geometry, limits: Limits) -> bool:
    """Whether ground is of a hair's breadth: on the mean, and nowhere much wider. A wide place with a long thin tail,
    as where a gap opens to the outside, is none."""
    return thickness(shape) < limits.match and bool(shapely.is_empty(shapely.buffer(shape, -limits.match)))
