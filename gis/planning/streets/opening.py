"""Opening a plan of streets: the ground of a district, a tile for each cell in force."""

from datetime import date

import numpy as np
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.areas.plans.annealing import Tell, nobody
from gis.areas.plans.drawing import Drawing, PlanCell, with_footprints
from gis.areas.plans.ground import Between, survey
from gis.areas.plans.tiles import Tiles, cut, which
from gis.errors import NotAllowed, Refused
from gis.planning.borders.opening import service_cells, usual_load, wide_parts, with_outline
from gis.planning.ground_of import Site, plane, site_of
from gis.planning.opening import NOTHING, begin
from gis.planning.plan import Plan

_GRID_M = 0.001


def open_streets(area: str, name: str, *, user: User, access: Access, **wish) -> Plan:
    """A new plan of the streets of a district, as they are in force, at revision 0.

    Raises NotAllowed outside the area of a planner, Refused for what is no district or has no outlines.
    """
    require_district(area, access)
    today = timezone.localdate()
    site = site_of(area, today)
    drawing = draw_streets(area, site, today)
    wish.setdefault("target", usual_load(drawing, wish.get("weights")))
    return begin(Plan(area=area, name=name, owner=user, crs=site.crs, kind=Plan.Kind.STREETS, **wish), drawing)


def require_district(area: str, access: Access) -> None:
    if not access.may("plan.write", area):
        raise NotAllowed(_("您不能编制这个辖区的方案。"), fix=_("街道边界由区级规划员编制。"))
    if len(area) != 6:
        raise Refused(
            _("街道边界在一个区县内调整。"),
            fix=_("请选择区县；编制社区边界时再选择街道。"),
            fields={"area": _("请选择区县。")},
        )


def draw_streets(district: str, site: Site, today: date, tell: Tell = nobody) -> Drawing:
    """The streets of a site as plan cells. Ground of the district that none of them has is in none.

    Raises Refused where outlines are so broken that no ground can be cut along them.
    """
    try:
        return _drawn(district, site, today, tell)
    except (shapely.errors.GEOSException, ValueError) as fault:
        raise Refused(
            _("这里的社区边界或街道边界有几何错误，切不出地块。"),
            fix=_("请用“修复边界”检查后重新导入。"),
        ) from fault


def _drawn(district: str, site: Site, today: date, tell: Tell) -> Drawing:
    rests, of_rest = _beside(district, site, today)
    whole = with_outline(district, np.concatenate([site.outlines, rests]), site.crs)
    zones = [np.array([whole], dtype=object), site.outlines, rests, service_cells(district, site, today)]
    edges = [shapely.boundary(one) for one in zones]
    tiles = cut(whole, np.concatenate(edges), NOTHING, zones, tell)
    middle = shapely.point_on_surface(tiles.shapes)
    community = which(site.outlines, middle)
    street = _streets_of(site.communities, community, of_rest, which(rests, middle) if len(rests) else None)
    laid = _plan_cells(district, street)
    number = {one.code: one.number for one in laid}
    drawing = Drawing(
        np.arange(len(tiles)),
        tiles.shapes,
        np.full(len(tiles), district, dtype=object),
        community.astype(np.int64) + 1,
        np.array([number.get(code, 0) for code in street.tolist()], dtype=np.int64),
        _ground(tiles, site, edges),
        {one.number: one for one in laid},
        site.things,
        which(tiles.shapes, shapely.points(site.things.xy)).astype(np.int64),
    )
    return with_footprints(drawing, site.footprints, site.homes)


def _ground(tiles: Tiles, site: Site, edges: list[np.ndarray]):
    kinds = [np.full(len(lines), Between.NOTHING if row else Between.MAJOR) for row, lines in enumerate(edges)]
    return survey(tiles, np.concatenate([site.lines, *edges]), np.concatenate([site.kinds, *kinds]).astype(int))


def _streets_of(codes: np.ndarray, community: np.ndarray, of_rest: list[str], rest: np.ndarray | None) -> np.ndarray:
    """The street of each tile, "" for none: that of its community, else the one whose outline holds it."""
    found = np.array([codes[row][:9] if row >= 0 else "" for row in community.tolist()], dtype=object)
    if rest is not None:
        beside = (community < 0) & (rest >= 0)
        found[beside] = np.array(of_rest, dtype=object)[rest[beside]]
    return found


def _plan_cells(district: str, street: np.ndarray) -> list[PlanCell]:
    codes = sorted(set(street.tolist()) - {""})
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    return [PlanCell(number, names.get(code, code)[:40], district, code) for number, code in enumerate(codes, 1)]


def _beside(district: str, site: Site, today: date) -> tuple[np.ndarray, list[str]]:
    """The pieces that streets' outlines hold beside all communities, where they are wide; and the street of each."""
    streets = Area.objects.filter(level="street", code__startswith=district).standing(today).exclude(geometry=None)
    taken = shapely.union_all(shapely.set_precision(site.outlines, _GRID_M), grid_size=_GRID_M)
    rests, codes = [], []
    for code, shape in streets.order_by("code").values_list("code", "geometry"):
        outline = plane(np.array([shapely.from_wkb(bytes(shape.wkb))], dtype=object), site.crs)[0]
        mine = wide_parts(shapely.difference(outline, taken, grid_size=_GRID_M))
        rests += mine.tolist()
        codes += [code] * len(mine)
        taken = shapely.union_all([taken, *mine], grid_size=_GRID_M)
    return np.array(rests, dtype=object), codes
