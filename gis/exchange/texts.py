"""Texts that must fit a column, and keys for rows that have none."""

import numpy as np
import pandas as pd
import shapely
from django.utils.translation import gettext as _

from gis.exchange.columns import take_text
from gis.exchange.reading import Table
from gis.exchange.refusals import Report


def fit_texts(texts: np.ndarray, longest: int, name: str, report: Report) -> np.ndarray:
    """Texts cut to a column's length; what was cut is noted (object array)."""
    lengths = pd.Series(texts, dtype=object).str.len().to_numpy()
    long = lengths > longest
    if not long.any():
        return texts
    report.note(long, name, _("文字已截到 %d 个字") % longest)
    cut = texts.copy()
    cut[long] = [text[:longest] for text in texts[long]]
    return cut


def row_keys(table: Table, mapping: dict[str, str], shapes: np.ndarray | None, report: Report) -> np.ndarray:
    """What identifies a row within its source: its own key, else a digest of what it says (object array).

    Rows that say exactly the same are told apart by their number among themselves, so each keeps its key when the
    file is imported again. A repeated key of the file's own refuses the later row.
    """
    if "source_code" in mapping:
        keys = fit_texts(take_text(table.frame, mapping, "source_code"), 80, "source_code", report)
        blank = keys == ""
        twin = pd.Series(keys).where(report.good & ~blank).duplicated().to_numpy() & ~blank & report.good
        report.refuse(twin, "source_code", _("文件里另一行的键与它相同"), _("两行请只留一行。"))
        return np.where(blank, digests(table, shapes), keys).astype(object) if blank.any() else keys
    return digests(table, shapes)


def digests(table: Table, shapes: np.ndarray | None) -> np.ndarray:
    """A key of 17 characters or a little more for each row, from all its values (object array)."""
    parts = [pd.util.hash_pandas_object(table.frame, index=False).to_numpy()] if table.frame.shape[1] else []
    if shapes is not None:
        parts.append(pd.util.hash_array(shapely.to_wkb(shapes, hex=True).astype(object)))
    mixed = parts[0].copy()
    for part in parts[1:]:
        mixed = mixed * np.uint64(31) + part
    again = pd.Series(mixed).groupby(mixed).cumcount().to_numpy()
    return np.array(
        [
            f"#{value:016x}" + (f".{number}" if number else "")
            for value, number in zip(mixed.tolist(), again.tolist(), strict=True)
        ],
        dtype=object,
    )
