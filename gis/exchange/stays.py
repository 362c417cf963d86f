"""Who lives behind which door, written in sets: dwellings, households and dated stays of one batch.

A person who is found behind another door has moved: the old stay ends on the day the new one begins.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import connection

from gis.exchange.addresses import floor_of
from gis.exchange.copying import copy_columns, reserve_ids
from gis.people.household import Household, Residence
from gis.places.building import Dwelling


@dataclass
class Stays:
    """The stays a file tells of, one entry a row of the file."""

    buildings: np.ndarray  # int64, 0 = no door known
    units: np.ndarray
    rooms: np.ndarray
    areas: np.ndarray
    kinds: np.ndarray
    relations: np.ndarray
    starts: np.ndarray  # datetime64[D]
    households: np.ndarray  # number of the household in the file, "" where it has none


def write_stays(stays: Stays, residents: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """Write the dwellings, households and stays of one batch in the caller's transaction; mask of who moved in.

    `residents` are the primary keys of the batch's people.
    """
    moved = np.zeros(len(batch), dtype=bool)
    rows = np.flatnonzero((stays.buildings[batch] > 0) & (stays.rooms[batch] != ""))
    if not len(rows):
        return moved
    part = {name: values[batch][rows] for name, values in vars(stays).items()}
    dwellings = _dwellings(part)
    open_stays = _open_stays(residents[rows], part["kinds"])
    stayed = open_stays["dwelling"].to_numpy() == dwellings
    moving = ~stayed
    _correct_relations(open_stays[stayed], part["relations"][stayed])
    if moving.any():
        _end(open_stays[moving], part["starts"][moving])
        new = {name: values[moving] for name, values in part.items()}
        households = _households(new, dwellings, open_stays, moving, part)
        copy_columns(
            Residence,
            {
                "resident": residents[rows][moving],
                "dwelling": dwellings[moving],
                "household": households,
                "relation": new["relations"],
                "kind": new["kinds"],
                "starts": new["starts"],
                "area": new["areas"],
            },
        )
    moved[rows[moving]] = True
    return moved


def _dwellings(part: dict[str, np.ndarray]) -> np.ndarray:
    """Primary key of each row's dwelling, made where the building has no such door."""
    frame = pd.DataFrame(
        {"building": part["buildings"], "unit": part["units"], "room": part["rooms"], "area": part["areas"]}
    )
    doors = frame.drop_duplicates(["building", "unit", "room"]).reset_index(drop=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT building_id, unit, room, id FROM grid_dwelling WHERE building_id = ANY(%s)",
            [doors["building"].unique().tolist()],
        )
        known = {row[:3]: row[3] for row in cursor.fetchall()}
    doors["id"] = [known.get(door, 0) for door in zip(doors["building"], doors["unit"], doors["room"], strict=True)]
    new = doors["id"] == 0
    doors.loc[new, "id"] = reserve_ids(Dwelling, int(new.sum()))
    made = doors[new]
    copy_columns(
        Dwelling,
        {
            "id": made["id"].to_numpy(),
            "building": made["building"].to_numpy(),
            "unit": made["unit"].to_numpy(dtype=object),
            "room": made["room"].to_numpy(dtype=object),
            "area": made["area"].to_numpy(dtype=object),
            "floor": pd.array([floor_of(room) for room in made["room"]], dtype="Int64"),
            "state": np.full(len(made), Dwelling.State.OCCUPIED.value, dtype=object),
        },
    )
    return frame.merge(doors, on=["building", "unit", "room"], how="left")["id"].to_numpy(dtype=np.int64)


def _open_stays(residents: np.ndarray, kinds: np.ndarray) -> pd.DataFrame:
    """The open stay of each person and kind: id, dwelling, household (0 where there is none)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resident_id, kind, id, dwelling_id, coalesce(household_id, 0), relation FROM grid_residence "
            "WHERE ends IS NULL AND resident_id = ANY(%s)",
            [residents.tolist()],
        )
        known = {row[:2]: row[2:] for row in cursor.fetchall()}
    rows = [known.get(key, (0, 0, 0, "")) for key in zip(residents.tolist(), kinds, strict=True)]
    return pd.DataFrame(rows, columns=["id", "dwelling", "household", "relation"])


def _correct_relations(stays: pd.DataFrame, relations: np.ndarray) -> None:
    changed = (relations != "") & (stays["relation"].to_numpy(dtype=object) != relations)
    pairs = list(zip(relations[changed], stays["id"][changed].tolist(), strict=True))
    if pairs:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE grid_residence SET relation = %s WHERE id = %s", pairs)


def _end(stays: pd.DataFrame, starts: np.ndarray) -> None:
    """End the stays that are left, on the day the next begins, never before they began themselves."""
    ending = stays["id"].to_numpy() > 0
    pairs = list(zip(starts[ending].tolist(), stays["id"][ending].tolist(), strict=True))
    if pairs:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE grid_residence SET ends = greatest(%s, starts) WHERE id = %s", pairs)


def _households(
    new: dict[str, np.ndarray],
    dwellings: np.ndarray,
    open_stays: pd.DataFrame,
    moving: np.ndarray,
    part: dict[str, np.ndarray],
) -> np.ndarray:
    """The household each newcomer joins: the one their housemates are in, the dwelling's, or a new one."""
    known = _households_of_dwellings(dwellings[moving])
    for dwelling, number, household in zip(dwellings, part["households"], open_stays["household"], strict=True):
        if household:
            known[int(dwelling), number] = household
    keys = [(int(dwelling), number) for dwelling, number in zip(dwellings[moving], new["households"], strict=True)]
    area_of = dict(zip(keys, new["areas"], strict=True))
    missing = [key for key in area_of if key not in known]
    ids = reserve_ids(Household, len(missing))
    copy_columns(
        Household, {"id": ids, "dwelling": [key[0] for key in missing], "area": [area_of[key] for key in missing]}
    )
    known.update(zip(missing, ids.tolist(), strict=True))
    return np.array([known[key] for key in keys], dtype=np.int64)


def _households_of_dwellings(dwellings: np.ndarray) -> dict[tuple[int, str], int]:
    """The first household of each dwelling, for rows that name none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT dwelling_id, min(id) FROM grid_household WHERE dwelling_id = ANY(%s) GROUP BY 1",
            [np.unique(dwellings).tolist()],
        )
        return {(dwelling, ""): key for dwelling, key in cursor.fetchall()}
