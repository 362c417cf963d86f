"""Division codes: 2 + 2 + 2 + 3 + 3 digits (province, city, district, street, community), and 3 more for a cell.

Codes are text. Real ones come from the statistics bureau (GB/T 2260, GB/T 10114); ground that has none gets a
*local* code: under its real parent from 900 on, where the bureau assigns nothing (its streets end at 599, its
communities at 599), or under the unassigned province 99 where there is no real parent.
"""

import re
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from gis.errors import BadCode

LENGTHS = {"province": 2, "city": 4, "district": 6, "street": 9, "community": 12, "cell": 15}
LEVEL_OF = {length: level for level, length in LENGTHS.items()}
#: GB/T 2260 assigns no province 99.
LOCAL_PROVINCE = "99"
#: First number of a local street or community under a real parent.
LOCAL_FROM = 900
#: GB/T 2260, first two digits.
PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(first, last + 1)
)
_DIGITS = re.compile(r"\d+")


def level_of(code: str) -> str:
    """The level a code stands for. Raises BadCode when it stands for none."""
    if not isinstance(code, str) or not _DIGITS.fullmatch(code) or not code.isascii() or len(code) not in LEVEL_OF:
        raise BadCode(
            f"{code!r} is not a division code.",
            fix="Give 2, 4, 6, 9, 12 or 15 digits, for example 110113001 for a street.",
        )
    return LEVEL_OF[len(code)]


def parent_of(code: str) -> str:
    """The code one level up, "" for a province."""
    length = LENGTHS[level_of(code)]
    return code[: max((other for other in LEVEL_OF if other < length), default=0)]


def ancestors_of(code: str) -> list[str]:
    """Every code above, the province first."""
    level_of(code)
    return [code[:length] for length in sorted(LEVEL_OF) if length < len(code)]


def is_local(code: str) -> bool:
    """Whether a code was minted here rather than assigned by the state."""
    return code[:2] == LOCAL_PROVINCE or any(
        len(code) >= end and int(code[end - 3 : end]) >= LOCAL_FROM for end in (9, 12)
    )


def clean_codes(values: Sequence | np.ndarray, level: str | None = None) -> np.ndarray:
    """Codes as text, "" where missing (object array).

    Undoes what spreadsheets do to codes: numbers (110113001.0), blanks inside, full-width digits; and cuts the
    zeros with which a 12-digit list pads the codes of higher levels, when `level` says how long they must be.
    """
    text = _as_text(pd.Series(values, dtype=object))
    if level is not None and level != "cell":
        wanted = LENGTHS[level]
        padded = (text.str.len() > wanted) & text.str[wanted:].str.fullmatch("0+")
        text = text.where(~padded, text.str[:wanted])
    return text.to_numpy(dtype=object)


def _as_text(values: pd.Series) -> pd.Series:
    text = values.map(_one_as_text)
    return text.str.normalize("NFKC").str.replace(r"\s+", "", regex=True).str.replace(r"^(\d+)\.0+$", r"\1", regex=True)


def _one_as_text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def code_problems(codes: np.ndarray, level: str) -> np.ndarray:
    """What is wrong with each code for that level, "" where nothing is (object array). Blank codes are not judged."""
    text = pd.Series(codes, dtype=object)
    length = LENGTHS[level]
    problems = np.full(len(text), "", dtype=object)
    known = text.str[:2].isin(PROVINCES | {LOCAL_PROVINCE})
    problems[(~known).to_numpy()] = _("前两位不是 GB/T 2260 里的省级代码")
    zero = text.str[-3:].eq("000") if length >= 9 else text.str[-2:].eq("00")
    problems[zero.to_numpy()] = _("以零结尾，是上一级的代码")
    problems[(text.str.len() != length).to_numpy()] = _("这一级的代码应为 %d 位") % length
    problems[(~text.str.fullmatch(r"[0-9]+")).to_numpy()] = _("含有数字以外的字符")
    problems[text.eq("").to_numpy()] = ""
    return problems


def mint(parent: str, taken: Collection[str], count: int) -> list[str]:
    """`count` unused local codes one level below `parent`, in ascending order.

    Under province 99 numbering starts at 1, under a real parent at 900. Raises BadCode when they run out.
    """
    length = min(other for other in LEVEL_OF if other > len(parent))
    digits = length - len(parent)
    first = LOCAL_FROM if digits == 3 and length < 15 and parent[:2] != LOCAL_PROVINCE else 1
    last = max(
        (
            int(code[len(parent) : length])
            for code in taken
            if code.startswith(parent) and len(code) >= length and int(code[len(parent) : length]) >= first
        ),
        default=first - 1,
    )
    if last + count > 10**digits - 1:
        raise BadCode(
            f"Only {10**digits - 1 - last} codes are left below {parent}, {count} are needed.",
            fix="Spread the rows over several parents: name a column of parents with --map parent=COLUMN.",
        )
    return [f"{parent}{number:0{digits}d}" for number in range(last + 1, last + 1 + count)]


def reading_order(x: np.ndarray, y: np.ndarray, height: float) -> np.ndarray:
    """Indices in the order cells are numbered (DB11/T 2157): rows from north to south, each from west to east.

    A pure sort on both axes is ambiguous, so a row is everything within half a `height` (the usual height of a
    cell, in the unit of `y`) below its northernmost member.
    """
    band = np.zeros(len(y), dtype=int)
    top, number = np.inf, -1
    for place in np.argsort(-np.asarray(y, dtype=float), kind="stable"):
        if y[place] < top - height / 2:
            top, number = y[place], number + 1
        band[place] = number
    return np.lexsort((x, band))
