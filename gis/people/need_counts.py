"""How many people of each area have a service need today: counts alone, of all areas.

A score compares a place with all others, and the table is guarded row by row. So the counts are read under a scope of
every area there is, opened here for this one statement; no row leaves it, and `layers` withholds what is small.
"""

from collections.abc import Collection

import numpy as np
from django.db import connection

from gis.accounts.scope import applied
from gis.areas.covering import scope_of_all

_COUNT = """
SELECT area, count(DISTINCT resident_id) FROM grid_need
WHERE tag = ANY(%s) AND starts <= current_date AND (ends IS NULL OR ends > current_date)
GROUP BY area ORDER BY area COLLATE "C"
"""


def count_needs_of_all(tags: Collection[str]) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the areas in order, and beside them how many people there have one of these needs today."""
    with applied(scope_of_all()), connection.cursor() as cursor:
        cursor.execute(_COUNT, [sorted(tags)])
        rows = cursor.fetchall()
    return np.array([area for area, _ in rows], dtype="U15"), np.array([people for _, people in rows], dtype=np.int64)
