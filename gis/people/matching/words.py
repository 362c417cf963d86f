"""Short texts in letters: street names, given names."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from gis.people.matching.columns import Column, distinct, letters, numbered
from gis.people.matching.description import Level

_CLOSE, _ALIKE = 0.9, 0.75
_LONGEST = 60


@dataclass(frozen=True)
class Words:
    """Same, close, alike, different, by the similarity of Jaro and Winkler."""

    levels: tuple[Level, Level, Level, Level]

    def read(self, values: Sequence | np.ndarray) -> Column:
        which, texts = distinct(values, _spelt)
        signs = letters(texts, 4)
        return Column(
            which,
            {"whole": np.arange(len(texts)), "start": numbered(signs)},
            {"text": texts.to_numpy(dtype=object)},
        )

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        levels = np.where(one == other, 1, 4).astype(np.uint8)
        rest = np.flatnonzero(one != other)
        texts = column.parts["text"]
        close = cpdist(texts[one[rest]], texts[other[rest]], scorer=JaroWinkler.similarity, dtype=np.float32)
        levels[rest] = np.select([close >= _CLOSE, close >= _ALIKE], [2, 3], 4)
        return levels


def _spelt(texts: pd.Series) -> pd.Series:
    plain = texts.str.normalize("NFKC").str.lower().str.replace(r"[\W_]+", " ", regex=True)
    return plain.str.strip().str[:_LONGEST]
