"""Communities that go whole to another street: one code ends, another begins, and they are the same all the while."""

from dataclasses import replace

from gis.planning.borders.impact import Community
from gis.planning.streets.reckoning import StreetReckoning


def moved(reckoning: StreetReckoning, communities: list[Community]) -> list[Community]:
    """The same, with one row of kind "moved" for each such community, under its new code, `olds` being that of now."""
    old = _codes(reckoning)
    ends = {one.code: one for one in communities if one.kind == "ends"}
    found = []
    for one in communities:
        before = ends.get(old.get(one.code, ""))
        if one.kind == "new" and before:
            figures = {"households": (before.households[0], one.households[1]), "m2": (before.m2[0], one.m2[1])}
            one = replace(one, kind="moved", was=before.was, olds=(before.code,), **figures)
        found.append(one)
    told = {code for one in found if one.kind == "moved" for code in one.olds}
    return [one for one in found if one.code not in told]


def _codes(reckoning: StreetReckoning) -> dict[str, str]:
    """New code → code of now, of the communities that lie in one street and in another than now."""
    rows, codes = reckoning.pieces.community.tolist(), reckoning.in_communities.codes
    return {
        reckoning.below.codes[piece]: codes[row]
        for piece, row in enumerate(rows, 1)
        if row not in reckoning.cut and reckoning.below.codes[piece] != codes[row]
    }
