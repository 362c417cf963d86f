"""How many people of each area have a service need today: counts alone, past the wall round the rows.

The table is guarded row by row, so a request sees the needs of its own scope. A score compares a place with all others;
for that a function with its owner's rights returns the counts by area, and `layers` withholds what is small.
"""

from collections.abc import Collection

import numpy as np
from django.db import connection

FUNCTION = """
CREATE OR REPLACE FUNCTION grid_count_needs(tags text[]) RETURNS TABLE (area text, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.area::text, count(DISTINCT n.resident_id) FROM grid_need n
  WHERE n.tag = ANY(tags) AND n.starts <= current_date AND (n.ends IS NULL OR n.ends > current_date)
  GROUP BY n.area
$$;
"""


def count_needs_of_all(tags: Collection[str]) -> tuple[np.ndarray, np.ndarray]:
    """Codes of the areas in order, and beside them how many people there have one of these needs today."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT area, people FROM grid_count_needs(%s) ORDER BY area COLLATE "C"', [sorted(tags)])
        rows = cursor.fetchall()
    return np.array([area for area, _ in rows], dtype="U15"), np.array([people for _, people in rows], dtype=np.int64)
