"""Who each row of a table is among the people of its ground: by the number, then by everything else.

A row whose number and name are those of somebody known is that person. All others go through the comparison of
`gis.people.matching`, whose sure links need no look and whose unsure ones a person decides.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.collection.sheets.homes import Homes
from gis.collection.sheets.judging import Rows
from gis.collection.sheets.knowing import Known
from gis.people.matching.deciding import Decision
from gis.people.matching.linking import link
from gis.people.matching.persons import PERSONS
from gis.people.matching.signs import in_one_form
from gis.people.sealing import normalised

#: Candidates that are shown of an unsure row.
SHOWN = 4
_NOBODY = -1
#: Rows compared at once: bounds the memory. Each time the people known are read anew, so not too few.
_AT_ONCE = 120_000


@dataclass
class Found:
    """By row: the place among the known of who it surely is (-1: nobody), and the candidates of the unsure ones."""

    sure: np.ndarray
    candidates: dict[int, list[tuple[int, float, list[int]]]]


def find_people(rows: Rows, asked: np.ndarray, homes: Homes, known: Known, seen: dict[int, int], tell) -> Found:
    """Link the rows that `asked` marks. `seen`: rows that were settled before, and the place of who it was."""
    found = Found(np.full(len(rows), _NOBODY), {})
    for row, place in seen.items():
        found.sure[row] = place
    _by_number(rows, asked, known, found)
    rest = np.flatnonzero(asked & (found.sure == _NOBODY))
    table = told_of(rows, homes)
    for start in range(0, len(rest) if len(known) else 0, _AT_ONCE):
        _by_likeness(rest[start : start + _AT_ONCE], table, known, found)
        tell((start + _AT_ONCE) / max(len(rest), 1))
    return found


def told_of(rows: Rows, homes: Homes) -> dict[str, np.ndarray]:
    """What the rows say of who they are, as the comparison wants it."""
    told = {name: rows.told.get(name, rows.column(code)) for name, code in _TOLD.items()}
    return told | {"name": rows.column("name"), "address": homes.address}


_TOLD = {"identity": "identity", "birth": "born", "sex": "sex", "phone": "phone"}


def _by_number(rows: Rows, asked: np.ndarray, known: Known, found: Found) -> None:
    """The number and the name are those of one person, and nothing speaks against it."""
    places: dict[str, int] = {}
    double: set[str] = set()
    for place, number in enumerate(map(normalised, known.table["identity"])):
        if number:
            double |= {number} & places.keys()
            places[number] = place
    # a number that somebody known has is theirs, whatever its check character
    numbers = np.where(rows.column("identity") == "", rows.told.get("identity", ""), rows.column("identity"))
    at = np.flatnonzero(asked & (found.sure == _NOBODY) & (numbers != ""))
    spelt = [normalised(number) for number in numbers[at]]
    place = np.array([_NOBODY if one in double else places.get(one, _NOBODY) for one in spelt], np.int64)
    at, place = at[place >= 0], place[place >= 0]
    same = _one_form(rows.column("name")[at]) == _one_form(known.table["name"][place])
    at, place = at[same], place[same]
    born, theirs = rows.column("born")[at], known.table["birth"][place]
    agrees = (born == "") | (theirs == "") | (born == theirs)
    found.sure[at[agrees]] = place[agrees]


def _one_form(names: np.ndarray) -> np.ndarray:
    which, distinct = pd.factorize(names)
    if not len(distinct):
        return names
    return in_one_form(pd.Series(distinct, dtype=object)).to_numpy(dtype=object)[which]


def _by_likeness(at: np.ndarray, table: dict[str, np.ndarray], known: Known, found: Found) -> None:
    links = link(
        {name: column[at] for name, column in table.items()}, known.table, PERSONS, population=known.population
    )
    sure = links.sure()
    found.sure[at[sure >= 0]] = sure[sure >= 0]
    for row in np.flatnonzero(links.judged.decision == Decision.UNSURE).tolist():
        found.candidates[int(at[row])] = [
            (int(links.known[one]), float(links.probability[one]), links.levels[one].tolist())
            for one in links.candidates(row)
        ][:SHOWN]
