"""From a query to the places that fit best, with what they matched and what was left over."""

from dataclasses import dataclass, field, replace

import numpy as np

from gis.places.search.asking import Asked, Reading, readings_of
from gis.places.search.candidates import Candidates, candidates
from gis.places.search.index import CELL, FRONT, ROAD, SHOP
from gis.places.search.tails import Tails, look_behind, rows_numbered
from gis.places.search.view import View

#: What the numbers of a query add to the score of its words (0–2): the building, and what is behind it.
_BUILDING, _BEHIND, _NO_NUMBER = 0.6, 0.4, 0.35
#: A community's name before a number is more likely that of a compound or road called alike.
_BY_AREA = 0.2
#: What each reading less likely than the first takes away.
_LESS_LIKELY = 0.015
#: What nearness adds at most, and the metres at which it is half of that.
_NEARNESS, _HALF_M = 0.12, 500
_METRES = 111_320
_MOST_KEPT = 60
#: Places whose buildings are listed for want of a number, and buildings of each; how far behind the place itself.
_MOST_OPENED, _INSIDE = 8, 0.1


@dataclass(frozen=True)
class Hit:
    """A place that fits. `row` and `door` are -1 where it is no building or door; numbers of the index."""

    score: float
    place: int
    row: int = -1
    door: int = -1
    name: int = -1
    other: bool = False  # found by an alias
    covered: tuple[tuple[int, int], ...] = ()  # of the query's text
    reading: Reading = field(default_factory=Reading)
    missing: str = ""  # parts of the reading that are not there: letters b, g, u, f, r


def best_score(asked: Asked) -> float:
    """The score of a place that explains a query wholly, without its nearness."""
    words = 2.0 if asked.words else 1.0
    return words + (_BUILDING + _BEHIND if asked.numbers else _NO_NUMBER)


def rank(asked: Asked, view: View, near: tuple[float, float] | None = None, most: int = 20) -> list[Hit]:
    """The hits, best first. `near` is longitude and latitude."""
    hits: list[Hit] = []
    if asked.words:
        for tokens in asked.variants:
            hits += _by_words(candidates(view, tokens, asked), asked, view)
    elif asked.numbers:
        hits += _by_numbers(asked, view)
    hits += _by_code(asked, view)
    if near:
        hits = [_nearer(hit, view, near) for hit in hits]
    return _distinct(sorted(hits, key=lambda hit: -hit.score), view)[:most]


def _by_words(found: Candidates, asked: Asked, view: View) -> list[Hit]:
    hits: list[Hit] = []
    for numbers, which in found.by_numbers_left(asked):
        for turn, reading in enumerate(readings_of(numbers)):
            tails = look_behind(view, found.place[which], reading)
            by_area = view.index.places.kind[found.place[which]] <= CELL
            hits += _with_tails(found, which, tails, reading, turn, by_area)
        hits += _alone(found, which, view, 0.0 if numbers else _NO_NUMBER, "b" if numbers else "")
    return hits


def _with_tails(found: Candidates, which: np.ndarray, tails: Tails, reading: Reading, turn: int, by_area: np.ndarray):
    # A shop needs no number: then only what is found behind its door speaks for it.
    building = _BUILDING if reading.building or reading.gate else np.where(tails.share > 0, _NO_NUMBER, 0)
    scores = found.score[which][tails.of] + building + _BEHIND * tails.share - turn * _LESS_LIKELY
    scores = scores - _BY_AREA * by_area[tails.of]
    for at in _best(scores):
        one = int(which[tails.of[at]])
        yield Hit(
            float(scores[at]), int(found.place[one]), int(tails.row[at]), int(tails.door[at]), int(found.name[one]),
            bool(found.other[one]), found.covered(one), reading, tails.missing_of(int(at)),
        )  # fmt: skip


def _alone(found: Candidates, which: np.ndarray, view: View, more: float, missing: str) -> list[Hit]:
    """The places themselves; where they are none to the reader, their buildings in scope, with what is `missing`."""
    index, hits = view.index, []
    own = view.own_places(found.place[which]) & (index.places.kind[found.place[which]] != FRONT)
    for one in which[own][_best(found.score[which[own]])]:
        place = int(found.place[one])
        row = int(index.places.ids[place]) if index.places.kind[place] == SHOP else -1
        hits.append(_hit(found, int(one), more, row, missing))
    for one in which[~own][_best(found.score[which[~own]])][:_MOST_OPENED]:
        rows = index.seats.rows[index.seats.of(int(found.place[one]))]
        hits += [
            _hit(found, int(one), more - _INSIDE, int(row), missing) for row in rows[view.rows(rows)][:_MOST_OPENED]
        ]
    return hits


def _hit(found: Candidates, one: int, more: float, row: int, missing: str) -> Hit:
    place, name, other = int(found.place[one]), int(found.name[one]), bool(found.other[one])
    score = float(found.score[one]) + more
    return Hit(score, place, row, -1, name, other, found.covered(one), missing=missing)


def _best(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")[:_MOST_KEPT]


def _by_numbers(asked: Asked, view: View) -> list[Hit]:
    """Buildings and doors by nothing but their numbers: 12号楼3单元402 in the reader's own cell."""
    hits = []
    for turn, reading in enumerate(readings_of(asked.numbers)):
        tails = rows_numbered(view, reading)
        scores = 1 + _BUILDING + _BEHIND * tails.share - turn * _LESS_LIKELY
        hits += [
            Hit(
                float(scores[at]),
                -1,
                int(tails.row[at]),
                int(tails.door[at]),
                reading=reading,
                missing=tails.missing_of(at),
            )
            for at in _best(scores)
        ]
    return hits


def _by_code(asked: Asked, view: View) -> list[Hit]:
    """Areas, cells and buildings by the beginning of their code."""
    if not (asked.text.isdigit() and 6 <= len(asked.text) <= 17):
        return []
    index, digits, hits = view.index, len(asked.text), []
    if digits <= 15:
        low = 2 * int(asked.text) * 10 ** (15 - digits)
        inside = (index.places.area >= low) & (index.places.area < low + 2 * 10 ** (15 - digits))
        for place in np.flatnonzero(inside & (index.places.kind <= CELL) & view.places)[:_MOST_KEPT]:
            if view.own_places(np.array([place]))[0]:
                exact = index.places.area[place] // 2 * 10 ** (digits - 15) == int(asked.text)
                hits.append(Hit(3.0 if exact else 2.0, int(place)))
    if digits >= 9:
        low = int(asked.text) * 10 ** (17 - digits)
        codes = index.buildings.code
        first, last = np.searchsorted(codes, [low, low + 10 ** (17 - digits)], sorter=index.buildings.by_code)
        rows = index.buildings.by_code[first:last][: 50 * _MOST_KEPT]
        hits += [Hit(3.0 if digits == 17 else 1.9, -1, int(row)) for row in rows[view.rows(rows)][:_MOST_KEPT]]
    return hits


def _nearer(hit: Hit, view: View, near: tuple[float, float]) -> Hit:
    at = where(hit, view)
    if at is None:
        return hit
    east = (at[0] - near[0]) * np.cos(np.radians(near[1])) * _METRES
    metres = float(np.hypot(east, (at[1] - near[1]) * _METRES))
    return replace(hit, score=hit.score + _NEARNESS / (1 + metres / _HALF_M))


def where(hit: Hit, view: View) -> tuple[float, float] | None:
    """Longitude and latitude of a hit, None for what has no place."""
    part, at = (view.index.buildings, hit.row) if hit.row >= 0 else (view.index.places, hit.place)
    x, y = float(part.x[at]), float(part.y[at])
    return (x, y) if x or y else None


def _distinct(hits: list[Hit], view: View) -> list[Hit]:
    seen: set[tuple] = set()
    kept = []
    for hit in hits:
        is_road = hit.row < 0 and view.index.places.kind[hit.place] in (FRONT, ROAD)
        key = ("road", hit.name) if is_road else ("row", hit.row, hit.door) if hit.row >= 0 else ("place", hit.place)
        if key not in seen:
            seen.add(key)
            kept.append(hit)
    return kept
