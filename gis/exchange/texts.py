"""Texts that must fit a column."""

import numpy as np
import pandas as pd

from gis.exchange.refusals import Report


def fit_texts(texts: np.ndarray, longest: int, name: str, report: Report) -> np.ndarray:
    """Texts cut to a column's length; what was cut is noted (object array)."""
    lengths = pd.Series(texts, dtype=object).str.len().to_numpy()
    long = lengths > longest
    if not long.any():
        return texts
    report.note(long, name, f"the text was cut to {longest} characters")
    cut = texts.copy()
    cut[long] = [text[:longest] for text in texts[long]]
    return cut
