"""Which column of a file is which field of ours: guessed by name and content, shown, then confirmed or mapped.

`fields.csv` is the table behind it: a row per field, with the names seen for it in Chinese and English files, the
likeliest first, and what its values must look like.
"""

import csv
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from gis.errors import BadFile

_TABLE = Path(__file__).with_name("fields.csv")
_SAMPLE = 200
#: Share of a sample that must look like the field: where the name is one of the table's, where it only contains one.
_ENOUGH, _PLENTY = 0.5, 0.8


@dataclass(frozen=True)
class Field:
    """A field that files may fill."""

    name: str
    content: str
    required: bool
    meaning: str
    names: tuple[str, ...]


@cache
def fields_of(subject: str) -> dict[str, Field]:
    """The fields of one of the subjects in `fields.csv`, by name."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["subject"] == subject]
    return {row["field"]: _field(row) for row in rows}


def _field(row: dict[str, str]) -> Field:
    names = tuple(plain_name(name) for name in row["names"].split("|"))
    return Field(row["field"], row["content"], row["required"] == "1", row["meaning"], names)


def plain_name(name: str) -> str:
    """A column name in lower case without blanks, marks and what stands in brackets: `Geo ID (2010)` → `geoid`."""
    text = re.sub(r"[（(\[].*?[)）\]]", "", unicodedata.normalize("NFKC", str(name)))
    return re.sub(r"[\W_]+", "", text).lower()


def guess(subject: str, frame: pd.DataFrame) -> dict[str, str]:
    """Field → column, each column used once: the best names first, and only where the content fits."""
    candidates = sorted(
        (-score, order, place, field.name, column)
        for order, field in enumerate(fields_of(subject).values())
        for place, column in enumerate(frame.columns)
        if (score := _score(field, column))
        and looks_like(field.content, frame[column]) >= (_ENOUGH if score > 100 else _PLENTY)
    )
    found: dict[str, str] = {}
    for *_rank, name, column in candidates:
        if name not in found and column not in found.values():
            found[name] = column
    return {name: found[name] for name in fields_of(subject) if name in found}


def _score(field: Field, column: str) -> int:
    """How well a column's name fits: above 100 for a name of the table, below for one that contains it, 0 for none."""
    plain = plain_name(column)
    if _is_misleading(field, plain):
        return 0
    if plain in field.names:
        return 200 - field.names.index(plain)
    inside = [place for place, name in enumerate(field.names) if _telling(name) and name in plain]
    return 100 - inside[0] if inside else 0


def _is_misleading(field: Field, plain: str) -> bool:
    """`provinceCode` is no name of a province, `location_category` no category of an incident."""
    coded = plain.endswith(("code", "代码", "编码")) and field.content == "text" and plain not in field.names
    return coded or (field.name == "category" and re.search("location|address|地点|premise", plain) is not None)


def _telling(name: str) -> bool:
    """Whether a name says enough to be recognised inside a longer one."""
    return len(name) >= (5 if name.isascii() else 2)


def apply_map(subject: str, frame: pd.DataFrame, guessed: dict[str, str], wishes: Iterable[str]) -> dict[str, str]:
    """The guess corrected by `field=column` texts; `field=` leaves a field out, `a+b` joins two columns by a blank.

    Raises BadFile for an unknown field or column.
    """
    chosen = dict(guessed)
    for wish in wishes:
        name, equals, column = wish.partition("=")
        name = name.strip()
        if not equals or name not in fields_of(subject):
            said = _("--map %(wish)s：没有字段“%(name)s”。") % {"wish": wish, "name": name}
            raise BadFile(said, fix=_("可用的字段：%(names)s。") % {"names": ", ".join(fields_of(subject))})
        chosen.pop(name, None)
        if column:
            chosen[name] = _existing(frame, wish, column)
    return chosen


def _existing(frame: pd.DataFrame, wish: str, column: str) -> str:
    if column in frame.columns:
        return column
    parts = column.split("+")
    missing = [part for part in parts if part not in frame.columns]
    if missing or len(parts) == 1:
        close = difflib.get_close_matches(missing[0], list(frame.columns), 3, 0.5) or list(frame.columns)[:12]
        said = _("--map %(wish)s：文件里没有“%(name)s”这一列。") % {"wish": wish, "name": missing[0]}
        raise BadFile(said, fix=_("是不是：%(names)s？") % {"names": ", ".join(close)})
    return column


def missing_fields(subject: str, mapping: dict[str, str]) -> list[Field]:
    """Required fields that no column fills."""
    return [field for field in fields_of(subject).values() if field.required and field.name not in mapping]


def take(frame: pd.DataFrame, mapping: dict[str, str], name: str) -> pd.Series | None:
    """The column of a field, or None where the file has none."""
    return take_mapped(frame, mapping, name) if name in mapping else None


def take_mapped(frame: pd.DataFrame, mapping: dict[str, str], name: str) -> pd.Series:
    """The column of a field that is mapped; `a+b` are two joined by a blank."""
    column = mapping[name]
    if column in frame.columns:
        return frame[column]
    parts = [frame[part].astype("str") for part in column.split("+")]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.str.cat(part, sep=" ")
    return joined


def take_text(frame: pd.DataFrame, mapping: dict[str, str], name: str) -> np.ndarray:
    """The column of a field as text, "" where missing or where the file has none (object array)."""
    column = take(frame, mapping, name)
    return np.full(len(frame), "", dtype=object) if column is None else as_text(column)


def as_text(values: pd.Series) -> np.ndarray:
    """Values as text, "" where missing; whole numbers without a decimal point."""
    missing = values.isna().to_numpy()
    if values.dtype.kind == "f":
        whole = (values % 1 == 0).to_numpy() | missing
        values = values.astype("Int64") if whole.all() else values
    elif values.dtype == object:
        values = values.map(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value)
    text = values.astype("str").to_numpy(dtype=object)
    text[missing] = ""
    return text


def looks_like(content: str, values: pd.Series) -> float:
    """Share of a sample of a column's values that fits a kind of content, 0 for an empty column."""
    sample = values.dropna().head(_SAMPLE)
    return float(np.mean(_LOOKS[content](sample))) if len(sample) else 0.0


def _matches(pattern: str) -> Callable[[pd.Series], np.ndarray]:
    def test(sample: pd.Series) -> np.ndarray:
        text = pd.Series(as_text(sample), dtype="str").str.replace(r"\s", "", regex=True)
        return text.str.fullmatch(pattern).to_numpy(dtype=bool)

    return test


def _within(low: float, high: float) -> Callable[[pd.Series], np.ndarray]:
    def test(sample: pd.Series) -> np.ndarray:
        numbers = pd.to_numeric(sample, errors="coerce").to_numpy(dtype=float)
        return (numbers >= low) & (numbers <= high)

    return test


def _is_time(sample: pd.Series) -> np.ndarray:
    """A moment or a day: digits of a year and more, a serial number of a sheet, or a real date."""
    if sample.dtype.kind == "M":
        return np.ones(len(sample), dtype=bool)
    text = pd.Series(as_text(sample), dtype="str")
    written = text.str.contains(
        r"\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|^(?:19|20)\d{6}(?:\d{6})?$", regex=True
    )
    serial = text.str.fullmatch(r"[2-7]\d{4}(\.\d+)?|1\d{9}(\d{3})?")
    return (written | serial).to_numpy(dtype=bool)


_LOOKS: dict[str, Callable[[pd.Series], np.ndarray]] = {
    "text": lambda sample: np.ones(len(sample), dtype=bool),
    "id": lambda sample: np.ones(len(sample), dtype=bool),
    "code": _matches(r"\d{2,17}(\.0)?"),
    "number": _within(0, 1e12),
    "identity": _matches(r"[0-9A-Za-z]{5,22}"),
    "phone": _matches(r"[+\d][\d-]{4,20}"),
    "longitude": _within(-2.1e7, 6e7),
    "latitude": _within(-2.1e7, 2.1e7),
    "date": _is_time,
    "time": _is_time,
    "wkt": _matches(r"(?i)(SRID=\d+;)?(MULTI)?(POINT|POLYGON|GEOMETRYCOLLECTION)Z?M?\(.*|EMPTY"),
}
