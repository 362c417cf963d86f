"""Words of files as codes of ours, by tables a clerk can extend."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd


@cache
def table_of_words(name: str, field: str = "") -> dict[str, str]:
    """Word → code from `NAME.csv` beside this file; the rows of one `field` where the table has several."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    code = list(rows[0])[-1]
    return {row["word"]: row[code] for row in rows if not field or row["field"] == field}


def translate(texts: np.ndarray, words: Mapping[str, str], other: str) -> np.ndarray:
    """Each text as the code of the word it is, or of the first word it contains; `other` where none fits."""
    found = {text: _code(text, words) for text in pd.unique(texts)}
    return np.array([found[text] if found[text] is not None else other for text in texts], dtype=object)


def _code(text: str, words: Mapping[str, str]) -> str | None:
    plain = text.strip().lower()
    if plain in words:
        return words[plain]
    if plain in words.values():
        return plain
    # A Chinese word may stand inside a longer one (城镇住宅); an English one may not (greenhouse is no house).
    return next((code for word, code in words.items() if not word.isascii() and word in plain), None)
