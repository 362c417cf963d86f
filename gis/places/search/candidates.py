"""The places a query may mean by its words: its own name fits, and the names of the areas around it confirm it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gis.places.search.asking import Asked, Number
from gis.places.search.fitting import Fit, Tokens, fit
from gis.places.search.scoping import LEVELS
from gis.places.search.view import View

#: Names compared in full, and names of areas besides.
_COMPARED, _AREAS_COMPARED = 48, 24
#: A name of which less than this is in the text is not meant.
_LEAST, _LEAST_AREA, _SURE_AREA = 0.22, 0.6, 0.8
_MOST_PLACES = 6000
#: Of name and words together, at most 2.
_LEAST_SCORE = 0.8
#: Other names come behind first ones that fit as well.
_OTHER = 0.02


@dataclass(frozen=True)
class Candidates:
    """n places: their names, how well the words fit (0–2) and what of the query is explained."""

    place: np.ndarray
    name: np.ndarray
    other: np.ndarray
    score: np.ndarray
    spans: np.ndarray  # n × 2: what its own name covers of the text
    around: np.ndarray  # n × areas (bool): which of `area_spans` lie around it
    area_spans: np.ndarray  # areas × 2

    def covered(self, at: int) -> tuple[tuple[int, int], ...]:
        """What its name and those around it cover of the text."""
        spans = [self.spans[at], *self.area_spans[self.around[at]]]
        return tuple((int(start), int(end)) for start, end in spans)

    def by_numbers_left(self, asked: Asked) -> Iterator[tuple[tuple[Number, ...], np.ndarray]]:
        """The numbers that belong to no name, and the candidates for which these are left."""
        if not asked.numbers:
            yield (), np.arange(len(self.place))
            return
        inside = np.stack([self._holds(number) for number in asked.numbers], axis=1)
        kinds, each = np.unique(inside, axis=0, return_inverse=True)
        for kind, taken in enumerate(kinds):
            left = tuple(number for number, used in zip(asked.numbers, taken, strict=True) if not used)
            yield left, np.flatnonzero(each.ravel() == kind)

    def _holds(self, number: Number) -> np.ndarray:
        own = (self.spans[:, 0] < number.end) & (self.spans[:, 1] > number.start)
        around = (self.area_spans[:, 0] < number.end) & (self.area_spans[:, 1] > number.start)
        return own | (self.around & around).any(axis=1)


def candidates(view: View, tokens: Tokens, asked: Asked) -> Candidates:
    """The places whose names fit the text."""
    which = _likely(view, tokens)
    fitted = fit(view.index.names, which, tokens, view.weigh)
    weights = _weights(view, tokens, asked)
    areas = np.flatnonzero(view.index.is_area[which] & (fitted.share >= _LEAST_AREA))
    mains = np.flatnonzero(fitted.share >= _LEAST)
    place, main, other = _borne(view, which, mains)
    score, around = _scored(view, place, main, fitted, areas, which, weights)
    score = score - _OTHER * other
    best = np.argsort(-score, kind="stable")[:_MOST_PLACES]
    best = best[score[best] >= _LEAST_SCORE]
    spans = _in_text(tokens, fitted)
    return Candidates(
        place[best], which[main[best]], other[best], score[best], spans[main[best]], around[best], spans[areas]
    )


def _likely(view: View, tokens: Tokens) -> np.ndarray:
    """The names most alike, of those a place in sight bears."""
    like = view.index.names.likeness(tokens.points, tokens.syllables, tokens.initials)
    like[~view.names] = 0
    return np.union1d(_top(like, _COMPARED), _top(np.where(view.index.is_area, like, 0), _AREAS_COMPARED))


def _top(values: np.ndarray, most: int) -> np.ndarray:
    best = np.argpartition(-values, most)[:most] if len(values) > most else np.arange(len(values))
    return best[values[best] > 0]


def _weights(view: View, tokens: Tokens, asked: Asked) -> np.ndarray:
    """What each token of the words weighs; numbers weigh nothing here."""
    weights = view.weigh.weights_of(tokens.points)
    weights = np.where(tokens.points > 0, weights, np.log1p(len(view.weigh)))
    for number in asked.numbers:
        weights[(tokens.starts >= number.start) & (tokens.ends <= number.end)] = 0
    return weights


def _in_text(tokens: Tokens, fitted: Fit) -> np.ndarray:
    last = np.maximum(fitted.end - 1, 0)
    starts = tokens.starts[np.minimum(fitted.start, len(tokens) - 1)]
    return np.stack([starts, np.where(fitted.end > fitted.start, tokens.ends[last], starts)], axis=1)


def _borne(view: View, which: np.ndarray, mains: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The places that bear the names, the name of each and whether it is another one of it."""
    heads = view.index.heads
    low = np.searchsorted(heads.name, which[mains])
    high = np.searchsorted(heads.name, which[mains], side="right")
    rows = np.concatenate([np.arange(one, last) for one, last in zip(low, high, strict=True)] or [np.zeros(0, int)])
    main = np.repeat(mains, high - low)
    seen = view.places[heads.place[rows]]
    return heads.place[rows][seen], main[seen], heads.other[rows][seen]


def _scored(view, place, main, fitted: Fit, areas, which, weights) -> tuple[np.ndarray, np.ndarray]:
    """How well name and areas around it explain the words, and which of the areas those are."""
    sums = np.concatenate([[0], np.cumsum(weights)])
    explained = (sums[fitted.end] - sums[fitted.start])[main]
    around = np.zeros((len(place), len(areas)), bool)
    own = view.index.places.area[place]
    for level, keys, of in _areas_by_level(view, which[areas]):
        low = np.searchsorted(keys, own // LEVELS[level])
        at = np.minimum(low, len(keys) - 1)
        hit = keys[at] == own // LEVELS[level]
        around[np.flatnonzero(hit), of[at[hit]]] = True
    overlap = _overlap(fitted, main, areas)
    around &= overlap < 0.5
    gain = (sums[fitted.end] - sums[fitted.start])[areas] * fitted.share[areas]
    explained = explained + (around * gain * (1 - overlap)).sum(axis=1)
    return fitted.share[main] + np.minimum(explained / max(sums[-1], 1e-6), 1), around & (
        fitted.share[areas] >= _SURE_AREA
    )


def _overlap(fitted: Fit, main: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """How much of what an area covers the name covers already: places × areas."""
    start = np.maximum(fitted.start[main][:, None], fitted.start[areas])
    end = np.minimum(fitted.end[main][:, None], fitted.end[areas])
    return np.maximum(end - start, 0) / np.maximum(fitted.end[areas] - fitted.start[areas], 1)


def _areas_by_level(view: View, names: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """For each level the codes of the areas that bear one of the names, sorted, and which name it is."""
    heads, places = view.index.heads, view.index.places
    head = view.area_heads[np.isin(heads.name[view.area_heads], names)]
    codes, of = places.area[heads.place[head]], np.searchsorted(names, heads.name[head])
    for level in (4, 6, 9, 12):
        finer = [digits for digits in LEVELS if digits < level]
        here = (codes % LEVELS[level] == 0) & (codes % LEVELS[max(finer)] != 0)
        if here.any():
            keys = codes[here] // LEVELS[level]
            order = np.argsort(keys, kind="stable")
            yield level, keys[order], of[here][order]
