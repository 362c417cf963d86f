"""Fields with a few values: sex, state."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.people.matching.columns import Column, distinct
from gis.people.matching.description import Level


@dataclass(frozen=True)
class Choice:
    """Equal or not. `unknown` are values that say nothing."""

    levels: tuple[Level, Level]
    unknown: frozenset[str] = frozenset()

    def read(self, values: Sequence | np.ndarray) -> Column:
        which, texts = distinct(values, self._spelt)
        return Column(which, {"code": np.arange(len(texts))})

    def _spelt(self, texts: pd.Series) -> pd.Series:
        plain = texts.str.normalize("NFKC").str.strip().str.upper()
        return plain.where(~plain.isin(self.unknown), "")

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.where(one == other, 1, 2).astype(np.uint8)
