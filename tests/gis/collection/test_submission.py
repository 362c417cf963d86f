"""What a phone sends is taken in exactly once: it …"""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.submission import LONGEST_WAIT, Envelope, accept, digest_of, written_at
from gis.errors import Conflict, Refused
from gis.models import Submission, User
from tests.browsing import as_server

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def envelope_of(user, uuid=None, kind="note") -> Envelope:
    return Envelope(uuid or uuid4(), kind, user, user.access, NOW)


def test_it_does_the_work_once_and_answers_the_same_again(cast):
    envelope, done = envelope_of(cast.wang), []
    handle = lambda: done.append(1) or {"number": len(done)}  # noqa: E731
    first, second = (accept(envelope, "a" * 64, handle) for _ in range(2))
    assert (first.again, second.again) == (False, True)
    assert first.outcome == second.outcome == {"number": 1}
    assert done == [1]


def test_it_refuses_other_content_under_the_same_uuid_and_shows_what_is_stored(cast):
    envelope = envelope_of(cast.wang)
    accept(envelope, "a" * 64, lambda: {"number": 7})
    with pytest.raises(Conflict) as caught:
        accept(envelope, "b" * 64, dict)
    assert caught.value.theirs == {"stored": "2026-06-01T12:00:00+00:00", "outcome": {"number": 7}}


def test_it_tells_nobody_else_what_became_of_it(cast):
    envelope = envelope_of(cast.wang)
    accept(envelope, "a" * 64, lambda: {"number": 7})
    with pytest.raises(Conflict) as caught:
        accept(envelope_of(cast.zhou, envelope.uuid), "a" * 64, dict)
    assert caught.value.theirs == {}


def test_it_stores_nothing_of_what_is_refused_and_takes_it_corrected(cast):
    envelope = envelope_of(cast.wang)

    def refuse():
        User.objects.filter(pk=cast.wang.pk).update(name="改")
        raise Refused("No.", fields={"note": "empty"})

    with pytest.raises(Refused):
        accept(envelope, "a" * 64, refuse)
    assert not Submission.objects.filter(uuid=envelope.uuid).exists()
    assert not User.objects.filter(name="改").exists()
    assert not accept(envelope, "b" * 64, dict).again


def test_the_server_appends_and_never_rewrites(cast):
    accept(envelope_of(cast.wang), "a" * 64, dict)
    with as_server(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('grid_submission', p) FROM unnest(ARRAY['INSERT','UPDATE','DELETE']) p"
        )
        assert [may for (may,) in cursor.fetchall()] == [True, False, False]


def test_two_at_once_are_one(own_town):
    """The phone gave up waiting and sent again while the first request was still at work."""
    wang, uuid, start, got, done = User.objects.get(username="wang"), uuid4(), Barrier(4), [], []

    def send():
        start.wait()
        try:
            got.append(accept(envelope_of(wang, uuid), "a" * 64, lambda: done.append(1) or {"number": len(done)}))
        finally:
            connection.close()

    senders = [Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert done == [1]
    assert sorted(one.again for one in got) == [False, True, True, True]
    assert Submission.objects.filter(uuid=uuid).count() == 1


@given(st.integers(-(10**14), 10**14), st.integers(0, int(LONGEST_WAIT.total_seconds() * 1000)))
def test_a_wrong_clock_does_not_matter(clock_ms, waited_ms):
    assert written_at(NOW, clock_ms, clock_ms + waited_ms) == NOW - timedelta(milliseconds=waited_ms)


@pytest.mark.parametrize(("written", "sent"), [(2.0, 1.0), (0, 1e18), (-1e300, 1e300), (0.0, 6e9)])
def test_a_clock_that_was_set_in_between_tells_nothing(written, sent):
    assert written_at(NOW, written, sent) == NOW


def test_a_digest_sees_kind_body_and_photos():
    plain = digest_of("visit", {"a": 1, "b": "网格"}, [[b"x", b"y"]])
    assert plain == digest_of("visit", {"b": "网格", "a": 1}, [[b"xy"]])
    others = [("door", {"a": 1, "b": "网格"}, [[b"xy"]]), ("visit", {"a": 2}, [[b"xy"]]), ("visit", {"a": 1}, [])]
    assert plain not in {digest_of(*other) for other in others}
