"""Opening a plan: the ground is cut into tiles, and the cells it starts from are laid on them."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.cell import CellVersion
from gis.areas.plans.annealing import Tell, nobody
from gis.areas.plans.drawing import NO_CELL, Drawing, PlanCell, with_footprints
from gis.areas.plans.ground import Between, survey
from gis.areas.plans.tiles import Tiles, cut
from gis.errors import NotAllowed, Refused
from gis.planning.basis import basis_of
from gis.planning.ground_of import Site, cells_on, plane, site_of
from gis.planning.keeping import keep, store
from gis.planning.plan import Plan

NOTHING = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Start:
    """What a plan starts from. `cells`: the cells in force on `day` (today unless given), or none."""

    cells: bool = True
    day: date | None = None
    begun_from: str = "current"


def open_plan(area: str, name: str, *, user: User, access: Access, start: Start | None = None, **wish) -> Plan:
    """A new plan of a community or street, at revision 0. `wish`: target, tolerance, weights, kind, starts …

    Raises NotAllowed outside the area of a planner, Refused where no community has an outline.
    """
    require_planner(area, access)
    start = start or Start()
    today = timezone.localdate()
    site = site_of(area, today)
    drawing = draw(site, cells_on(area, start.day or today) if start.cells else [])
    return begin(Plan(area=area, name=name, owner=user, crs=site.crs, begun_from=start.begun_from, **wish), drawing)


def require_planner(area: str, access: Access) -> None:
    if not access.may("plan.write", area):
        raise NotAllowed(_("您不能编制这个辖区的方案。"), fix=_("请选择您岗位所在的街道或社区。"))
    if len(area) not in (9, 12):
        raise Refused(_("方案要选一个街道或社区。"), fix=_("请从列表里选择。"), fields={"area": _("请从列表里选择。")})


def begin(plan: Plan, drawing: Drawing) -> Plan:
    """Write a new plan with its drawing, at revision 0."""
    plan.next_tile, plan.next_cell = len(drawing), max(drawing.cells, default=0) + 1
    plan.basis = basis_of(plan)
    with transaction.atomic():
        plan.save()
        store(plan, drawing, always=True)
    keep(plan, drawing)
    return plan


def draw(site: Site, versions: list[CellVersion], tell: Tell = nobody) -> Drawing:
    """The drawing of a site, with the cells of these versions laid on it exactly as they are drawn."""
    shapes = plane(shapely.from_wkb([bytes(one.geometry.wkb) for one in versions]), site.crs) if versions else NOTHING
    # A cell whose code says another community than the ground it lies on would never be paintable: it keeps its ground.
    return lay(site, [plan_cell(row + 1, one) for row, one in enumerate(versions)], shapes, tell=tell)


def lay(
    site: Site, laid: list[PlanCell], shapes: np.ndarray, kept: np.ndarray = NOTHING, tell: Tell = nobody
) -> Drawing:
    """The drawing of a site with plan cells laid on it, a shape each; no tile crosses the polygons `kept` either.

    Raises Refused where outlines, ways or buildings are so broken that no ground can be cut along them.
    """
    try:
        return _laid(site, laid, shapes, kept, tell)
    except (shapely.errors.GEOSException, ValueError) as fault:
        raise Refused(
            _("这里的社区边界、道路或楼栋有几何错误，切不出地块。"),
            fix=_("请用“修复边界”检查社区边界，或请管理员重新导入道路和楼栋。"),
        ) from fault


def _laid(site: Site, laid: list[PlanCell], shapes: np.ndarray, kept: np.ndarray, tell: Tell) -> Drawing:
    edges = np.concatenate([shapely.boundary(site.outlines), shapely.boundary(shapes), shapely.boundary(kept)])
    lines = np.concatenate([site.lines, edges])
    parts = np.repeat([Between.MAJOR, Between.NOTHING], [len(site.outlines), len(shapes) + len(kept)])
    kinds = np.concatenate([site.kinds, parts]).astype(int)
    outline = shapely.union_all(shapely.set_precision(site.outlines, 0.001), grid_size=0.001)
    tiles = cut(outline, lines, site.footprints, [site.outlines, shapes, kept], tell)
    inside = shapely.point_on_surface(tiles.shapes)
    at = _which(inside, site.outlines)
    community = np.where(at >= 0, site.communities[at], "").astype(object)
    row = _which(inside, shapes) if len(shapes) else np.full(len(tiles), -1)
    number = np.array([one.number for one in laid] + [NO_CELL])  # the last stands for −1
    drawing = Drawing(
        np.arange(len(tiles)),
        tiles.shapes,
        community,
        _compounds(tiles, site),
        number[row],
        survey(tiles, lines, kinds),
        {one.number: one for one in laid},
        site.things,
        _homes(tiles, site),
    )
    return with_footprints(drawing, site.footprints, site.homes)


def plan_cell(number: int, version: CellVersion) -> PlanCell:
    """The cell of a plan that continues one in force."""
    return PlanCell(number, version.name, version.community_code, version.code, version.cell.kind)


def _which(points: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """The first shape each point lies in, −1 where none."""
    found = np.full(len(points), -1)
    point, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort((-shape, point))
    found[point[order]] = shape[order]
    return found


def _compounds(tiles: Tiles, site: Site) -> np.ndarray:
    compound = np.zeros(len(tiles), dtype=np.int64)
    inside = tiles.of_building >= 0
    compound[tiles.of_building[inside]] = site.compounds[inside]
    return compound


def _homes(tiles: Tiles, site: Site) -> np.ndarray:
    """The tile of each thing: of a building the one that was made for it, of the rest the one they lie in."""
    others = shapely.points(site.things.xy[len(site.footprints) :])
    return np.append(tiles.of_building, _which(others, tiles.shapes)).astype(np.int64)


def copy_plan(plan: Plan, name: str, *, user: User, drawing: Drawing) -> Plan:
    """A plan of one's own that starts where another one is."""
    with transaction.atomic():
        twin = Plan(area=plan.area, kind=plan.kind, name=name, owner=user, crs=plan.crs, based_on=plan)
        for field in ("target", "tolerance", "weights", "starts", "next_tile", "next_cell", "basis"):
            setattr(twin, field, getattr(plan, field))
        twin.begun_from = "copy"
        twin.save()
        store(twin, replace(drawing), always=True)
    return twin
