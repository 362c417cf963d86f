"""A file under repair, and what is wrong with it: at once where it is small, by a job that tells how far it is else."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from cachetools import LRUCache
from django.utils.translation import gettext as _
from pyproj.exceptions import CRSError, ProjError

from gis.areas.repairing.finding import faults
from gis.areas.repairing.packing import packed, unpacked
from gis.areas.repairing.plane import Stretch, into_file, stretch_of
from gis.areas.repairing.proposing import Proposal, proposals
from gis.errors import BadFile
from gis.exchange.drawn.reading import Outlines, read_outlines
from gis.models import Area
from web.repair.keeping import found_in, outline_of, store_found

#: Outlines and corners that are looked at while somebody waits: a second or two.
AT_ONCE, CORNERS_AT_ONCE = 1_500, 200_000
#: And by a job.
_MOST_CORNERS = 2_000_000
#: An outline that holds less than this share of a file's ground is that of another place.
_LEAST = 0.01


@dataclass(frozen=True)
class Ground:
    """A file as it stands, and in metres, with the outline it is to fill."""

    outlines: Outlines
    stretch: Stretch
    metres: np.ndarray
    outline: shapely.Geometry | None
    names: list[str]

    @property
    def is_large(self) -> bool:
        corners = int(shapely.get_num_coordinates(self.metres).sum())
        return len(self.metres) > AT_ONCE or corners > CORNERS_AT_ONCE


@dataclass(frozen=True)
class Case:
    """The same with what was found."""

    ground: Ground
    proposals: list[Proposal]


_grounds: LRUCache = LRUCache(4)
_cases: LRUCache = LRUCache(4)


def ground_of(path: Path) -> Ground:
    """Raises BadFile."""
    key = _key(path)
    if key not in _grounds:
        _grounds[key] = _ground(path)
    return _grounds[key]


def case_of(path: Path) -> Case | None:
    """None while a job is still looking for what is wrong. Raises BadFile."""
    key = _key(path)
    if key not in _cases:
        ground = ground_of(path)
        if text := found_in(path):
            _cases[key] = Case(ground, unpacked(text))
        elif ground.is_large:
            return None
        else:
            _cases[key] = Case(ground, _found(ground))
    return _cases[key]


def look(path: Path, progress: Callable[[float], None]) -> None:
    """What a job does: find everything and store it. Raises BadFile."""
    store_found(path, packed(_found(ground_of(path), progress)))


def _key(path: Path) -> tuple:
    return str(path), path.stat().st_mtime_ns, path.stat().st_size, outline_of(path)


def _found(ground: Ground, progress: Callable[[float], None] = lambda share: None) -> list[Proposal]:
    try:
        found = faults(ground.metres, ground.outline, progress=lambda share: progress(0.9 * share))
        return proposals(ground.metres, found)
    except shapely.errors.GEOSException:
        raise _unreadable() from None


def _ground(path: Path) -> Ground:
    outlines = read_outlines(path)
    corners = int(shapely.get_num_coordinates(outlines.shapes).sum())
    if corners > _MOST_CORNERS:
        raise BadFile(
            _("文件有 %(shapes)d 个面、%(corners)d 个顶点，太大了。")
            % {"shapes": len(outlines.shapes), "corners": corners},
            fix=_("请按辖区拆开，每次最多 %(most)d 个顶点。") % {"most": _MOST_CORNERS},
        )
    try:
        stretch = stretch_of(outlines.shapes, outlines.crs)
        metres = stretch.metres(outlines.shapes)
        outline = _outline(outline_of(path), outlines, stretch, metres)
    except (CRSError, ProjError, shapely.errors.GEOSException):
        raise _unreadable() from None
    return Ground(outlines, stretch, metres, outline, _names(outlines))


def _unreadable() -> BadFile:
    return BadFile(_("读不懂文件里的边界。"), fix=_("请在 GIS 里检查坐标系，另存为 GeoPackage 再试。"))


def _outline(code: str, outlines: Outlines, stretch: Stretch, metres: np.ndarray) -> shapely.Geometry | None:
    """The outline of an area in the metres of a file. Raises BadFile where the file lies elsewhere."""
    area = Area.objects.filter(code=code).exclude(geometry=None).first() if code else None
    if area is None:
        return None
    shape = stretch.metres(np.array([into_file(shapely.from_wkb(bytes(area.geometry.wkb)), outlines.crs)]))[0]
    sound = metres[shapely.is_valid(metres)]
    inside = shapely.area(shapely.intersection(sound, shape)).sum() if shapely.is_valid(shape) else 0.0
    if inside < _LEAST * shapely.area(sound).sum() or not len(sound):
        raise BadFile(
            _("文件里的边界不在“%(name)s”里。") % {"name": area.name},
            fix=_("请核对所选辖区和文件的坐标系，或不选外边界。"),
        )
    return shape


def _names(outlines: Outlines) -> list[str]:
    """What each shape is called: the first column whose values all differ, else its row."""
    for column in outlines.table.columns:
        values = outlines.table[column].astype(str).str.slice(0, 24)
        if values.is_unique and not values.eq("").any():
            return values.tolist()
    return [f"#{row}" for row in outlines.rows]
