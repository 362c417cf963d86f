"""Changing the key of people's numbers: a new one is made known, then seals, then all is resealed."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from gis.errors import WanggeError
from gis.exchange.recoding import recode_rows
from gis.hotline.hotline_file import HotlineRow
from gis.incidents.residents.recoding import recode_digits
from gis.people.gone import Gone
from gis.people.keyring import LAST_NUMBER, Key, Keyring, keyring, write_ring
from gis.people.reading import wrap_asked
from gis.people.rotating import (
    Done,
    carried,
    file_columns,
    files_left,
    forget_before,
    indexes_without_seal,
    left_in,
    reseal_files,
    reseal_table,
    tables,
)
from gis.reports.resealing import reseal_words, words_left

Say = Callable[[str], object]
#: "keys", in no other use.
_LOCK = 0x6B657973


@contextmanager
def alone() -> Iterator[None]:
    """One change of keys at a time. The lock dies with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise WanggeError("The keys are being changed already.", fix="Wait for that command, or stop it.")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def make_known(ring: Keyring) -> Keyring:
    """A new key beside the one that seals. Every process can open with it from now on; none seals by it yet."""
    number = ring.seals.number + 1
    if number > LAST_NUMBER:
        raise WanggeError("The last number a key can have is in use.", fix="Restore the data into a new installation.")
    return _put(Keyring((ring.seals, Key(number, secrets.token_urlsafe(48)))))


def let_seal(ring: Keyring) -> Keyring:
    """The newer of two keys seals from now on; the other one still opens."""
    return _put(Keyring(tuple(sorted(ring.keys, key=lambda key: -key.number))))


def take_away(ring: Keyring) -> Keyring:
    """Only the key that seals stays. Raises WanggeError while anything is sealed by another."""
    if found := left(ring.seals.number):
        raise WanggeError(
            f"The key before still seals: {'; '.join(found)}.", fix="Run rotate_keys until nothing is left by it."
        )
    return _put(Keyring((ring.seals,)))


def _put(ring: Keyring) -> Keyring:
    if not isinstance(settings.PEOPLE_KEY, Path):
        raise WanggeError(
            "PEOPLE_KEY comes from the environment, which this command cannot change.",
            fix="Set it as the README says under “Changing the key”, restart every process, and run this again.",
        )
    write_ring(settings.PEOPLE_KEY, ring)
    return ring


def settle(seconds: float, say: Say) -> None:
    """Give what began with the keys as they were the time to end."""
    if seconds:
        say(f"  waiting {seconds:g} s for requests that began before")
        time.sleep(seconds)


def reseal_all(say: Say) -> int:
    """Seal everything by the key of today; how many values. Broken ones are named and left alone."""
    number, done = keyring().seals.number, 0
    for table in tables():
        done += _account(say, table.name, reseal_table(table, _every(say)))
    for model, column in file_columns():
        done += _account(say, f"{model._meta.db_table}.{column.name}", reseal_files(model, column))
    done += reseal_words(number) + recode_digits() + recode_rows()
    return done


def _every(say: Say, seconds: float = 2.0) -> Callable[[str, int, int], None]:
    told = time.monotonic()

    def tell(name: str, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= seconds:
            told = time.monotonic()
            say(f"  {name}: {done:,} of {total:,}")

    return tell


def _account(say: Say, name: str, done: Done) -> int:
    if done.sealed:
        say(f"  {name}: {done.sealed:,} rows sealed anew")
    if done.broken:
        first = ", ".join(map(str, sorted(done.broken)[:10]))
        say(f"  {name}: {len(done.broken):,} rows open with no key we have (ids {first}); they are left as they are")
    return done.sealed


def clear_away(say: Say) -> None:
    """What the key that is gone has left behind without anything sealed: its indexes, and prints of what was typed."""
    for table in tables():
        forget_before(table, _every(say))
    number = keyring().seals.number
    wrap_asked(number)
    Gone.objects.update(print=None, code_print=None)  # nobody can say which of them was by the key that is gone
    recode_digits(forget=True)


def left(number: int) -> list[str]:
    """What another key than this one still seals, a line each."""
    found = [(table.name, left_in(table, number)) for table in tables()]
    found += [(f"{model._meta.db_table}.{one.name}", files_left(model, one, number)) for model, one in file_columns()]
    found.append(("grid_report.view", words_left(number)))
    return [f"{name} {count:,}" for name, count in found if count]


def state() -> list[str]:
    """How things stand, in lines."""
    ring = keyring()
    others = ", ".join(str(key.number) for key in ring.keys[1:])
    lines = [f"Key {ring.seals.number} seals." + (f" Key {others} is known beside it." if others else "")]
    lines += [f"  by another key: {line}" for line in left(ring.seals.number)] or ["  nothing is sealed by another key"]
    lines += [f"  index of the key before carried along: {t.name} {n:,}" for t in tables() if (n := carried(t))]
    lines += [f"  index with nothing sealed beside it: {line}" for line in indexes_without_seal()]
    told = HotlineRow.objects.exclude(prints={}).count()
    return [*lines, f"  prints of work orders, made anew when an order comes again: {told:,}"]
