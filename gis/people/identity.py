"""Identity numbers: GB 11643-1999 and the other documents of the code table `id_document_type`.

A citizen's number is 17 digits and a check character: 6 of the division where it was first issued, 8 of the
birth date, 3 of a sequence whose last digit is odd for a man. The check character is that of ISO 7064 MOD 11-2.
No message made here ever holds a number.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from django.utils import timezone

from gis.codes.loading import read_table
from gis.errors import BadCode

CITIZEN = "111"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.array(list("10X98765432"))
#: The first year a number may name: nobody older is registered.
_FIRST_YEAR = 1890
#: What people put between the digits; a number of before 1999.
_BETWEEN, _OLD = re.compile(r"[\s'’-]+"), re.compile(r"[0-9]{15}")


@cache
def patterns() -> dict[str, str]:
    """Document type (GA/T 517) → the shape of its number as a regular expression, from the code table `document`."""
    return {row["code"]: row["number_pattern"] or ".{4,22}" for row in read_table("document")}


@dataclass(frozen=True)
class Identity:
    """What a citizen's number says."""

    number: str
    division: str
    born: date
    sex: str  # GB/T 2261.1: 1 male, 2 female
    check_fits: bool


def parse_identity(number: str) -> Identity:
    """Read one citizen's number. Raises BadCode with the reason, never with the number."""
    read = read_identities([number], synthetic=True)
    if read.problem[0]:
        raise BadCode(f"The identity number {read.problem[0]}.", fix="Compare it with the document.")
    text = read.number[0]
    born = pd.Timestamp(read.born[0]).date()
    return Identity(text, text[:6], born, read.sex[0], check_character(text) == text[17])


def check_character(number: str) -> str:
    """The check character that belongs to the first 17 digits (GB 11643-1999, 4.3: sum of digit × weight, mod 11)."""
    digits = np.array([int(digit) for digit in number[:17]])
    return str(_CHECKS[int(digits @ _WEIGHTS) % 11])


@dataclass(frozen=True)
class Identities:
    """Columns read from identity numbers, all of one length; `problem` is "" where the number is good."""

    number: np.ndarray  # object: 18 characters, as cleaned
    born: np.ndarray  # datetime64[D], NaT where unreadable
    sex: np.ndarray  # object: "1" male, "2" female, "" unreadable
    problem: np.ndarray  # object


def read_identities(values: Sequence | np.ndarray, *, synthetic: bool = False, today: date | None = None) -> Identities:
    """Read many citizens' numbers at once; blank ones stay blank and unjudged.

    Numbers of 15 digits (before 1999) are completed. `synthetic` accepts a wrong check character, as invented
    people have one on purpose.
    """
    number = complete(clean_numbers(values))
    blank = number == ""
    shaped = pd.Series(number).str.fullmatch(r"[0-9]{17}[0-9X]").to_numpy(dtype=bool)
    digits = _digits(number, shaped)
    born = _births(number, shaped)
    problem = np.full(len(number), "", dtype=object)
    if not synthetic:
        problem[shaped & (_checks(digits) != _last(number, shaped))] = "has a wrong check character"
    problem[shaped & ~_plausible(born, today)] = "holds no possible birth date"
    problem[~shaped & ~blank] = "is not 17 digits and a digit or X"
    sex = np.where(shaped, np.where(digits[:, 16] % 2 == 1, "1", "2"), "").astype(object)
    return Identities(number, born, sex, problem)


def clean_numbers(values: Sequence | np.ndarray) -> np.ndarray:
    """Document numbers as upper-case text without blanks or hyphens, "" where missing (object array)."""
    text = pd.Series(values, dtype=object)
    text = text.where(text.notna(), "")
    cleaned = [clean_number(str(int(value)) if isinstance(value, float) else str(value)) for value in text]
    return np.array([*cleaned, None], dtype=object)[:-1]


def clean_number(text: str) -> str:
    """One document number as `clean_numbers` has it."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def complete(number: np.ndarray) -> np.ndarray:
    """Numbers of 15 digits as 18: the century 19 and the check character added."""
    old = pd.Series(number, dtype=object).str.fullmatch(_OLD).to_numpy(dtype=bool)
    if not old.any():
        return number
    longer = number.copy()
    longer[old] = [complete_number(text) for text in number[old]]
    return longer


def complete_number(number: str) -> str:
    """One cleaned number as `complete` has it."""
    if not _OLD.fullmatch(number):
        return number
    longer = f"{number[:6]}19{number[6:]}"
    return longer + check_character(longer)


def document_problems(numbers: np.ndarray, documents: np.ndarray) -> np.ndarray:
    """What is wrong with the numbers of documents other than the citizen's card, "" where nothing is."""
    problem = np.full(len(numbers), "", dtype=object)
    text = pd.Series(numbers, dtype=object)
    for kind in np.unique(documents.astype(str)):
        rows = (documents == kind) & (numbers != "")
        if kind not in patterns():
            problem[rows] = "belongs to a document type that is not in the code table"
        elif kind != CITIZEN:
            fits = text[rows].str.fullmatch(patterns()[kind]).to_numpy(dtype=bool)
            problem[np.flatnonzero(rows)[~fits]] = f"does not have the shape of document type {kind}"
    return problem


def _digits(number: np.ndarray, shaped: np.ndarray) -> np.ndarray:
    """The first 17 digits as an array (n × 17), zeros where the number is not shaped like one."""
    text = np.where(shaped, number, "0" * 18).astype("U18")
    codes = text.view(np.uint32).reshape(len(text), -1) if len(text) else np.zeros((0, 18), dtype=np.uint32)
    return codes[:, :17].astype(np.int64) - ord("0")


def _checks(digits: np.ndarray) -> np.ndarray:
    return _CHECKS[(digits @ _WEIGHTS) % 11]


def _last(number: np.ndarray, shaped: np.ndarray) -> np.ndarray:
    return np.array([text[17] if good else "" for text, good in zip(number, shaped, strict=True)], dtype="U1")


def _births(number: np.ndarray, shaped: np.ndarray) -> np.ndarray:
    text = pd.Series(np.where(shaped, number, ""), dtype=object).str[6:14]
    return pd.to_datetime(text, format="%Y%m%d", errors="coerce").to_numpy(dtype="datetime64[D]")


def _plausible(born: np.ndarray, today: date | None) -> np.ndarray:
    latest = np.datetime64(today or timezone.localdate(), "D")
    first = np.datetime64(f"{_FIRST_YEAR}-01-01", "D")
    return ~np.isnat(born) & (born >= first) & (born <= latest)
