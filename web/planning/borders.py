"""The impact report of a plan of communities: what concerns communities, before the report on their cells."""

from django.utils.translation import gettext as _

from gis.planning.borders.impact import BorderImpact
from gis.planning.borders.matching import plain_name
from gis.planning.ground_of import degrees
from layers.outlines import Drawn, draw_outlines
from web.pages.choices import names_of


def border_context(found: BorderImpact, *, tells_cases: bool) -> dict:
    """`tells_cases`: whether the reader may know which ground has a case."""
    reckoning = found.reckoning
    columns = [column for column in _columns() if tells_cases or column[0] != "cases"]
    codes = {*reckoning.communities, *(one for passing in found.passing for one in (passing.before, passing.after))}
    names = {one.code: one.name or one.was for one in found.communities} | names_of(codes)
    return {
        "borders": found,
        "named": [(kind, name, [one for one in found.communities if one.kind == kind]) for kind, name in kinds()],
        "passing": [
            (
                names.get(one.before, ""),
                names.get(one.after, ""),
                one,
                [(name, one.counts.get(key, 0)) for key, name in columns],
            )
            for one in found.passing
        ],
        "columns": columns,
        "recoded": [(one, [(code, round(share * 100, 1)) for code, share in one.heirs]) for one in found.recoded],
        "merged": [
            (one, [f"{names.get(old, '')} {old}" for old in one.olds])
            for one in found.communities
            if one.kind == "merged"
        ],
        "offices": [(one, names.get(one.posting.area, ""), names.get(one.to, "")) for one in found.offices],
        "unattended": [(names.get(code, ""), code) for code in found.unattended],
        "communities_before": _drawn(found, before=True),
        "communities_after": _drawn(found, before=False),
    }


def kinds() -> list[tuple[str, str]]:
    return [
        ("moved", _("划入别的街道")),
        ("merged", _("合并")),
        ("new", _("新设")),
        ("ends", _("停用")),
        ("redrawn", _("边界有变化")),
        ("renamed", _("更名")),
        ("stays", _("不变")),
    ]


def _columns() -> list[tuple[str, str]]:
    return [
        ("buildings", _("楼栋")),
        ("households", _("家庭户")),
        ("residents", _("人口（约）")),
        ("cases", _("未结事件")),
        ("points", _("服务点")),
        ("components", _("部件")),
    ]


#: The colours of the report on cells, by what they mean.
LIKE = {
    "moved": "goes_on",
    "merged": "appears",
    "new": "appears",
    "ends": "vanishes",
    "redrawn": "goes_on",
    "renamed": "goes_on",
}


def _drawn(found: BorderImpact, *, before: bool) -> Drawn | None:
    reckoning = found.reckoning
    kinds = {one.code: LIKE.get(one.kind, "stays") for one in found.communities}
    if before:
        shapes = degrees(reckoning.before.shapes, reckoning.plan.crs)
        rows = zip(reckoning.before.names, reckoning.before.codes, shapes, strict=True)
    else:
        drawn = reckoning.drawn.items()
        rows = [(one.name, reckoning.codes[number], reckoning.shapes[number]) for number, one in drawn]
    return draw_outlines([(plain_name(name), kinds.get(code, "goes_on"), shape) for name, code, shape in rows])
