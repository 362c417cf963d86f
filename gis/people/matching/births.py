"""Birth dates as people give them: whole, the year alone, day and month changed about, a digit wrong, by the moon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.people.matching.columns import NONE, Column, distinct, one_slip
from gis.people.matching.description import Level

_WHOLE = re.compile(r"(\d{4})[年./\-]?(\d{1,2})?[月./\-]?(\d{1,2})?")
_YEARS = 1850, 2150
#: A date of the lunar calendar written as one of the solar lies 18 to 52 days early.
_MOONS = 60


@dataclass(frozen=True)
class Birth:
    """Same day; day and month swapped; one digit wrong; only the year is known; within sixty days; same year; other."""

    levels: tuple[Level, Level, Level, Level, Level, Level, Level]

    def read(self, values: Sequence | np.ndarray) -> Column:
        which, texts = distinct(values, spelt_birth)
        date = texts.astype(np.int64).to_numpy() if len(texts) else np.zeros(0, np.int64)
        year, month, day = date // 10000, date // 100 % 100, date % 100
        whole = (month > 0) & (day > 0)
        low, high = np.minimum(month, day), np.maximum(month, day)
        facets = {
            "day": np.where(whole, np.arange(len(date)), NONE),
            "year": year,
            "turned": np.where(whole, year * 10000 + low * 100 + high, NONE),
            "feast": np.where(whole, low * 100 + high, NONE),
        }
        digits = date[:, None] // 10 ** np.arange(7, -1, -1) % 10
        parts = {"date": date, "digit": digits.astype(np.uint8), "turn": year * 365 + month * 30 + day, "whole": whole}
        return Column(which, facets, parts)

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        parts = column.parts
        date, whole = parts["date"], parts["whole"][one] & parts["whole"][other]
        year = date[one] // 10000 == date[other] // 10000
        turned = column.facets["turned"]
        near = np.abs(parts["turn"][one] - parts["turn"][other]) <= _MOONS
        vague = year & (_vague(date[one], date[other]) | _vague(date[other], date[one]))
        levels = np.select(
            [
                (date[one] == date[other]) & whole,
                whole & (turned[one] == turned[other]),
                vague,
                whole & one_slip(parts["digit"][one], parts["digit"][other]),
                whole & near,
                year,
            ],
            [1, 2, 4, 3, 5, 6],
            7,
        )
        return levels.astype(np.uint8)


def _vague(date: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether a date names the year alone, or a month alone that is the other's too. 1 January stands for a year where
    the day is not known."""
    month, day = date // 100 % 100, date % 100
    same_month = month == other // 100 % 100
    return (month == 0) | ((month == 1) & (day == 1)) | ((day == 0) & (same_month | (other // 100 % 100 == 0)))


def spelt_birth(texts: pd.Series) -> pd.Series:
    """Eight digits, zeros for what is not known; "" for what is no date of a birth."""
    return texts.map(_eight).astype(object)


def _eight(text: str) -> str:
    found = _WHOLE.match(text.strip())
    if not found:
        return ""
    year, month, day = (int(part or 0) for part in found.groups())
    if not (_YEARS[0] <= year <= _YEARS[1] and month <= 31 and day <= 31):
        return ""
    return f"{year:04}{month:02}{day:02}"
