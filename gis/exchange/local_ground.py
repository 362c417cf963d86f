"""One local area for a whole file of points: `--into 990001`.

Some files come from ground that nobody has drawn areas for. The area is then outlined around the bulk of the points,
so that what lies far from it is refused instead of stretching it.

How far is far: distance from the median position over the robust deviation (`gis.geometry.robust_distance`). Beyond
`GROSS` a point is refused, between `ODD` and `GROSS` it is taken and marked as doubtful. In a round normal cloud one
point in 3,000 lies beyond 4 and one in 65,000,000 beyond 6.
"""

import numpy as np
import shapely
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.area import Area
from gis.codes.division import LENGTHS, PROVINCES, ancestors_of, level_of
from gis.errors import BadCode, BadFile
from gis.exchange.copying import copy_columns
from gis.exchange.parents import Parents, outline_parents, to_geos
from gis.exchange.placing import great_circle
from gis.exchange.refusals import Report
from gis.geometry import as_multipolygons, robust_distance

ODD, GROSS = 4.0, 6.0
#: Fewer points say nothing about where the bulk is.
_FEWEST = 20
#: How closely the outline follows the points: 0 hugs them, 1 is their convex hull.
_HUGGING = 0.3
_BORDER = 100.0  # metres around the outermost points


def judge_distance(xy: np.ndarray, report: Report) -> np.ndarray:
    """Refuse gross outliers among the good rows (degrees, n × 2); the robust distance of each row, 0 if unknown."""
    distance = np.zeros(len(xy))
    if report.good.sum() < _FEWEST:
        return distance
    middle = np.median(xy[report.good], axis=0)
    plane = crs.move(xy[report.good], crs.STORE, crs.metric(*middle))
    distance[report.good] = robust_distance(np.where(np.isfinite(plane), plane, 1e9))
    away = great_circle(xy, np.broadcast_to(middle, xy.shape)) / 1000
    reasons = np.array(
        [
            _("离文件中心 %(km)s 千米，是通常离散程度的 %(times)s 倍") % {"km": f"{km:,.0f}", "times": f"{d:.0f}"}
            for km, d in zip(away, distance, strict=True)
        ],
        dtype=object,
    )
    report.refuse(distance > GROSS, "longitude", reasons, _("多半是地址解析有误：请改正位置。"))
    return distance


def local_community(code: str) -> str:
    """The community that stands for a whole local area: `990001` → `990001001001`. Raises BadCode."""
    level_of(code)
    if not LENGTHS["district"] <= len(code) <= LENGTHS["community"]:
        raise BadCode(
            f"--into {code} is no district, street or community.", fix="Give 6, 9 or 12 digits, for example 990001."
        )
    return (code + "001001")[: LENGTHS["community"]] if len(code) != LENGTHS["street"] else code + "001"


def has_ground(code: str) -> bool:
    """Whether a community with an outline lies in the area."""
    return Area.objects.filter(level="community", code__startswith=code).exclude(geometry=None).exists()


def draw_ground(code: str, xy: np.ndarray, name: str) -> np.ndarray:
    """The outline of a new local area (one MultiPolygon in degrees) around points (n × 2). Raises BadFile, BadCode."""
    if code[:2] in PROVINCES:
        raise BadCode(
            f"{code} is a code of the state and has no outline here.",
            fix="Import its communities first, or use a local code, for example --into 990001.",
        )
    if len(xy) < 3:
        raise BadFile("Fewer than three positions are too few to draw an area around.", fix="Import the areas first.")
    plane = crs.metric(*np.median(xy, axis=0))
    points = shapely.multipoints(crs.move(xy, crs.STORE, plane))
    hull = shapely.buffer(shapely.concave_hull(points, ratio=_HUGGING), _BORDER).simplify(_BORDER / 4)
    outline = shapely.transform(np.array([hull], dtype=object), lambda part: crs.move(part, plane, crs.STORE))
    return as_multipolygons(outline)


def make_ground(code: str, outline: np.ndarray, source: str) -> None:
    """Write the local community of that outline and the areas above it, all of the same outline."""
    community = local_community(code)
    parents = Parents(source)
    chain = [*ancestors_of(community), community]
    parents.ensure(chain, {above: source if len(above) >= len(code) else "未编码地区" for above in chain})
    made = parents.made
    copy_columns(
        Area,
        {
            "code": [area.code for area in made],
            "level": [area.level for area in made],
            "name": [area.name for area in made],
            "code_system": ["local"] * len(made),
            "source": [source] * len(made),
            "geometry": np.array([outline[0]] * len(made), dtype=object),
        },
    )
    Area.objects.filter(code=community, geometry=None).update(geometry=to_geos(outline[0]))
    outline_parents([community], source)
