"""Records that may be two of one person, within the reader's areas: one number twice, or one name, birth and sex."""

from django.db import connection

from gis.accounts.scope import Scope

_PAIRS = """
WITH here AS (SELECT id, name, born, sex, identity_index FROM grid_resident WHERE {scope})
SELECT a.id, b.id FROM here a JOIN here b ON a.identity_index = b.identity_index AND a.id < b.id
UNION
SELECT a.id, b.id FROM here a JOIN here b ON a.name = b.name AND a.born = b.born AND a.id < b.id
  AND (a.sex = b.sex OR '0' IN (a.sex, b.sex))
  AND (a.identity_index IS NULL OR b.identity_index IS NULL OR a.identity_index = b.identity_index)
ORDER BY 1, 2 LIMIT %s
"""


def likely_pairs(scope: Scope, most: int = 30) -> list[tuple[int, int]]:
    """Keys of both, the older record first."""
    if not scope:
        return []
    inside, bounds = scope.sql()
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS.format(scope=inside), [*bounds, most])
        return cursor.fetchall()
