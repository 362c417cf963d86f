"""The people a table is held against: those registered in the ground it was brought for, and nobody else.

Everything here runs in a transaction in which the database shows that ground alone, so who lives elsewhere changes
neither what is found nor how long it takes. Numbers and phones are opened in memory, for the comparison only.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import connection

from gis.accounts.scope import Scope
from gis.people.resident import Resident
from gis.people.sealing import SealBroken, indexes_all, open_all, open_seal

#: More people than this are not all read: only those who share a number, a phone, the sound of a name or a door.
_ALL = 300_000
_COLUMNS = """
SELECT r.id, r.name, r.sex, coalesce(r.born::text, ''), r.identity_sealed, r.phone_sealed, r.area,
  coalesce(s.dwelling_id, 0),
  coalesce(CASE WHEN c.name <> '' THEN c.name || b.number || CASE WHEN b.number ~ '[0-9A-Za-z]$' THEN '号楼' ELSE '' END
    WHEN b.road <> '' THEN b.road || b.gate || CASE WHEN b.gate ~ '[0-9A-Za-z]$' THEN '号' ELSE '' END END
    || CASE WHEN d.unit <> '' THEN d.unit || '单元' ELSE '' END || d.room || '室', '')
FROM grid_resident r
LEFT JOIN grid_residence s ON s.resident_id = r.id AND s.kind = 'living' AND s.ends IS NULL
LEFT JOIN grid_dwelling d ON d.id = s.dwelling_id
LEFT JOIN grid_building b ON b.id = d.building_id
LEFT JOIN grid_compound c ON c.id = b.compound_id
"""
_LIKELY = """
SELECT id FROM grid_resident WHERE identity_index = ANY(%(identity)s) AND {scope}
UNION SELECT id FROM grid_resident WHERE phone_index = ANY(%(phone)s) AND {scope}
UNION SELECT id FROM grid_resident WHERE sounds IN (
  SELECT DISTINCT grid_sounds(name) FROM unnest(%(name)s::text[]) AS name WHERE name <> '') AND {scope}
UNION SELECT resident_id FROM grid_residence WHERE dwelling_id = ANY(%(door)s) AND ends IS NULL AND kind = 'living'
"""


@dataclass
class Known:
    """Them, one entry a person. `table` is what is compared; `population` how many live in the ground."""

    key: np.ndarray
    area: np.ndarray
    door: np.ndarray
    table: dict[str, np.ndarray]
    population: int

    def __len__(self) -> int:
        return len(self.key)


def known_people(scope: Scope, asked: dict[str, np.ndarray], doors: np.ndarray) -> Known:
    """Read them. `asked`: what the rows say (identity, phone, name), by which the likely ones of many are found."""
    population = Resident.objects.inside(scope).count()
    inside, bounds = scope.sql("r.area")
    with connection.cursor() as cursor:
        if population <= _ALL:
            cursor.execute(f"{_COLUMNS} WHERE {inside} ORDER BY r.id", bounds)
        else:
            cursor.execute(
                f"{_COLUMNS} WHERE r.id = ANY(%s) AND {inside} ORDER BY r.id", [_likely(scope, asked, doors), *bounds]
            )
        return _known(cursor, population)


def people_by_key(keys: list[int]) -> Known:
    """Some of them, in the scope of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE r.id = ANY(%s) ORDER BY r.id", [keys])
        return _known(cursor, len(keys))


def _known(cursor, population: int) -> Known:
    columns: list[list] = [[] for _ in range(9)]
    while some := cursor.fetchmany(20_000):
        for column, values in zip(columns, zip(*some, strict=True), strict=True):
            column.extend(values)
    key, name, sex, born, identity, phone, area, door, address = columns
    table = {
        "identity": _array(_opened(identity)), "name": _array(name), "birth": _array(born), "sex": _array(sex),
        "phone": _array(_opened(phone)), "address": _array(address),
    }  # fmt: skip
    return Known(np.array(key, np.int64), _array(area), np.array(door, np.int64), table, population)


def _likely(scope: Scope, asked: dict[str, np.ndarray], doors: np.ndarray) -> list[int]:
    inside, bounds = scope.sql("area")
    numbered = {f"b{place}": bound for place, bound in enumerate(bounds)}
    for name in numbered:
        inside = inside.replace("%s", f"%({name})s", 1)
    told = {
        "identity": _distinct_index(asked["identity"]), "phone": _distinct_index(asked["phone"]),
        "name": pd.unique(asked["name"]).tolist(), "door": np.unique(doors[doors > 0]).tolist(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LIKELY.format(scope=inside), told | numbered)
        return [key for (key,) in cursor.fetchall()]


def _distinct_index(texts: np.ndarray) -> list[bytes]:
    whole = [text for text in pd.unique(texts) if text and "*" not in text]
    return [one for column in indexes_all(whole) for one in column if one]


def _opened(sealed: list) -> list[str]:
    try:
        return open_all(sealed)
    except SealBroken:
        return ["" if one is None else _open(one) for one in sealed]


def _open(sealed) -> str:
    try:
        return open_seal(sealed)
    except SealBroken:  # a key that was lost must not stop the rest
        return ""


def _array(values: list) -> np.ndarray:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made
