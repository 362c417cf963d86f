"""Numbers of documents and phones, whole or partly covered by asterisks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from gis.people.identity import clean_numbers, complete
from gis.people.matching.columns import NONE, Column, distinct, letters, numbered, one_slip, respelt
from gis.people.matching.description import Level

_STAR = ord("*")
#: So many signs of a covered number must be readable to say anything.
_SHOWN = 6
_TAIL = 4


@dataclass(frozen=True)
class Number:
    """Same; the readable part is the same; one sign wrong, missing or too many, or two neighbours swapped; different.

    Two valid identity numbers never differ by one sign or a swap alone (ISO 7064 MOD 11-2 finds both), so that level
    is a slip of the pen and not a twin.
    """

    levels: tuple[Level, Level, Level, Level]
    spelling: Callable[[pd.Series], pd.Series]
    width: int

    def read(self, values: Sequence | np.ndarray) -> Column:
        which, texts = distinct(values, self.spelling)
        signs = letters(texts, self.width)
        covered = (signs == _STAR).any(axis=1)
        number = np.where(covered, NONE, np.arange(len(texts)))
        tail = numbered(letters(texts.str[-_TAIL:], _TAIL)) if len(texts) else number
        parts = {"sign": signs.astype(np.uint8), "covered": covered, "text": texts.to_numpy(dtype=object)}
        length = texts.str.len().to_numpy(dtype=np.int64) if len(texts) else number
        return Column(which, {"number": number, "tail": tail}, parts | {"length": length})

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        parts = column.parts
        long = parts["length"][one] == parts["length"][other]
        levels = np.full(len(one), 4, np.uint8)
        open_ = ~(parts["covered"][one] | parts["covered"][other])
        at = np.flatnonzero(long & open_)
        levels[at[one_slip(parts["sign"][one[at]], parts["sign"][other[at]])]] = 3
        at = np.flatnonzero(open_ & (np.abs(parts["length"][one] - parts["length"][other]) == 1))
        text = parts["text"]
        far = cpdist(text[one[at]], text[other[at]], scorer=Levenshtein.distance, dtype=np.int32, score_cutoff=1)
        levels[at[far == 1]] = 3
        at = np.flatnonzero(long & ~open_)
        agree, shown = _where_shown(parts["sign"][one[at]], parts["sign"][other[at]])
        levels[at[agree]] = np.where(shown[agree] >= _SHOWN, 2, 0)
        levels[(one == other) & open_] = 1
        return levels


def _where_shown(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether the signs that both show are the same ones, and how many these are."""
    hidden = (one == _STAR) | (other == _STAR)
    return ((one == other) | hidden).all(axis=1), (~hidden & (one != 0)).sum(axis=1)


def spelt_identity(texts: pd.Series) -> pd.Series:
    """Document numbers: capital letters and digits, those of 15 digits completed; "" for what is none (无, 不详)."""
    return respelt(texts, r"[1-9][0-9]{16}[0-9X]", _identities)


def _identities(texts: pd.Series) -> pd.Series:
    numbers = pd.Series(complete(clean_numbers(texts)), texts.index, dtype=object)
    covered = numbers.str.replace(r"[×＊●•xX](?=.*\d)", "*", regex=True).str.replace(r"[^0-9A-Z*]", "", regex=True)
    return covered.where(covered.str.fullmatch(r"[0-9A-Z*]{5,22}") & covered.str.contains(r"\d{3}"), "")


def spelt_phone(texts: pd.Series) -> pd.Series:
    """The first phone of a cell, digits alone, without +86; "" for what nobody can be called at."""
    return respelt(texts, r"1[2-9][0-9]{9}", _phones)


def _phones(texts: pd.Series) -> pd.Series:
    plain = texts.str.normalize("NFKC").str.replace(r"(?<=\d)[\s\-()](?=[\d(*])", "", regex=True)
    first = plain.str.extract(r"((?:\+|00)?[\d*][\d*()\-]{5,})", expand=False).fillna("")
    digits = first.str.replace(r"[^\d*]", "", regex=True).str.replace(r"^(?:00)?86(?=1[\d*]{10}$)", "", regex=True)
    same = digits.str.fullmatch(r"\*?(\d)(?:\1|\*)*")
    return digits.where(~same & digits.str.fullmatch(r"[\d*]{7,16}"), "")
