"""The impact report of a plan of streets: what concerns streets, before the report on their communities."""

from gis.planning.borders.matching import plain_name
from gis.planning.ground_of import degrees
from gis.planning.streets.impact import StreetImpact
from layers.outlines import Drawn, draw_outlines
from web.pages.choices import names_of
from web.planning.borders import LIKE, kinds


def street_context(found: StreetImpact) -> dict:
    names = {one.code: one.name or one.was for one in found.streets}
    names |= names_of({one.posting.area for one in found.offices} | set(found.tables))
    return {
        "streets": [(kind, name, [one for one in found.streets if one.kind == kind]) for kind, name in kinds()],
        "cut": found.cut,
        "joining": found.joining,
        "street_cases": found.cases,
        "street_offices": [(one, names.get(one.posting.area, ""), names.get(one.to, "")) for one in found.offices],
        "street_unattended": [(names.get(code, ""), code) for code in found.unattended],
        "street_tables": [(names.get(code, ""), code) for code in found.tables],
        "streets_before": _drawn(found, before=True),
        "streets_after": _drawn(found, before=False),
    }


def _drawn(found: StreetImpact, *, before: bool) -> Drawn | None:
    reckoning = found.reckoning
    like = {one.code: LIKE.get(one.kind, "stays") for one in found.streets}
    if before:
        shapes = degrees(reckoning.before.shapes, reckoning.plan.crs)
        rows = list(zip(reckoning.before.names, reckoning.before.codes, shapes, strict=True))
    else:
        drawn = reckoning.drawn.items()
        rows = [(one.name, reckoning.codes[number], reckoning.shapes[number]) for number, one in drawn]
    return draw_outlines([(plain_name(name), like.get(code, "goes_on"), shape) for name, code, shape in rows])
