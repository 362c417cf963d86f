"""Opening a plan of communities: tiles of a whole street, cut along the cells in force too."""

from dataclasses import replace
from datetime import date

import numpy as np
import shapely
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.areas.plans.annealing import Tell, nobody
from gis.areas.plans.drawing import Drawing, PlanCell
from gis.errors import NotAllowed, Refused
from gis.planning.ground_of import Site, cells_on, plane, site_of
from gis.planning.opening import NOTHING, begin, lay
from gis.planning.plan import Plan

#: Ground of an area that nothing in it has counts where it is wider than this, metres: two surveys of one border
#: differ by less.
_WIDE_M = 2.0
_GRID_M = 0.001


def open_communities(area: str, name: str, *, user: User, access: Access, **wish) -> Plan:
    """A new plan of the communities of a street, from their outlines in force, at revision 0.

    Raises NotAllowed outside the area of a planner, Refused for what is no street or has no outlines.
    """
    require_street(area, access)
    today = timezone.localdate()
    site = site_of(area, today)
    drawing = draw_communities(area, site, today)
    wish.setdefault("target", usual_load(drawing, wish.get("weights")))
    return begin(Plan(area=area, name=name, owner=user, crs=site.crs, kind=Plan.Kind.COMMUNITIES, **wish), drawing)


def require_street(area: str, access: Access) -> None:
    if not access.may("plan.write", area):
        raise NotAllowed(_("您不能编制这个辖区的方案。"), fix=_("请选择您岗位所在的街道。"))
    if len(area) != 9:
        raise Refused(
            _("社区边界在一个街道内调整。"),
            fix=_("请选择街道；编制网格时再选择社区。"),
            fields={"area": _("请选择街道。")},
        )


def draw_communities(street: str, site: Site, today: date, tell: Tell = nobody) -> Drawing:
    """The communities of a site as plan cells. Ground of the street that none of them has is in none."""
    whole = np.array([with_outline(street, site.outlines, site.crs)], object)
    street_only = replace(site, communities=np.array([street], object), outlines=whole)
    names = dict(Area.objects.filter(code__in=site.communities.tolist()).values_list("code", "name"))
    laid = [
        PlanCell(number, names[code][:40], street, code) for number, code in enumerate(site.communities.tolist(), 1)
    ]
    return lay(street_only, laid, site.outlines, service_cells(street, site, today), tell)


def usual_load(drawing: Drawing, weights: dict[str, float] | None = None) -> float:
    """Workload of a community on average: what the deviations are measured from unless a planner says otherwise."""
    return max(float(drawing.load(weights or {"households": 1.0}).sum()) / max(len(drawing.cells), 1), 1.0)


def service_cells(area: str, site: Site, today: date) -> np.ndarray:
    """The cells in force: along their borders a new one cuts none."""
    versions = cells_on(area, today)
    if not versions:
        return NOTHING
    return plane(shapely.from_wkb([bytes(one.geometry.wkb) for one in versions]), site.crs)


def with_outline(area: str, shapes: np.ndarray, system: int) -> shapely.Geometry:
    """The ground of some shapes (metres), and what the outline of the area around holds beside them, where wide."""
    union = shapely.union_all(shapely.set_precision(shapes, _GRID_M), grid_size=_GRID_M)
    drawn = Area.objects.filter(code=area).exclude(geometry=None).filter(Q(ends=None)).values_list("geometry").first()
    if drawn is None:
        return union
    outline = plane(np.array([shapely.from_wkb(bytes(drawn[0].wkb))], object), system)[0]
    beside = wide_parts(shapely.difference(outline, union, grid_size=_GRID_M))
    return shapely.union_all([union, *beside], grid_size=_GRID_M)


def wide_parts(shape: shapely.Geometry) -> np.ndarray:
    """The polygons of a shape that are no mere noise between two surveys."""
    parts = shapely.get_parts(shape)
    parts = parts[shapely.get_type_id(parts) == 3]
    return parts[~shapely.is_empty(shapely.buffer(parts, -_WIDE_M / 2, quad_segs=1))] if len(parts) else parts
