"""What the database knows for all processes at once, asked when a monitor asks."""

from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from web.operation.backup.record import last_backup

_JOBS = """
SELECT queue_name, status::text, count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2"""
#: The longest that a job which is due waits for a worker. (A job without a time is due since it was handed in.)
_WAITS = """
SELECT coalesce(max(extract(epoch FROM now() - coalesce(scheduled_at, (
  SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id)))), 0)::float8
FROM procrastinate_jobs j WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"""
#: A login sees the state of its own connections; of others', which may be behind the same role, only that they are.
_CONNECTIONS = """
SELECT CASE WHEN state LIKE 'idle%' THEN 'idle' WHEN state IS NULL THEN 'unknown' ELSE 'active' END, count(*)
FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"""
_MOST = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
_BYTES = """
SELECT pg_database_size(oid) FROM pg_database
WHERE datname = current_database() AND has_database_privilege(oid, 'CONNECT')"""
_OUTBOX = """
SELECT 'webhook', count(*) FROM grid_delivery WHERE done_at IS NULL AND failed_at IS NULL
UNION ALL SELECT 'mail', count(*) FROM grid_notice WHERE mail = 'waits'"""


class Asked(Collector):
    """Gauges of one scrape. Where the database is away they are left out, and `wangge_database_up` is 0."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(self._of_database())
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("wangge_database_up", "Whether the database answers.", value=bool(found))
        yield from found
        if last := last_backup():
            yield GaugeMetricFamily("wangge_backup_timestamp", "When it was backed up.", value=last.moment.timestamp())
            yield GaugeMetricFamily("wangge_backup_bytes", "Size of that backup.", value=last.size)
            yield GaugeMetricFamily("wangge_backup_verified", "Whether it was restored to try.", value=last.verified)

    def _of_database(self) -> Iterator[Metric]:
        yield _gauge("wangge_jobs", "Jobs by queue and state.", ["queue", "state"], _JOBS)
        yield _gauge("wangge_job_waits_seconds", "The longest that a due job waits.", [], _WAITS)
        yield _gauge("wangge_database_connections", "Connections to the database.", ["state"], _CONNECTIONS)
        yield _gauge("wangge_database_connections_most", "Connections that its server takes.", [], _MOST)
        yield _gauge("wangge_database_bytes", "Size of the database.", [], _BYTES)
        yield _gauge("wangge_outbox", "What waits to be sent.", ["kind"], _OUTBOX)


def _gauge(name: str, meaning: str, labels: list[str], statement: str) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for *values, number in cursor.fetchall():
            family.add_metric(values, number)
    return family
