"""A plan beside another one, or beside the cells in force on a day: in one plane, where they have ground in common."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext as _

from gis import crs
from gis.areas.area import Area
from gis.areas.plans.carding import Card, card_of
from gis.areas.plans.comparing import Comparison, Layout, compare, laid, layout_of
from gis.areas.plans.drawing import Things
from gis.errors import Refused
from gis.planning.ground_of import cells_on, plane
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan

#: The level of what a plan of borders draws.
_LEVELS = {Plan.Kind.COMMUNITIES: "community", Plan.Kind.STREETS: "street"}


@dataclass(frozen=True)
class Beside:
    """`before` and `after` in metres of the plan's plane; the plan is `after`. A card each, None without cells."""

    before: Layout
    after: Layout
    found: Comparison
    cards: tuple[Card | None, Card | None]


def beside(plan: Plan, other: Plan | date) -> Beside:
    """The plan seen from another one, or from what was in force on a day. Both are measured by the plan's own wish.

    Raises Refused where they have no ground in common.
    """
    after = layout_of(drawing_of(plan))
    before = _in_force(plan, other, after.things) if isinstance(other, date) else _of_plan(other, plan)
    common = set(before.communities.tolist()) & set(after.communities.tolist())
    if not common and len(before) and len(after):
        raise Refused(_("两个方案没有共同的社区，不能比较。"), fix=_("请选择同一辖区的方案。"))
    if common:
        before, after = before.within(common), after.within(common)
    cards = tuple(card_of(one, plan.measure, plan.target, plan.tolerance) for one in (before, after))
    return Beside(before, after, compare(before, after), cards)


def comparable(plans, plan: Plan):
    """Those of some plans that have ground in common with one, the last changed first."""
    above = [plan.area[:length] for length in (6, 9, 12) if length <= len(plan.area)]
    overlap = Q(area__in=above) | Q(area__gte=plan.area, area__lt=plan.area + ":")
    return plans.filter(overlap, kind=plan.kind).exclude(pk=plan.pk).exclude(state=Plan.State.WITHDRAWN)


def _of_plan(other: Plan, plan: Plan) -> Layout:
    if other.kind != plan.kind:
        raise Refused(_("不同类型的方案不能比较。"), fix=_("请选择同一类方案。"))
    layout = layout_of(drawing_of(other))
    if other.crs == plan.crs:
        return layout

    def there(xy: np.ndarray) -> np.ndarray:
        return crs.move(xy, other.crs, plan.crs) if len(xy) else xy

    things = replace(layout.things, xy=there(layout.things.xy))
    return replace(layout, shapes=shapely.transform(layout.shapes, there), things=things)


def _in_force(plan: Plan, day: date, things: Things) -> Layout:
    if plan.kind in _LEVELS:
        return _areas(plan, day, things)
    versions = cells_on(plan.area, day)
    shapes = _placed([one.geometry for one in versions], plan.crs)
    codes, names = [one.code for one in versions], [one.name for one in versions]
    return laid(codes, names, [code[:12] for code in codes], shapes, things)


def _areas(plan: Plan, day: date, things: Things) -> Layout:
    found = Area.objects.filter(level=_LEVELS[plan.kind], code__gte=plan.area, code__lt=plan.area + ":")
    rows = list(found.exclude(geometry=None).filter(Q(ends=None) | Q(ends__gt=day)).order_by("code"))
    codes, names = [row.code for row in rows], [row.name for row in rows]
    return laid(codes, names, [plan.area] * len(rows), _placed([row.geometry for row in rows], plan.crs), things)


def _placed(shapes: list, system: int) -> np.ndarray:
    found = [bytes(shape.wkb) for shape in shapes]
    return plane(shapely.from_wkb(found), system) if found else np.empty(0, dtype=object)
