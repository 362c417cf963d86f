"""How well names fit a part of a text: an alignment that may begin and end anywhere in it (Sellers 1980), of many names
at once. A character fits itself, what sounds like it, or its initial; rare characters weigh more.
"""

from dataclasses import dataclass

import numpy as np

from gis.places.search.grams import Names
from gis.places.search.sounds import readings

#: What a character of the name is worth by how it fits, times its weight; then what a miss costs.
_SAME, _SOUND, _INITIAL = 1.0, 0.86, 0.9
_WRONG, _MISSING = -0.45, -0.4
#: What a character too much within the match costs, in the weight of a middling character.
_TOO_MUCH = 1.2
_LONGEST = 24


@dataclass(frozen=True)
class Tokens:
    """A text as tokens to compare: each a character, a syllable of pinyin or an initial; 0 where it is not that."""

    points: np.ndarray
    syllables: np.ndarray
    initials: np.ndarray
    starts: np.ndarray  # where each token begins in the text
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class Fit:
    """Of k names: how much of each the text holds (1: all), its weight, and the tokens [start, end) that hold it."""

    share: np.ndarray
    mass: np.ndarray
    start: np.ndarray
    end: np.ndarray


def fit(names: Names, which: np.ndarray, tokens: Tokens, weigh: Names) -> Fit:
    """Fit each of the names into the text; `weigh` are the names by which characters are rare or common."""
    points, lengths = _matrix(names, which)
    weights = np.where(points > 0, weigh.weights_of(points.ravel()).reshape(points.shape), 0).astype(np.float32)
    gains = _gains(points, weights, tokens)
    score = np.zeros((len(which), len(tokens) + 1), np.float32)
    start = np.broadcast_to(np.arange(len(tokens) + 1), score.shape)
    slope = np.arange(len(tokens) + 1, dtype=np.float32) * _TOO_MUCH
    for place in range(points.shape[1]):
        live = (place < lengths)[:, None]
        stepped, began = _step(score, start, gains[:, place], weights[:, place, None], slope)
        score, start = np.where(live, stepped, score), np.where(live, began, start)
    end = score.argmax(axis=1)
    at = end[:, None]
    mass = weights.sum(axis=1)
    best = np.take_along_axis(score, at, 1)[:, 0]
    return Fit(best / np.maximum(mass, 1e-6), mass, np.take_along_axis(start, at, 1)[:, 0], end)


def _matrix(names: Names, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.minimum(names.starts[which + 1] - names.starts[which], _LONGEST)
    columns = np.arange(max(int(lengths.max(initial=0)), 1))
    inside = columns < lengths[:, None]
    places = np.where(inside, names.starts[which][:, None] + columns, 0)
    return np.where(inside, names.points[places].astype(np.int64) if len(names.points) else 0, 0), lengths


def _gains(points: np.ndarray, weights: np.ndarray, tokens: Tokens) -> np.ndarray:
    """What each character of each name gains at each token: names × characters × tokens."""
    gain = np.full((*points.shape, len(tokens)), _WRONG, np.float32)
    for turn in (0, 1):
        syllables, initials = readings(points, turn)
        _raise(gain, initials, tokens.initials, _INITIAL)
        _raise(gain, syllables, tokens.syllables, _SOUND)
    _raise(gain, points, tokens.points, _SAME)
    return gain * weights[:, :, None]


def _raise(gain: np.ndarray, mine: np.ndarray, theirs: np.ndarray, worth: float) -> None:
    same = (mine[:, :, None] == theirs) & (mine > 0)[:, :, None]
    gain[same] = np.maximum(gain[same], worth)


def _step(score, start, gain, weight, slope) -> tuple[np.ndarray, np.ndarray]:
    """One more character of every name: it meets the next token, or is missing; then tokens too many are passed."""
    missing = score + _MISSING * weight
    meeting = np.full_like(score, -np.inf)
    meeting[:, 1:] = score[:, :-1] + gain
    shifted = np.zeros_like(start)
    shifted[:, 1:] = start[:, :-1]
    best = np.where(meeting > missing, meeting, missing)
    began = np.where(meeting > missing, shifted, start)
    level = best + slope
    top = np.maximum.accumulate(level, axis=1)
    from_ = np.maximum.accumulate(np.where(level >= top, np.arange(score.shape[1]), 0), axis=1)
    return top - slope, np.take_along_axis(began, from_, 1)
