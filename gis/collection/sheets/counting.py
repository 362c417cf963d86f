"""Who files beside others writes what is counted one after the other.

People of a community are counted in one row of figures (`gis.statistics.keeping`), which belongs to whoever changed it
until their transaction ends. Two lots of one table touch the same communities in many statements: each would come to
hold what the other wants. So a lot does all the rest first, then waits here for its turn, and ends soon after.
"""

from django.db import connection

#: Of this database; any number that nothing else locks by.
_TURN = 7_206_086


def count_one_by_one() -> None:
    """Wait until no other lot writes what is counted, and let none until the transaction ends. May be asked again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
