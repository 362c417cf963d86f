"""After a publication: whatever was written with the code of a cell that had just ended finds its cell.

A program that read a cell before the publication and writes after it (a phone that was offline, a form left open) names
a code that no longer holds. Such rows are few; they are placed again, as an import's are.
"""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from gis.accounts.scope import applied
from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.areas.covering import scope_over
from gis.exchange.placing import communities_within
from gis.exchange.relinking import WORLD, cells_of_today, relink_within
from gis.planning.publishing.redrawing import Redrawing

#: For so long after a publication it is looked for rows with retired codes.
_DAYS = 7
_STRAYS = " UNION ALL ".join(
    f"(SELECT area FROM {table} WHERE area = ANY(%(gone)s) LIMIT 1)"  # noqa: S608 - ours
    for table in (
        "grid_building", "grid_incident", "grid_component", "grid_servicepoint", "grid_dwelling", "grid_household",
        "grid_residence", "grid_resident", "grid_need", "grid_visit", "grid_doornote",
        "grid_lifeevent", "grid_organisation",
    )
)  # fmt: skip


def mend(communities: Sequence[str]) -> bool:
    """Place again what names a retired cell of these communities; whether there was anything."""
    with applied(scope_over(communities)):
        ended = _ended(communities)
        gone = [*_retired(communities), *ended]
        if not gone or not _has_strays(gone):
            return False
        for community in [] if ended else communities:
            relink_within([community], cells_of_today(community), deep=True)
        if ended:
            _place_across(communities)
        return True


def mend_lately() -> int:
    """Mend wherever something was published in the last days; in how many publications' ground there was something."""
    since = timezone.localdate() - timedelta(days=_DAYS)
    grounds = {tuple(one.communities) for one in Redrawing.objects.filter(day__gte=since)}
    return sum(mend(communities) for communities in sorted(grounds))


def _ended(communities: Sequence[str]) -> list[str]:
    """The communities that are no more: what names one may lie in any of the others."""
    today = timezone.localdate()
    return list(Area.objects.filter(code__in=communities, ends__lte=today).values_list("code", flat=True))


def _place_across(communities: Sequence[str]) -> None:
    """All at once: a community that moved to another street has its ground there."""
    around = {code[:length] for length in (9, 6) for code in communities}
    around = next((one for one in sorted(around, key=len, reverse=True) if _all_in(communities, one)), "")
    cells, outlines = cells_of_today(around), communities_within(WORLD, around)
    cells = cells.where(np.isin([code[:12] for code in cells.codes], communities))
    relink_within(communities, cells, deep=True, outlines=outlines.where(np.isin(outlines.codes, communities)))


def _all_in(communities: Sequence[str], area: str) -> bool:
    return all(code.startswith(area) for code in communities)


def _retired(communities: Sequence[str]) -> list[str]:
    mine = CellVersion.objects.inside(scope_over(communities))
    held = mine.on(timezone.localdate()).values("code")
    return list(mine.exclude(code__in=held).values_list("code", flat=True).distinct())


def _has_strays(gone: list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_STRAYS, {"gone": gone})
        return cursor.fetchone() is not None
