"""What refuses a publication. Each fault says what is wrong and how to mend it; an empty list is consent."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext as _

from gis.areas.area import Area
from gis.areas.cell import Cell, CellVersion
from gis.areas.covering import scope_over
from gis.exchange.coverage import stretch
from gis.geometry import overlaps
from gis.planning.publishing.drafts import is_service
from gis.planning.publishing.numbering import codes_ever
from gis.planning.publishing.reckoning import Reckoning

#: Ground narrower than this is the noise of coordinates, in metres: a straight border of a plane is none in degrees.
NOISE_M = 0.05


@dataclass(frozen=True)
class Fault:
    """`kind` names the check; `numbers` are the drafts concerned; `m2` the ground, `at` a point on it in degrees."""

    kind: str
    text: str
    fix: str = ""
    numbers: tuple[int, ...] = ()
    m2: float = 0.0
    at: tuple[float, float] | None = None


def outdated() -> Fault:
    text = _("方案起草以后，这里的现行划分有了变化。")
    return Fault("changed", text, _("请与现行划分对比核对；已提交的先撤回，再重新提交。"))


def faults(reckoning: Reckoning) -> list[Fault]:
    """Everything that stands against publishing these drafts on that day."""
    found = [*_empty(reckoning), *_misplaced(reckoning), *_codes(reckoning), *_later(reckoning)]
    return found or [*_coverage(reckoning)]


def _empty(reckoning: Reckoning) -> Iterator[Fault]:
    if not any(is_service(draft) for draft in reckoning.drafts):
        yield Fault("empty", _("方案里没有网格。"), _("请先划分网格。"))
    for draft, shape in zip(reckoning.drafts, reckoning.shapes, strict=True):
        if shape.is_empty:
            text = _("“%(name)s”没有地块。") % {"name": _called(draft)}
            yield Fault("empty", text, _("请分给它地块，或删除它。"), (draft.number,))
        elif not shapely.is_valid(shape):
            text = _("“%(name)s”的边界自相交叉。") % {"name": _called(draft)}
            yield Fault("crossed", text, _("请改正边界。"), (draft.number,))


def _misplaced(reckoning: Reckoning) -> Iterator[Fault]:
    known = set(_outlines(reckoning))
    for community in sorted({draft.community for draft in reckoning.drafts}):  # others may have ended
        if community not in known:
            text = _("社区 %(code)s 没有边界。") % {"code": community}
            yield Fault("community", text, _("请先导入或画出社区边界。"))
    for draft in reckoning.drafts:
        other = draft.community not in reckoning.communities or (draft.code and draft.code[:12] != draft.community)
        if other:
            text = _("“%(name)s”属于别的社区。") % {"name": _called(draft)}
            yield Fault("community", text, _("一个网格只能在一个社区里。"), (draft.number,))


def _codes(reckoning: Reckoning) -> Iterator[Fault]:
    given = Counter(draft.code for draft in reckoning.drafts if draft.code)
    ever = codes_ever(reckoning.communities)
    kinds = dict(Cell.objects.filter(pk__in=[int(cell) for cell in reckoning.cells if cell]).values_list("pk", "kind"))
    for draft, cell in zip(reckoning.drafts, reckoning.cells, strict=True):
        said = {"code": draft.code, "name": _called(draft)}
        if draft.code and given[draft.code] > 1:
            text = _("代码 %(code)s 给了不止一个网格。") % said
            yield Fault("code", text, _("只有一个能延续原来的网格。"), (draft.number,))
        elif draft.code and draft.code not in ever:
            text = _("代码 %(code)s 从来不是网格。") % said
            yield Fault("code", text, _("新网格的代码在发布时给出，请留空。"), (draft.number,))
        elif cell and kinds.get(int(cell), draft.kind) != draft.kind:
            text = _("“%(name)s”换了类型。") % said
            yield Fault("kind", text, _("请把它作为新网格。"), (draft.number,))
    yield from _twice_in_force(reckoning)


def _twice_in_force(reckoning: Reckoning) -> Iterator[Fault]:
    """A cell that comes back under its old code while it lives on under another one."""
    back = {int(cell): index for index, cell in enumerate(reckoning.cells) if cell}
    count = Counter(int(cell) for cell in reckoning.cells if cell)
    for cell in (cell for cell, number in count.items() if number > 1):
        draft = reckoning.drafts[back[cell]]
        text = _("“%(name)s”曾用过另一个代码。") % {"name": _called(draft)}
        yield Fault("code", text, _("一个网格同一天只有一个代码。"), (draft.number,))


def _later(reckoning: Reckoning) -> Iterator[Fault]:
    """Versions that are to begin later: two plans for one time cannot both come true."""
    kinds = {draft.kind for draft in reckoning.drafts} | {str(Cell.Kind.SERVICE)}
    mine = CellVersion.objects.inside(scope_over(reckoning.communities)).filter(cell__kind__in=kinds)
    later = mine.filter(valid__startswith__gt=reckoning.day).order_by("valid").first()
    ending = mine.filter(Q(valid__contains=reckoning.day), valid__endswith__gt=reckoning.day).first()
    if later or ending:
        day = (later.valid.lower if later else ending.valid.upper).isoformat()
        text = _("这里的网格已定于 %(day)s 变更。") % {"day": day}
        yield Fault("later", text, _("请等到那一天，或先撤销那次变更。"))


def _coverage(reckoning: Reckoning) -> Iterator[Fault]:
    """The three checks: no overlap, no gap, no difference between the cells together and their community."""
    inside: dict[str, list] = {}
    for draft, shape in zip(reckoning.drafts, reckoning.shapes, strict=True):
        if is_service(draft):
            inside.setdefault(draft.community, []).append((draft, shape))
    for community, outline in _outlines(reckoning).items():
        if community in inside:
            yield from _coverage_of(community, outline, inside[community])
        else:
            text = _("社区 %(code)s 没有网格。") % {"code": community}
            yield Fault("uncovered", text, _("请为它划分网格。"))


def _coverage_of(community: str, outline: shapely.Geometry, mine: list) -> Iterator[Fault]:
    whole = np.array([*(shape for _draft, shape in mine), outline], dtype=object)
    plane = stretch(whole)
    scale = _scale(whole, plane)
    shapes, ground = plane[:-1], plane[-1]
    for pair in overlaps(shapes):
        common = shapely.intersection(shapes[pair.first], shapes[pair.second])
        names = " / ".join(_called(mine[place][0]) for place in (pair.first, pair.second))
        numbers = (mine[pair.first][0].number, mine[pair.second][0].number)
        text = _("%(names)s 重叠 %(m2).0f 平方米。")
        yield from _told("overlap", text, _("同一块地只能属于一个网格。"), common, scale, {"names": names}, numbers)
    union, said = shapely.union_all(shapes), {"code": community}
    if _is_noise(shapely.symmetric_difference(ground, union)):
        return
    left, over = shapely.difference(ground, union), shapely.difference(union, ground)
    text = _("社区 %(code)s 有 %(m2).0f 平方米不属于任何网格。")
    yield from _told("uncovered", text, _("请把它分给一个网格。"), left, scale, said)
    text = _("网格超出社区 %(code)s 的边界 %(m2).0f 平方米。")
    yield from _told("outside", text, _("请收回到边界以内。"), over, scale, said)


def _told(kind, text, fix, shape, scale, said, numbers=()) -> Iterator[Fault]:
    """A fault for ground that is no mere noise."""
    if _is_noise(shape):
        return
    m2 = float(shapely.area(shape))
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0] / scale
    yield Fault(kind, text % {**said, "m2": max(m2, 1)}, fix, tuple(numbers), m2, (float(x), float(y)))


def _is_noise(shape: shapely.Geometry) -> bool:
    return bool(shapely.is_empty(shape) or shapely.is_empty(shapely.buffer(shape, -NOISE_M / 2)))


def _scale(degrees: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """Metres a degree, as `stretch` took them."""
    return shapely.total_bounds(plane)[2:] / shapely.total_bounds(degrees)[2:]


def _outlines(reckoning: Reckoning) -> dict[str, shapely.Geometry]:
    communities = reckoning.communities
    if reckoning.outlines is not None:  # as they would be
        drawn = zip(reckoning.outlines.codes, reckoning.outlines.shapes, strict=True)
        return {code: shape for code, shape in drawn if code in communities}
    stored = Area.objects.filter(level="community", code__in=communities).exclude(geometry=None)
    return {code: shapely.from_wkb(bytes(shape.wkb)) for code, shape in stored.values_list("code", "geometry")}


def _called(draft) -> str:
    return draft.name or draft.code[12:] or f"#{draft.number}"
