"""When people are due, kept right by two writers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
from django.utils import timezone

from gis.models import Resident, VisitDue
from tests.databases import address_of


def test_two_writers_of_one_person_come_one_after_the_other(own_town):
    """A need that begins while a visit is being stored: each sees only half, whoever comes last sees both."""
    person = VisitDue.objects.filter(met_on__isnull=False).first().resident
    today = timezone.localdate()
    with psycopg.connect(address_of(own_town)) as one:
        one.execute(
            "INSERT INTO grid_need (resident_id, tag, starts, source, area)"
            " VALUES (%s, 'elder_disabled_care', %s, 'test', %s) ON CONFLICT DO NOTHING",
            [person.pk, today - timedelta(days=60), person.area],
        )
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(_visit_aside, own_town, person, today)
            _wait_until_somebody_waits(one)
            one.commit()
            other.result()
    row = VisitDue.objects.get(resident=person, since__lte=today, until__gt=today)
    assert row.due_on == today + timedelta(days=7)


def _visit_aside(database: str, person: Resident, today: date) -> None:
    with psycopg.connect(address_of(database)) as other:
        other.execute(
            "INSERT INTO grid_visit (call, resident_id, at, day, by_id, way, outcome, found, note, gave, area)"
            " SELECT gen_random_uuid(), %s, now(), %s, id, 'door', 'met', '', '', '[]', %s FROM grid_user LIMIT 1",
            [person.pk, today, person.area],
        )


def _wait_until_somebody_waits(connection: psycopg.Connection) -> None:
    for _ in range(100_000):
        if connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]:
            return
    raise AssertionError("nobody waited for the other writer")
