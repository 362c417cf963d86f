"""Unified social credit codes: GB 32100-2015, and the organisation code within them, GB 11714-1997.

18 signs: the authority that registered it and the kind (2), the division (6), the organisation code (8 and a check
sign) and a check sign over all. The signs are digits and capitals without I, O, S, V, Z, which look like digits.
"""

import re
import unicodedata
from enum import StrEnum

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_INNER_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(rf"[{_SIGNS}]{{2}}[0-9]{{6}}[{_SIGNS}]{{10}}")


class Fault(StrEnum):
    """Why a code is none; "" where it is good."""

    NONE = ""
    SHAPE = "shape"
    INNER = "inner"
    CHECK = "check"


def clean_code(text: object) -> str:
    """A code as it is kept: capitals of normal width without blanks and hyphens."""
    plain = unicodedata.normalize("NFKC", text if isinstance(text, str) else "")
    return re.sub(r"[\s'’-]+", "", plain).upper()


def fault_of(code: str) -> Fault:
    """What is wrong with a cleaned code."""
    if not _SHAPE.fullmatch(code):
        return Fault.SHAPE
    if check_sign(code[:17]) != code[17]:
        return Fault.CHECK
    return Fault.NONE if inner_check(code[8:16]) == code[16] else Fault.INNER


def check_sign(first: str) -> str:
    """The last sign, from the 17 before it (GB 32100-2015, 4: 31 less the weighted sum modulo 31)."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]


def inner_check(first: str) -> str:
    """The check sign of the organisation code, from its 8 signs (GB 11714-1997: 11 less the weighted sum modulo 11)."""
    total = sum(_INNER_SIGNS.index(sign) * weight for sign, weight in zip(first, _INNER_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def make_code(kind: str, division: str, organisation: str) -> str:
    """The code of two, six and eight signs with both check signs."""
    first = f"{kind}{division}{organisation}{inner_check(organisation)}"
    return first + check_sign(first)
