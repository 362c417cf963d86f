"""What rows say, each as one text: to be kept, to be known again, to be held against the others.

Column by column, and of a column each distinct value once.
"""

import json

import numpy as np
import pandas as pd

from gis.collection.sheets.cells import lines_of
from gis.collection.sheets.homes import Homes
from gis.collection.sheets.judging import Rows
from gis.people.keyring import keyring
from gis.people.sealing import index_of_spelt, normalised

_TOLD = ("identity", "birth", "phone")
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def said_as_json(rows: Rows, homes: Homes, at: np.ndarray) -> list[str]:
    """What some rows say by code of the field, and what they tell of who they are, as it stood: `[{…}, {…}]` each."""
    told = {name: rows.told[name] for name in _TOLD if name in rows.told} | {"address": homes.address}
    said, who = _objects(rows.values, at), _objects(told, at)
    return [f"[{{{one}}}, {{{other}}}]" for one, other in zip(said, who, strict=True)]


def _objects(columns: dict[str, np.ndarray], at: np.ndarray) -> list[str]:
    """The members of a JSON object a row, of the columns that say anything in it."""
    members = [_members(name, column[at]) for name, column in columns.items()]
    return [", ".join(filter(None, line)) for line in zip(*members, strict=True)] if members else [""] * len(at)


def _members(name: str, column: np.ndarray) -> np.ndarray:
    which, distinct = pd.factorize(column)
    texts = [f'"{name}": {_quoted(value)}' if value else "" for value in distinct]
    return np.array([*texts, ""], dtype=object)[which]


def spelt_columns(rows: Rows, homes: Homes) -> dict[str, np.ndarray]:
    """What rows say and tell, each in the spelling in which prints are made."""
    columns = rows.values | {f"told {name}": rows.told[name] for name in _TOLD if name in rows.told}
    return {name: _spelt(column) for name, column in columns.items()} | {"whole address": _spelt(homes.address)}


def whose(spelt: dict[str, np.ndarray]) -> list[bytes]:
    """A keyed print of what tells who each row is (`SheetRow.who`)."""
    names = ("name", "identity", "sex", "born", *(f"told {name}" for name in _TOLD), "whole address")
    columns, key = [spelt[name] for name in names if name in spelt], keyring().seals
    return [index_of_spelt(key, "WHO" + "".join(line)) for line in zip(*columns, strict=True)]


def twins(spelt: dict[str, np.ndarray]) -> np.ndarray:
    """By row, the first one that says exactly the same; -1 for none."""
    count = len(spelt["whole address"])
    _lines, first, which = np.unique(lines_of(spelt.values(), count), return_index=True, return_inverse=True)
    return np.where(first[which] == np.arange(count), -1, first[which])


def _spelt(column: np.ndarray) -> np.ndarray:
    which, distinct = pd.factorize(column)
    return np.array([*map(normalised, distinct), ""], dtype=object)[which]
