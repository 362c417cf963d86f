"""Names of people: Chinese, of the peoples whose names have a dot, and in Latin letters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein, Postfix, Prefix
from rapidfuzz.process import cpdist

from gis.people.matching.columns import NONE, Column, distinct, letters, numbered, numbered_text
from gis.people.matching.description import Level
from gis.people.matching.signs import in_one_form
from gis.people.surnames import DOUBLE, SOUNDS
from gis.places.search.sounds import code_of

_LONGEST = 40
_FIRST_SIGN = 0x3400
#: Names of two characters that share one are two people's names: 王芳, 王丽. From three on it may be a slip.
_SLIP = 3
#: Names from here on may have a slip for every so many letters.
_LETTERS_A_SLIP = 4
_SAME, _SOUND, _TURNED, _LONGER, _ONE_SIGN, _SURNAME, _OTHER = range(1, 8)


@dataclass(frozen=True)
class Name:
    """Same; same sound; same characters in another order; one missing or a part; one other; only the surname; other."""

    levels: tuple[Level, Level, Level, Level, Level, Level, Level]

    def read(self, values: Sequence | np.ndarray) -> Column:
        which, texts = distinct(values, in_one_form)
        signs = letters(texts, _LONGEST)
        surname = texts.str[:2].where(texts.str[:2].isin(DOUBLE), texts.str[:1]) if len(texts) else texts
        sounds = _sounds(signs)
        facets = {
            "sign": np.arange(len(texts)),
            "sound": numbered(sounds),
            "order": numbered(np.sort(signs, axis=1)),
            "surname": numbered_text(surname),
            "initial": sounds[:, 0].astype(np.int64),
            "given": _given(texts, surname),
        }
        length = texts.str.len().to_numpy(dtype=np.int64) if len(texts) else np.zeros(0, np.int64)
        return Column(which, facets, {"text": texts.to_numpy(dtype=object), "length": length})

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        facets = column.facets
        levels = np.full(len(one), _OTHER, np.uint8)
        levels[facets["surname"][one] == facets["surname"][other]] = _SURNAME
        levels[facets["order"][one] == facets["order"][other]] = _TURNED
        levels[facets["sound"][one] == facets["sound"][other]] = _SOUND
        levels[one == other] = _SAME
        rest = np.flatnonzero(levels >= _SURNAME)
        slip = _slips(column.parts["text"], column.parts["length"], one[rest], other[rest])
        levels[rest] = np.where(slip > 0, slip, levels[rest])
        return levels


def _sounds(signs: np.ndarray) -> np.ndarray:
    """A number for each character's sound, equal for zh and z, l and n, n and ng; letters are their own."""
    points, at = np.unique(signs, return_inverse=True)
    syllables = np.array([_sound(int(point)) for point in points], dtype=np.int64)
    sounds = syllables[at].reshape(signs.shape)
    for sign, sound in SOUNDS.items():
        sounds[signs[:, 0] == ord(sign), 0] = code_of(sound)
    return sounds


def _sound(point: int) -> int:
    return (code_of(lazy_pinyin(chr(point))[0]) if point >= _FIRST_SIGN else 0) or point


def _given(texts: pd.Series, surname: pd.Series) -> np.ndarray:
    """The name without the surname: a wife written under her husband's keeps it."""
    rest = pd.Series([text[len(first) :] for text, first in zip(texts, surname, strict=True)], dtype=object)
    return numbered_text(rest.where(rest.str.len() >= 2, "")) if len(rest) else np.full(0, NONE)


def _slips(text: np.ndarray, length: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """_LONGER, _ONE_SIGN or 0 of pairs of names."""
    a, b = text[one], text[other]
    short, long = np.minimum(length[one], length[other]), np.maximum(length[one], length[other])
    far = cpdist(a, b, scorer=Levenshtein.distance, dtype=np.int32)
    allowed = np.where(short >= _SLIP, np.maximum(1, short // _LETTERS_A_SLIP), 0)
    longer = (far == 1) & (long == short + 1) & (short >= 2)
    apart = np.flatnonzero((far == long - short) & (short >= 2) & ~longer)
    starts = cpdist(a[apart], b[apart], scorer=Prefix.similarity, dtype=np.int32) == short[apart]
    ends = cpdist(a[apart], b[apart], scorer=Postfix.similarity, dtype=np.int32) == short[apart]
    longer[apart] = (starts | ends) & (long > short)[apart]
    return np.select([longer, far <= allowed], [_LONGER, _ONE_SIGN], 0)
