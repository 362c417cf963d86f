"""The notes of changed incidents: whoever asks since a snapshot is told everything that was not in it, and no less."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import DatabaseError, connection, connections, transaction

from gis.incidents.changes import MOST_NAMED, gather, news_from_nothing, news_since
from gis.models import Incident
from tests.browsing import as_server
from tests.gis.incidents.reported import report


@contextmanager
def another_connection() -> Iterator:
    with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
        yield cursor


def close_case(cursor, pk: int) -> None:
    cursor.execute("UPDATE grid_incident SET state = 'closed' WHERE id = %s", [pk])


def test_it_names_what_was_inserted_changed_and_deleted(own_town):
    kept, gone, same = report(), report(), report()
    since = news_from_nothing().snapshot
    new = report()
    Incident.objects.filter(pk=kept.pk).update(state="closed")
    pk = gone.pk
    gone.delete()
    assert set(news_since(since).ids) == {new.pk, kept.pk, pk}
    assert same.pk not in news_since(since).ids


def test_it_names_nothing_when_nothing_changed(own_town):
    report()
    since = news_from_nothing().snapshot
    assert news_since(since).ids == ()
    Incident.objects.filter(pk=0).update(state="closed")
    assert news_since(since).ids == ()


def test_it_does_not_miss_who_began_early_and_committed_late(own_town):
    """The other transaction has the lower number, is open while we read, and commits after a later one did."""
    early, late = report(), report(area="110113001007001")  # apart: writers in one area wait for each other
    with another_connection() as cursor:
        cursor.execute("BEGIN")
        close_case(cursor, early.pk)
        Incident.objects.filter(pk=late.pk).update(state="closed")
        first = news_from_nothing()
        assert news_since(first.snapshot).ids == ()
        cursor.execute("COMMIT")
        assert news_since(first.snapshot).ids == (early.pk,)


def test_it_does_not_name_what_was_taken_back(own_town):
    incident = report()
    since = news_from_nothing().snapshot
    with another_connection() as cursor:
        cursor.execute("BEGIN")
        close_case(cursor, incident.pk)
        cursor.execute("ROLLBACK")
    assert news_since(since).ids == ()


def test_it_asks_for_everything_after_a_large_statement_and_after_truncate(own_town):
    incident = report()
    since = news_from_nothing().snapshot
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grid_incident (uuid, number, category_id, description, reported_at, position, place, area,"
            " state, origin, doubt, source, source_code) SELECT gen_random_uuid(), 'M' || n, category_id, '',"
            " reported_at, position, '', area, state, origin, '', '', '' FROM grid_incident,"
            " generate_series(1, %s) n WHERE id = %s",
            [MOST_NAMED + 1, incident.pk],
        )
        assert news_since(since).ids is None
        since = news_from_nothing().snapshot
        cursor.execute("TRUNCATE grid_incident CASCADE")
    assert news_since(since).ids is None


def test_it_asks_for_everything_from_who_reads_from_before_a_gathering(own_town):
    before = news_from_nothing().snapshot
    report()
    gather()
    after = news_from_nothing().snapshot
    assert news_since(before).ids is None
    assert news_since(after).ids == ()


def test_it_tells_a_transaction_that_has_written(own_town):
    with transaction.atomic():
        assert not news_from_nothing().is_writing
        report()
        assert news_from_nothing().is_writing


def test_it_tells_one_database_from_another(own_town):
    from tests.databases import moved_to

    here = news_from_nothing().database
    with moved_to("postgres"):
        assert news_from_nothing().database != here


def test_it_lets_the_runtime_login_write_no_note(db):
    report()
    with as_server(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM grid_incidentchange")


def test_it_notes_what_the_runtime_login_reports(own_town):
    since = news_from_nothing().snapshot
    with as_server():
        incident = report()
        assert news_since(since).ids == (incident.pk,)
