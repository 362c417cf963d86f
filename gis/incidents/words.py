"""Incidents by the words in them: all of a search's words must stand in an incident's place, description or number."""

import sys
from functools import reduce

import numpy as np
from django.db import connection
from django.db.models import Q

from gis.incidents.pairs import BITMAP, PART, PART_BITS, PairNews, letters_from, letters_of

#: More texts than these in no part yet, just after an import: then the database reads all of them.
MOST_NEW = 20_000


def about(text: str) -> Q:
    """Incidents whose number begins with, or whose place or description holds, each of the words, as typed."""
    found = Q()
    for word in text.split():
        found &= Q(number__startswith=word) | in_text(word)
    return found


def in_text(word: str) -> Q:
    return Q(place__contains=word) | Q(description__contains=word)


def ids_about(text: str) -> np.ndarray | None:
    """Ids of the incidents that `about` finds, in order, from the lists of letter pairs; None where these lag behind.

    Never fewer: what no list holds yet is looked at itself.
    """
    words = text.split()
    if len(new := _new()) > MOST_NEW or not words:
        return None
    each = (_with(word, new) for word in words)
    return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), each)


def _with(word: str, new: np.ndarray) -> np.ndarray:
    listed = _listed(word)
    if len(new):
        listed = np.setdiff1d(listed, new, assume_unique=True)
    if len(word) > 2:  # its pairs may stand apart from each other
        listed = _holding(word, listed)
    for more in (_holding(word, new), _numbered(word)):
        listed = np.union1d(listed, more) if len(more) else listed
    return listed


def _new() -> np.ndarray:
    noted = PairNews.objects.order_by().values_list("incident_id", flat=True)[: MOST_NEW + 1]
    return np.unique(np.fromiter(noted, dtype=np.int64))


_LISTS = "COPY (SELECT letters, part, members FROM grid_pair WHERE {}) TO STDOUT (FORMAT binary)"


def _listed(word: str) -> np.ndarray:
    """Ids whose texts held all pairs of a word when their parts were written."""
    if len(word) == 1:
        return _ids(_read("letters >= %s AND letters < %s", list(letters_from(word))), least=1)
    pairs = set(letters_of(word))
    return _ids(_read("letters = ANY(%s)", [list(pairs)]), least=len(pairs))


def _read(condition: str, params: list) -> dict[int, list[np.ndarray]]:
    """The lists as marks over the incidents of their part, by part."""
    parts: dict[int, list[np.ndarray]] = {}
    with connection.cursor() as cursor, cursor.cursor.copy(_LISTS.format(condition), params) as copy:
        copy.set_types(["int8", "int4", "bytea"])
        for _letters, part, members in copy.rows():
            parts.setdefault(part, []).append(_marks(members))
    return parts


def _marks(members: bytes) -> np.ndarray:
    if len(members) == BITMAP:
        return np.unpackbits(np.frombuffer(members, dtype=np.uint8)).view(bool)
    marks = np.zeros(PART, dtype=bool)
    marks[np.frombuffer(members, dtype="<u4")] = True
    return marks


def _ids(parts: dict[int, list[np.ndarray]], least: int) -> np.ndarray:
    """Ids marked in at least so many lists of their part: all of them, or any."""
    kept = [
        (part << PART_BITS)
        + np.flatnonzero(np.logical_or.reduce(lists) if least == 1 else np.logical_and.reduce(lists))
        for part, lists in sorted(parts.items())
        if len(lists) >= least
    ]
    return np.concatenate(kept).astype(np.int64) if kept else np.empty(0, dtype=np.int64)


def _holding(word: str, ids: np.ndarray) -> np.ndarray:
    """Those of some ids whose texts hold a word now."""
    if not len(ids):
        return ids
    sql = "SELECT id FROM grid_incident WHERE id = ANY(%s) AND (place LIKE %s OR description LIKE %s) ORDER BY id"
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return _fetch(sql, [ids.tolist(), pattern, pattern])


def _numbered(word: str) -> np.ndarray:
    """By the operators of the index for LIKE, which a prepared statement uses whatever its parameters will be."""
    sql = "SELECT id FROM grid_incident WHERE number ~>=~ %s AND number ~<~ %s ORDER BY id"
    return _fetch(sql, [word, word + chr(sys.maxunicode)])


def _fetch(sql: str, params: list) -> np.ndarray:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return np.fromiter((row[0] for row in cursor.fetchall()), dtype=np.int64)
