"""Taking an address apart: the likeliest way to read it, and how likely that is among all ways.

A reading cuts the text into parts (candidates of `numbers` and `names`) and what no part explains. Its weight is the
sum of its parts' weights, of how well each kind follows the last, and of a price for every character left over; as in
a semi-Markov conditional random field (Sarawagi & Cohen 2004), with weights set by hand. The best reading is found by
Viterbi's algorithm, the share of a part among all readings by the forward and backward sums.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import exp, log

from gis.places.address.candidate import Candidate
from gis.places.address.elements import Address, Element, Kind
from gis.places.address.names import known_names, named, regional, unknown
from gis.places.address.numbers import numbered
from gis.places.address.spelling import Spelt, spell

#: Longer texts are no addresses; what follows is left over.
LONGEST = 120
_LEFT_OVER = -2.2
_SEPARATORS = dict.fromkeys(" ,，、.。;；:：/|\\-·'\"与和及", -0.1) | {
    "与": -0.5,
    "和": -0.8,
    "及": -0.8,
    "-": -0.3,
    "的": -0.6,
}
#: The weights are sharpened by as much as makes nine of ten parts that are said to be 0.9 sure right (`bench parse`).
_SHARPER = 1.2
_START = None
_DIVISIONS = (Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWN)


def parse(text: str, known: Mapping[str, Kind] | None = None) -> Address:
    """Take an address apart. `known` are names in one spelling (`spelt`) with the kind each is known to be of.

    Never fails: what is no address is left over, with a low `sure`.
    """
    spelling = spell(text[:LONGEST])
    found = candidates(spelling.text, known or {})
    best, weight = _best(spelling.text, found)
    shares, whole = _shares(spelling.text, found)
    elements = tuple(_element(spelling, one, shares) for one in best)
    return Address(
        elements, _left(spelling.text, best) + text[LONGEST:], min(exp(_SHARPER * weight - whole), 1.0) if best else 0.0
    )


def candidates(text: str, known: Mapping[str, Kind]) -> list[Candidate]:
    """All stretches of a text of one spelling that may be parts."""
    return [*numbered(text), *regional(text), *named(text), *unknown(text), *known_names(text, known)]


def _element(spelling: Spelt, one: Candidate, shares: Mapping[tuple, float]) -> Element:
    start, end = spelling.span(one.start, one.end)
    return Element(one.kind, spelling.text[one.start : one.end], start, end, min(shares[one[:3]], 1.0))


def _left(text: str, best: Iterable[Candidate]) -> str:
    kept = [letter if letter not in _SEPARATORS else " " for letter in text]
    for one in best:
        kept[one.start : one.end] = " " * (one.end - one.start)
    return " ".join("".join(kept).split())


def follows(last: Kind | None, kind: Kind) -> float:
    """How well a kind follows the one before it; 0 for the usual order."""
    if Kind.BESIDE in (last, kind) or Kind.NOTE in (last, kind):
        return -0.2 if last in (Kind.BESIDE, Kind.NOTE) else 0.0
    if last is _START:
        return _ALONE.get(kind, 0.0)
    if (last, kind) in _PAIRS:
        return _PAIRS[last, kind]
    if kind > last:
        return 0.0
    return -2.5 if kind == last else -1.6


#: What begins an address seldom.
_ALONE = {Kind.GATE: -1.0, Kind.UNIT: -0.2, Kind.FLOOR: -1.0, Kind.ROOM: -1.0, Kind.BESIDE: -0.5}
_PAIRS: dict[tuple[Kind, Kind], float] = {
    **{(last, Kind.GATE): -1.6 for last in (*_DIVISIONS, Kind.NAME)},
    **{(last, Kind.GATE): -0.4 for last in (Kind.COMMUNITY, Kind.VILLAGE, Kind.GROUP)},
    **{(last, Kind.GATE): -2.4 for last in (Kind.COMPOUND, Kind.YARD)},
    **{(last, Kind.GATE): -4.0 for last in (Kind.BUILDING, Kind.UNIT, Kind.FLOOR, Kind.ROOM)},
    **{(last, Kind.FLOOR): -1.8 for last in (Kind.ROAD, Kind.COMPOUND, Kind.YARD, Kind.COMMUNITY)},
    **{(last, Kind.BUILDING): -1.0 for last in (Kind.ROAD, Kind.TOWN, Kind.COUNTY, Kind.CITY)},
    **{
        (last, Kind.ROOM): -1.2
        for last in (Kind.ROAD, Kind.COMMUNITY, Kind.TOWN, Kind.COUNTY, Kind.CITY, Kind.PROVINCE)
    },
    **{(last, Kind.UNIT): -0.8 for last in (Kind.ROAD, Kind.COMMUNITY, Kind.TOWN)},
    (Kind.GATE, Kind.BUILDING): 0.0,
    (Kind.GATE, Kind.ROAD): -1.8,
    (Kind.GATE, Kind.VILLAGE): -2.6,
    (Kind.GATE, Kind.GATE): -2.5,
    (Kind.GATE, Kind.ZONE): -0.4,
    (Kind.ROAD, Kind.ZONE): -0.6,
    (Kind.ZONE, Kind.ZONE): -0.6,
    (Kind.PROVINCE, Kind.PROVINCE): -5.0,
    (Kind.ROAD, Kind.ROAD): -0.9,
    (Kind.ROAD, Kind.COMMUNITY): -1.0,
    (Kind.ROAD, Kind.VILLAGE): -0.8,
    (Kind.COMPOUND, Kind.COMPOUND): -0.8,
    (Kind.YARD, Kind.YARD): -2.0,
    (Kind.YARD, Kind.COMPOUND): -0.4,
    (Kind.NAME, Kind.NAME): -0.7,
    (Kind.NAME, Kind.COMPOUND): -0.9,
    (Kind.BUILDING, Kind.NAME): -0.4,
    (Kind.BUILDING, Kind.BUILDING): -3.5,
    (Kind.FLOOR, Kind.NAME): -0.4,
    (Kind.ROOM, Kind.NAME): -0.4,
    (Kind.FLOOR, Kind.UNIT): -1.5,
    (Kind.ROOM, Kind.ROOM): -1.8,
    (Kind.CITY, Kind.CITY): -1.5,
    (Kind.COUNTY, Kind.COUNTY): -1.8,
    (Kind.TOWN, Kind.TOWN): -2.0,
    (Kind.COMMUNITY, Kind.COMMUNITY): -1.5,
}


def _by_start(text: str, found: Iterable[Candidate]) -> list[list[Candidate]]:
    starting: list[list[Candidate]] = [[] for _ in range(len(text) + 1)]
    for one in found:
        starting[one.start].append(one)
    return starting


def _best(text: str, found: Iterable[Candidate]) -> tuple[list[Candidate], float]:
    """The likeliest reading and its weight, by Viterbi's algorithm over (place, last kind)."""
    starting = _by_start(text, found)
    reached: list[dict] = [{} for _ in range(len(text) + 1)]
    reached[0][_START] = (0.0, None, None)
    for at, letter in enumerate(text):
        for last, (weight, _, _) in list(reached[at].items()):
            _reach(reached[at + 1], last, weight + _SEPARATORS.get(letter, _LEFT_OVER), (at, last), None)
            for one in starting[at]:
                _reach(reached[one.end], one.kind, weight + one.weight + follows(last, one.kind), (at, last), one)
    last = max(reached[-1], key=lambda kind: reached[-1][kind][0])
    weight = reached[-1][last][0]
    return _traced(reached, last), weight


def _reach(states: dict, kind: Kind | None, weight: float, came: tuple, one: Candidate | None) -> None:
    if kind not in states or states[kind][0] < weight:
        states[kind] = (weight, came, one)


def _traced(reached: list[dict], last: Kind | None) -> list[Candidate]:
    parts: list[Candidate] = []
    at = len(reached) - 1
    while at:
        _, came, one = reached[at][last]
        if one:
            parts.append(one)
        at, last = came
    return parts[::-1]


def _shares(text: str, found: Iterable[Candidate]) -> tuple[dict[tuple, float], float]:
    """Of every candidate the share of readings that hold it; and the logarithm of the sum over all readings."""
    starting = _by_start(text, found)
    ahead = _sums_ahead(text, starting)
    behind: list[dict] = [defaultdict(float) for _ in range(len(text) + 1)]
    behind[0][_START] = 1.0
    shares: dict[tuple, float] = defaultdict(float)
    whole = ahead[0][_START]
    for at, letter in enumerate(text):
        for last, sum_ in list(behind[at].items()):
            behind[at + 1][last] += sum_ * exp(_SHARPER * _SEPARATORS.get(letter, _LEFT_OVER))
            for one in starting[at]:
                step = sum_ * exp(_SHARPER * (one.weight + follows(last, one.kind)))
                behind[one.end][one.kind] += step
                shares[one[:3]] += step * ahead[one.end][one.kind] / whole
    return shares, log(whole)


def _sums_ahead(text: str, starting: list[list[Candidate]]) -> list[dict]:
    """The sum of the weights of all ways to go on, from every place after every kind."""
    kinds = [_START, *Kind]
    ahead: list[dict] = [{} for _ in range(len(text) + 1)]
    ahead[-1] = dict.fromkeys(kinds, 1.0)
    for at in range(len(text) - 1, -1, -1):
        skip = exp(_SHARPER * _SEPARATORS.get(text[at], _LEFT_OVER))
        ways = [(one.kind, exp(_SHARPER * one.weight) * ahead[one.end][one.kind]) for one in starting[at]]
        for last in kinds:
            on = sum(way * _FOLLOWS[last, kind] for kind, way in ways)
            ahead[at][last] = skip * ahead[at + 1][last] + on
    return ahead


_FOLLOWS = {(last, kind): exp(_SHARPER * follows(last, kind)) for last in (_START, *Kind) for kind in Kind}
