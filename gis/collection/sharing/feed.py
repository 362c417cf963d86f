"""The feed of a subscription: who came, changed or is gone since a place in it. Nothing is lost between two readings.

Every reading first brings the feed up to date, one at a time for a subscription: whoever was touched by a transaction
that the last reading did not see (`feed.sql`, `gis/news.py`) is looked at anew, and where what the subscription gives
of them differs from what was last told, by a digest, they get the next number. Numbers are given under the lock of the
subscription and committed with it, so a reader who has seen all up to a number has missed nothing below it. A row that
changes again moves to the end. At first, once a day, and when the fields granted are others, everybody is looked at:
ages and dates change without anybody writing. Where they are many, a job does that (`preparing.py`).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from gis.accounts.scope import Scope
from gis.collection.field import Field
from gis.collection.sharing.subscribing import granted
from gis.collection.sharing.subscription import SharedRow, Subscription
from gis.collection.sharing.taking import Given, give, in_rows, subjects_of
from gis.news import unseen
from gis.people.masking import AS_EXPORT, rule_as

#: Entries of a page, and subjects looked at at a time.
PAGE = 500
AT_ONCE = 2000


@dataclass(frozen=True)
class Entry:
    """One line of the feed. `values` by code; None in a tombstone."""

    key: str
    change: str  # added, changed, gone
    area: str
    values: dict[str, str | None] | None
    subject: int


@dataclass(frozen=True)
class Changes:
    """A page: `cursor` is where the next one begins, `more` whether there is one now."""

    entries: list[Entry]
    cursor: int
    more: bool


def changes_since(one: Subscription, since: int, scope: Scope, day: date, most: int = PAGE) -> Changes:
    """The entries after a place, the oldest first. In the scope's transaction; rows out of scope are not there."""
    held = bring_up_to_date(one, scope, day)
    rows = list(
        SharedRow.objects.inside(scope).filter(subscription=held, number__gt=since).order_by("number")[: most + 1]
    )
    page = rows[:most]
    fields = in_rows(granted(held))
    given = {row.key: row for row in give(fields, [(row.key, row.area) for row in page if not row.gone], day)}
    entries = [_entry(row, since, fields, given.get(row.key)) for row in page]
    # Who came and went between two readings was never known: nothing is told of them.
    told = [entry for entry, row in zip(entries, page, strict=True) if not (row.gone and row.first_number > since)]
    return Changes(told, page[-1].number if page else since, len(rows) > most)


def _entry(row: SharedRow, since: int, fields: list[Field], given: Given | None) -> Entry:
    if row.gone or given is None:
        return Entry(str(row.name), "gone", row.area, None, row.key)
    change = "added" if row.added_number > since else "changed"
    values = {field.code: value for field, value in zip(fields, given.values, strict=True)}
    return Entry(str(row.name), change, given.area, values, row.key)


@transaction.atomic
def bring_up_to_date(one: Subscription, scope: Scope, day: date) -> Subscription:
    """Number what has changed since the feed was last brought up to date. The subscription, locked until the end."""
    held = Subscription.objects.select_for_update().get(pk=one.pk)
    fields = granted(held)
    # The snapshot first: what is committed between it and the look below is looked at now and once more next time.
    seen = snapshot()
    touched = None if looks_at_all(held, fields, day) else touched_since(held.seen)
    for part in _parts(held, scope, touched):
        held.last_number = renumber(held, part, fields, day, held.last_number)
    return close(held, scope, touched, seen=(seen, day, fields))


def looks_at_all(one: Subscription, fields: list[Field], day: date) -> bool:
    """Whether the next reading is of everybody, and not only of those touched since the last."""
    return not one.seen or one.seen_on != day or one.seen_fields != _named(fields)


def close(held: Subscription, scope: Scope, touched: Scope | None, seen: tuple[str, date, list[Field]]) -> Subscription:
    """Number who is gone, and note up to where the feed is now: the snapshot, of which day and fields."""
    held.last_number = _bury(held, scope, touched, held.last_number)
    held.seen, held.seen_on, fields = seen
    held.seen_fields, held.preparing = _named(fields), None
    held.save(update_fields=["seen", "seen_on", "seen_fields", "last_number", "preparing"])
    return held


def snapshot() -> str:
    """The transactions that are over now, as the database writes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]


def _named(fields: list[Field]) -> str:
    text = " ".join(f"{field.pk}:{rule_as(AS_EXPORT, field.rule)}" for field in fields)
    return hashlib.sha256(text.encode()).hexdigest()


#: A transaction is in its own snapshot as if it had ended: what this one wrote itself is looked at all the same.
_UNSEEN = f"""
SELECT DISTINCT jsonb_array_elements_text(areas) FROM grid_sharechange
WHERE ({unseen("transaction")}) OR transaction = pg_current_xact_id_if_assigned()::text::bigint"""  # noqa: S608 - ours


def touched_since(seen: str) -> Scope:
    """The communities in which anything was committed that the snapshot did not see."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, {"since": seen})
        return Scope.of(area for (area,) in cursor.fetchall())


def _parts(one: Subscription, scope: Scope, touched: Scope | None) -> Iterator[list[tuple[int, str]]]:
    """Everybody to be looked at, some at a time: keys and areas."""
    found = subjects_of(one, scope)
    if touched is not None:
        if not touched:
            return
        found = found.inside(touched)
    rows = found.values_list("pk", "area").iterator(chunk_size=AT_ONCE)
    while part := list(islice(rows, AT_ONCE)):
        yield part


def _digest(row: Given) -> bytes:
    """Keyed: a masked name is soon guessed from a plain hash."""
    return salted_hmac("wangge feed", json.dumps([row.area, *row.values]), algorithm="sha256").digest()


def renumber(one: Subscription, part: list[tuple[int, str]], fields: list[Field], day: date, number: int) -> int:
    """Give the next numbers to those of whom something else is told than before; the last number given."""
    before = {row.key: row for row in SharedRow.objects.filter(subscription=one, key__in=[key for key, _area in part])}
    fresh, moved = [], []
    for given in give(fields, part, day):
        digest, row = _digest(given), before.get(given.key)
        if row and not row.gone and bytes(row.digest) == digest:
            continue
        number += 1
        if row is None:
            fresh.append(_fresh(one, given, digest, number))
            continue
        row.added_number = number if row.gone else row.added_number
        row.area, row.digest, row.number, row.gone = given.area, digest, number, False
        moved.append(row)
    SharedRow.objects.bulk_create(fresh)
    SharedRow.objects.bulk_update(moved, ["area", "digest", "number", "added_number", "gone"], batch_size=500)
    return number


def _fresh(one: Subscription, given: Given, digest: bytes, number: int) -> SharedRow:
    return SharedRow(
        subscription=one,
        key=given.key,
        area=given.area,
        digest=digest,
        number=number,
        added_number=number,
        first_number=number,
    )


def _bury(one: Subscription, scope: Scope, touched: Scope | None, number: int) -> int:
    """Number those who are no longer there."""
    known = SharedRow.objects.inside(scope).filter(subscription=one, gone=False)
    if touched is not None:
        known = known.inside(touched)
    # Looked for by what is told of them, so that a person who only moved within the area is not buried.
    here = subjects_of(one, scope).filter(pk__in=known.values("key")).values("pk")
    left = list(known.exclude(key__in=here))
    for row in left:
        number += 1
        row.number, row.gone, row.digest = number, True, b""
    SharedRow.objects.bulk_update(left, ["number", "gone", "digest"], batch_size=500)
    return number


_FORGET = """
DELETE FROM grid_sharechange
WHERE noted_at < current_date
  AND transaction < (SELECT min(pg_snapshot_xmin(one::pg_snapshot)::text::bigint) FROM unnest(%s::text[]) AS one)"""


def forget_seen_changes() -> int:
    """Drop the notes of past days that every feed has seen; copies in memory go by those of today. How many."""
    read = Subscription.objects.filter(state=Subscription.State.APPROVED).exclude(seen="")
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [[*read.values_list("seen", flat=True), snapshot()]])
        return cursor.rowcount
