"""The fewest areas that hold some communities and nothing else."""

from collections.abc import Sequence

from django.db.models.functions import Substr

from gis.accounts.scope import Scope
from gis.areas.area import Area
from gis.areas.cell import CellVersion

_COMMUNITY, _ABOVE = 12, (9, 6)


def scope_over(codes: Sequence[str]) -> Scope:
    """The scope of some communities: a street or district stands for its communities where all of them are meant.

    One range of codes is asked of every row once; four hundred are asked of every row four hundred times.
    """
    chosen = set(codes)
    communities = {code for code in codes if len(code) == _COMMUNITY}
    missing = _communities_of({code[: min(_ABOVE)] for code in communities}) - communities
    for length in _ABOVE:
        for above in {code[:length] for code in communities} - {code[:length] for code in missing}:
            chosen = {code for code in chosen if not code.startswith(above)} | {above}
    return Scope.of(chosen)


def scope_of_all() -> Scope:
    """Every area there is: for the one question of a caller who says why nobody's own ground is enough."""
    return Scope.of({code[:2] for code in Area.objects.values_list("code", flat=True)})


def _communities_of(districts: set[str]) -> set[str]:
    """Every community of some districts that there is or was, and any that cells name."""
    if not districts:
        return set()
    inside = Scope.of(districts)
    named = Area.objects.inside(inside).filter(level="community").values_list("code", flat=True)
    drawn = CellVersion.objects.inside(inside).order_by().annotate(community=Substr("code", 1, _COMMUNITY))
    return {*named, *drawn.values_list("community", flat=True).distinct()}
