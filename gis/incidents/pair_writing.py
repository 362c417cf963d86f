"""Writing the lists of letter pairs: a part of the incidents at a time, whole, so that what is written is exact."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from django.db import connection, transaction

from gis.incidents.pairs import BITMAP, LETTER_BITS, PART, PART_BITS, PairNews

#: Texts that no part holds yet are looked at themselves, some milliseconds for so many: only then a part is written.
ENOUGH = 1_000
#: Only one process writes at a time.
_LOCK = 0x7061697273


def write_pairs(enough: int = ENOUGH) -> int:
    """Write every part of which at least so many texts are new; how many parts."""
    number = 0
    while (part := _fullest(enough)) is not None:
        _write(part)
        number += 1
    return number


def _fullest(enough: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT incident_id >> %s AS part FROM grid_pairnews GROUP BY part HAVING count(*) >= %s"
            " ORDER BY count(*) DESC LIMIT 1",
            [PART_BITS, enough],
        )
        found = cursor.fetchone()
    return found[0] if found else None


@transaction.atomic
def _write(part: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # The notes first: a text written after this leaves one that stays.
        ids = PairNews.objects.filter(incident_id__gte=part << PART_BITS, incident_id__lt=(part + 1) << PART_BITS)
        ids.delete()
        cursor.execute(
            "SELECT id, place, description FROM grid_incident WHERE id >= %s AND id < %s",
            [part << PART_BITS, (part + 1) << PART_BITS],
        )
        rows = cursor.fetchall()
        cursor.execute("DELETE FROM grid_pair WHERE part = %s", [part])
        low = np.array([row[0] for row in rows], dtype=np.int64) & (PART - 1)
        with cursor.copy("COPY grid_pair (letters, part, members) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int8", "int4", "bytea"])
            for letters, members in lists_of(low, [f"{place}\n{text}\n" for _id, place, text in rows]):
                copy.write_row((letters, part, members))


def lists_of(low: np.ndarray, texts: list[str]) -> Iterator[tuple[int, bytes]]:
    """The pairs of some texts with the numbers, `low`, of those that hold each, as `Pair.members`."""
    if not texts:
        return
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype="<u4").astype(np.int64)
    letters = np.where(_blank(letters), 0, letters)
    owners = np.repeat(low, [len(text) for text in texts])
    first, second = letters[:-1], letters[1:]
    held = first != 0
    keys = np.unique((first[held] << LETTER_BITS | second[held]) << PART_BITS | owners[:-1][held])
    pairs, members = keys >> PART_BITS, (keys & (PART - 1)).astype("<u4")
    starts = np.flatnonzero(np.diff(pairs, prepend=-1))
    for start, end in pairwise([*starts, len(keys)]):
        yield int(pairs[start]), _packed(members[start:end])


def _blank(letters: np.ndarray) -> np.ndarray:
    """Whitespace: a word holds none, so no pair does."""
    known = np.array([ord(letter) for letter in map(chr, range(0x3001)) if letter.isspace()], dtype=np.int64)
    return np.isin(letters, known)


def _packed(members: np.ndarray) -> bytes:
    if 4 * len(members) < BITMAP:
        return members.tobytes()
    marks = np.zeros(PART, dtype=bool)
    marks[members] = True
    return np.packbits(marks).tobytes()
