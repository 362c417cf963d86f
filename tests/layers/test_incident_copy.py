"""The copy in memory holds what is committed at the moment of asking, whoever changed it and however."""

from threading import Thread

import numpy as np
import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.changes import gather
from gis.models import Incident
from layers import incident_copy
from layers.incident_columns import Columns, in_order
from layers.incident_copy import Copy, incidents_now, laid_in_order, replaced, warm
from tests.gis.incidents.reported import report
from tests.gis.incidents.test_changes import another_connection, close_case


def rows_in(copy: Copy) -> dict[int, tuple]:
    """id → its other columns; fails where an incident is there twice."""
    held: dict[int, tuple] = {}
    gone = set(copy.gone.ids.tolist())
    for part, skipped in ((copy.base, gone), (copy.fresh, set())):
        for row in zip(part.ids.tolist(), part.at.tolist(), part.state.tolist(), part.area.tolist(), strict=True):
            if row[0] not in skipped:
                assert row[0] not in held
                held[row[0]] = row[1:]
    return held


def as_stored() -> dict[int, tuple]:
    return rows_in(laid_in_order(incident_copy.read_all()))


@pytest.fixture(autouse=True)
def _from_cold():
    incident_copy.forget()
    yield
    incident_copy.forget()


def test_it_follows_inserts_changes_and_deletions(own_town):
    first, second = report(), report()
    assert rows_in(incidents_now()) == as_stored()
    report()
    Incident.objects.filter(pk=second.pk).update(state="closed", area="110113001006003")
    first.delete()
    assert rows_in(incidents_now()) == as_stored()
    Incident.objects.filter(pk=second.pk).update(state="filed")
    assert rows_in(incidents_now()) == as_stored()


def test_it_reads_only_what_changed(own_town, monkeypatch):
    report()
    incidents_now()
    monkeypatch.setattr(incident_copy, "read_all", lambda: pytest.fail("read everything again"))
    changed = report()
    assert changed.pk in rows_in(incidents_now())


def test_it_is_read_ahead_in_a_thread_of_its_own(own_town, monkeypatch):
    incident = report()
    ahead = Thread(target=warm)
    ahead.start()
    ahead.join()
    monkeypatch.setattr(incident_copy, "read_all", lambda: pytest.fail("read everything again"))
    assert incident.pk in rows_in(incidents_now())


def test_it_sees_who_commits_late(own_town):
    incident = report()
    with another_connection() as cursor:
        cursor.execute("BEGIN")
        close_case(cursor, incident.pk)
        open_then = rows_in(incidents_now())[incident.pk]
        cursor.execute("COMMIT")
        assert rows_in(incidents_now()) == as_stored()
        assert rows_in(incidents_now())[incident.pk] != open_then


def test_it_follows_a_truncate_and_a_gathering(own_town):
    report()
    incidents_now()
    report()
    gather()
    assert rows_in(incidents_now()) == as_stored()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE grid_incident CASCADE")
    assert len(incidents_now()) == 0


def test_it_keeps_nothing_that_is_taken_back(own_town):
    before = rows_in(incidents_now())
    with transaction.atomic():
        incident = report()
        assert incident.pk in rows_in(incidents_now())
        transaction.set_rollback(True)
    assert rows_in(incidents_now()) == before


def columns_of(rows: dict[int, int]) -> Columns:
    ids, at = np.array(list(rows), dtype=np.int64), np.array(list(rows.values()), dtype=np.int64)
    zero = np.zeros(len(rows), dtype=np.int64)
    return in_order(Columns(**dict.fromkeys(Columns.__dataclass_fields__, zero) | {"ids": ids, "at": at}))


incidents = st.dictionaries(st.integers(1, 30), st.integers(0, 5), max_size=15)
changes = st.lists(st.tuples(st.sets(st.integers(1, 30), max_size=8), incidents), max_size=6)


@given(incidents, changes, st.integers(0, 20))
def test_it_is_what_was_written_last_after_any_changes(start, steps, apart):
    """`apart` small: rows are laid in order again and again; large: never."""
    truth, copy = dict(start), laid_in_order(columns_of(start))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(incident_copy, "MOST_APART", apart)
        for gone, written in steps:
            ids = gone | set(written)
            truth = {pk: at for pk, at in truth.items() if pk not in ids} | written
            copy = replaced(copy, np.array(sorted(ids), dtype=np.int64), columns_of(written))
    assert {pk: row[0] for pk, row in rows_in(copy).items()} == truth
    assert len(copy) == len(truth)
    assert all((np.diff(part.at) >= 0).all() for part, _sign in copy.parts())
