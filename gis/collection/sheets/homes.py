"""The home of each row of a table: the door its address names, within the ground the table was brought for."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import connection

from gis.accounts.scope import Scope
from gis.collection.sheets.cells import lines_of
from gis.collection.sheets.judging import Rows
from gis.collection.sheets.targets import PLACES
from gis.exchange.homes import named_buildings, read_addresses
from gis.exchange.reading import Table

_DOORS = """
SELECT building_id, unit, room, id, area FROM grid_dwelling WHERE building_id = ANY(%s) AND state <> 'gone'
"""


@dataclass
class Homes:
    """By row: the key of its door (0 where none is known), the door's area or the building's, the address as text."""

    door: np.ndarray
    area: np.ndarray
    address: np.ndarray


def find_homes(rows: Rows, scope: Scope) -> Homes:
    """Look every address up. A building outside the scope is not there."""
    count = len(rows)
    homes = Homes(np.zeros(count, np.int64), np.full(count, "", object), written(rows))
    mapped = [code for code in PLACES if code in rows.values]
    if not mapped:
        return homes
    which = lines_of((rows.values[code] for code in mapped), count)
    first = np.unique(which, return_index=True)[1]
    frame = pd.DataFrame({code: rows.values[code][first] for code in mapped}, dtype=object)
    table = Table(frame, None, None, np.arange(len(frame)), np.zeros(len(frame), bool), "")
    parts = read_addresses(table, {code: code for code in mapped})
    communities = (
        frame["community_code"].to_numpy(dtype=object) if "community_code" in frame else np.full(len(frame), "", object)
    )
    named = [[one for one in found if scope.covers(one[1])] for found in named_buildings(parts, communities)]
    buildings = np.array([found[0][0] if len(found) == 1 else 0 for found in named], np.int64)
    areas = np.array([found[0][1] if len(found) == 1 else "" for found in named], object)
    doors = _doors(buildings, parts)
    homes.door = np.array([door for door, _area in doors], np.int64)[which]
    homes.area = np.array([area or own for (_door, area), own in zip(doors, areas, strict=True)], object)[which]
    return homes


def _doors(buildings: np.ndarray, parts: dict[str, np.ndarray]) -> list[tuple[int, str]]:
    """The door of each building, unit and room; where no unit is named, the only one of that room."""
    known: dict[tuple[int, str, str], tuple[int, str]] = {}
    alone: dict[tuple[int, str], list[tuple[int, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, [np.unique(buildings[buildings > 0]).tolist()])
        for building, unit, room, key, area in cursor.fetchall():
            known[building, unit, room] = key, area
            alone.setdefault((building, room), []).append((key, area))
    found = []
    for building, unit, room in zip(buildings.tolist(), parts["unit"], parts["room"], strict=True):
        rooms = alone.get((building, room), []) if not unit and room else []
        found.append(known.get((building, unit, room)) or (rooms[0] if len(rooms) == 1 else (0, "")))
    return [door if room else (0, "") for door, room in zip(found, parts["room"], strict=True)]


def written(rows: Rows) -> np.ndarray:
    """What each row says of its address, as one text."""
    words = {"compound": "", "road": "", "gate": "号", "number": "号楼", "unit": "单元", "room": "室"}
    text = rows.values.get("address", np.full(len(rows), "", dtype=object))
    for code, word in words.items():
        if code in rows.values:
            column = rows.values[code]
            more = [f"{part.removesuffix(word)}{word}" if part else "" for part in column]
            text = np.array(
                [said if _says(said, part) else said + part for said, part in zip(text, more, strict=True)],
                dtype=object,
            )
    return text


def _says(text: str, part: str) -> bool:
    """Whether an address has the part already: 11单元 does not say 1单元."""
    places = (at for at in range(len(text) + 1) if text.startswith(part, at)) if part in text else ()
    return any(not part[:1].isdigit() or not text[:at][-1:].isdigit() for at in places)
