"""The rows of a table in one spelling, with what is wrong of each: arrays in, arrays out, no database.

What an identity number says of birth and sex is held against what stands beside it. A row that contradicts itself makes
nobody new, but may be somebody known: the number and the name together say who it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from gis.collection.field import Field
from gis.collection.reading import read_value
from gis.collection.sheets.cells import in_line, is_lost, is_nothing
from gis.collection.sheets.coding import apply_codes
from gis.collection.sheets.faults import HOLDS, STOPS, Fault
from gis.collection.sheets.names import is_several, plain_name
from gis.collection.sheets.opening import Opened
from gis.collection.sheets.targets import PLACES, Target
from gis.errors import Refused
from gis.exchange.times import read_days
from gis.people.identity import CITIZEN, Identities, clean_numbers, document_problems, read_identities
from gis.people.matching.numbers import spelt_phone

_LONGEST_NAME = 60
_COVERED = re.compile(r"[0-9A-Z*]{5,22}")
_SEVERAL = re.compile(r"\d{15,17}[\dXx][\s、,，;；/]+\d{15,17}[\dXx]")
#: What a number is wrong in → code of the fault.
_PROBLEMS = {"has a wrong check character": "bad_check", "holds no possible birth date": "bad_date"}


@dataclass
class Rows:
    """The rows of a table, by code of the field: texts in the spelling in which they are kept, "" for none.

    `told` is what identity, birth and phone say as they stand, for matching; `number` is the row in its program.
    """

    number: np.ndarray
    values: dict[str, np.ndarray] = field(default_factory=dict)
    told: dict[str, np.ndarray] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.number)

    def blame(self, mask: np.ndarray, code: str, of: str, **facts) -> None:
        for row in np.flatnonzero(mask).tolist():
            self.faults.setdefault(row, []).append(Fault(code, of, facts))

    def column(self, code: str) -> np.ndarray:
        """A column, empty where the table has none."""
        found = self.values.get(code)
        return np.full(len(self), "", dtype=object) if found is None else found

    def graded(self, grade: str) -> np.ndarray:
        """Which rows have a fault of that grade."""
        mask = np.zeros(len(self), bool)
        mask[[row for row, faults in self.faults.items() if any(one.grade == grade for one in faults)]] = True
        return mask

    @property
    def stops(self) -> np.ndarray:
        return self.graded(STOPS)

    @property
    def holds(self) -> np.ndarray:
        return self.graded(HOLDS)


def judge(
    opened: Opened, mapping: Mapping[str, str], codes: Mapping[str, Mapping[str, str]], targets: Mapping[str, Target],
    *, today: date, synthetic: bool = False,
) -> Rows:  # fmt: skip
    """Bring the mapped columns of a table into one spelling. `mapping`: title → code; `codes`: code → value → code."""
    titles = {code: title for title, code in mapping.items()}
    rows = Rows(opened.rows)
    texts = {code: opened.texts(title) for code, title in titles.items()}
    for code, column in texts.items():
        if code in PLACES:
            rows.values[code] = column
        elif targets[code].is_coded:
            _code(rows, code, column, codes.get(code, {}))
    cells = opened.columns[opened.titles.index(titles["identity"])] if "identity" in titles else None
    _who(rows, texts, cells, today, synthetic)
    for code, column in texts.items():
        if code not in rows.values:
            _plain(rows, targets[code], column)
    return rows


def _who(rows: Rows, texts: dict[str, np.ndarray], cells: np.ndarray | None, today: date, synthetic: bool) -> None:
    """What tells who a row is. `cells`: the identity numbers as they stand in the file."""
    if "name" in texts:
        _names(rows, texts["name"])
    if cells is not None:
        _identities(rows, cells, texts["identity"], today, synthetic)
    if "born" in texts:
        _births(rows, texts["born"], today)
    if "phone" in texts:
        _phones(rows, texts["phone"])
    _fill_from_numbers(rows)


def agreement(read: Identities, births: np.ndarray) -> tuple[int, int]:
    """How many birth dates agree with the identity numbers beside them, of how many that can be compared."""
    which, distinct = pd.factorize(births)
    days = read_days(pd.Series(distinct, dtype=object).replace("", None))[which]
    both = (read.problem == "") & ~np.isnat(read.born) & ~np.isnat(days)
    return int((read.born[both] == days[both]).sum()), int(both.sum())


def _names(rows: Rows, texts: np.ndarray) -> None:
    which, distinct = pd.factorize(texts)
    several = np.array([is_several(text) for text in distinct], bool)[which]
    names = np.array([plain_name(text) for text in distinct], dtype=object)[which]
    empty = np.array([is_nothing(text) for text in distinct], bool)[which]
    long = np.array([len(text) > _LONGEST_NAME for text in distinct], bool)[which]
    rows.blame(empty, "no_name", "name")
    rows.blame(several & ~empty, "two_people", "name")
    rows.blame(long & ~several, "long_name", "name")
    rows.values["name"] = np.where(empty | long, "", names).astype(object)


def _identities(rows: Rows, cells: np.ndarray, texts: np.ndarray, today: date, synthetic: bool) -> None:
    lost = np.array([is_lost(cell) for cell in cells], bool)
    several = np.array([bool(_SEVERAL.search(text)) for text in texts], bool)
    rows.blame(several, "two_numbers", "identity")
    rows.blame(lost, "lost_number", "identity")
    numbers = clean_numbers(np.where(lost | several, "", [("" if is_nothing(text) else text) for text in texts]))
    documents = np.where(rows.column("document") == "", CITIZEN, rows.column("document"))
    rows.told["identity"] = numbers
    citizen = documents == CITIZEN
    covered = np.array(["*" in number and bool(_COVERED.fullmatch(number)) for number in numbers], bool)
    rows.blame(covered, "covered", "identity")
    read = read_identities(np.where(citizen & ~covered, numbers, ""), synthetic=synthetic, today=today)
    other = document_problems(np.where(covered, "", numbers), documents)
    for problem in filter(None, np.unique(read.problem.astype(str))):
        rows.blame(read.problem == problem, _PROBLEMS.get(problem, "bad_number"), "identity")
    rows.blame(other != "", "bad_number", "identity")
    good = (read.problem == "") & (other == "") & ~covered & (numbers != "")
    rows.values["identity"] = np.where(good, np.where(citizen, read.number, numbers), "").astype(object)
    rows.told["number born"] = np.where(good & citizen, read.born, np.datetime64("NaT"))
    rows.told["number sex"] = np.where(good & citizen, read.sex, "").astype(object)


def _births(rows: Rows, texts: np.ndarray, today: date) -> None:
    which, distinct = pd.factorize(texts)
    days = read_days(pd.Series([_whole(text) for text in distinct], dtype=object))[which] if len(distinct) else []
    days = np.asarray(days, dtype="datetime64[D]")
    wrong = ~np.isnat(days) & ((days > np.datetime64(today, "D")) | (days < np.datetime64("1890-01-01")))
    part = np.array([bool(re.fullmatch(r"(19|20)\d{2}年?(\D?\d{1,2}月?)?", text)) for text in distinct], bool)[which]
    said = np.array([not is_nothing(text) for text in distinct], bool)[which]
    rows.blame((wrong | np.isnat(days)) & said & ~part, "bad_born", "born")
    days = np.where(wrong, np.datetime64("NaT"), days)
    written = np.where(np.isnat(days), "", np.datetime_as_string(days)).astype(object)
    rows.told["birth"] = np.where(written == "", np.where(part, texts, ""), written).astype(object)
    if "number born" in rows.told:
        sure = rows.told["number born"]
        against = ~np.isnat(sure) & ~np.isnat(days) & (sure != days)
        rows.blame(against, "born_against", "born")
        written = np.where(against, "", written).astype(object)
    rows.values["born"] = written


def _whole(text: str) -> str | None:
    """A text that may be a whole date; a year alone is none, nor is a year with a month."""
    return None if is_nothing(text) or re.fullmatch(r"\d{4}年?|\d{4}\D\d{1,2}月?|\d{6}", text) else text


def _phones(rows: Rows, texts: np.ndarray) -> None:
    which, distinct = pd.factorize(texts)
    spelt = spelt_phone(pd.Series(distinct, dtype=object)).to_numpy(dtype=object) if len(distinct) else distinct
    phones = np.append(spelt, "")[which].astype(object)
    said = np.array([not is_nothing(text) for text in distinct], bool)[which] if len(distinct) else np.zeros(0, bool)
    covered = np.array(["*" in phone for phone in phones], bool)
    rows.blame(said & (phones == ""), "bad_phone", "phone")
    rows.told["phone"] = phones
    rows.values["phone"] = np.where(covered, "", phones).astype(object)


def _fill_from_numbers(rows: Rows) -> None:
    """A citizen's number says the birth and the sex; what stands beside it must not say otherwise."""
    if "number sex" not in rows.told:
        return
    sure, said = rows.told["number sex"], rows.column("sex")
    against = (sure != "") & np.isin(said, ["1", "2"]) & (said != sure)
    rows.blame(against, "sex_against", "sex")
    rows.told["sex"] = np.where(against, "", np.where(sure != "", sure, said)).astype(object)
    rows.values["sex"] = rows.told["sex"]
    days = rows.told["number born"]
    born = np.where(np.isnat(days), rows.column("born"), np.datetime_as_string(days.astype("datetime64[D]")))
    rows.values["born"] = born.astype(object)
    if "birth" not in rows.told:
        rows.told["birth"] = rows.values["born"]


def _code(rows: Rows, code: str, texts: np.ndarray, codes: Mapping[str, str]) -> None:
    coded = apply_codes(texts, codes)
    unknown = np.array([value is None for value in coded], bool)
    rows.blame(unknown, "no_code", code)
    rows.values[code] = np.where(unknown, "", coded).astype(object)


def _plain(rows: Rows, target: Target, texts: np.ndarray) -> None:
    """Texts, numbers and dates of the catalogue; each distinct value is read once."""
    which, distinct = pd.factorize(texts)
    read = [_read(target, text) for text in distinct] + [""]
    values = np.array(["" if value is None else value for value in read], dtype=object)[which]
    rows.blame(np.array([value is None for value in read], bool)[which], "bad_value", target.code)
    rows.values[target.code] = values


def _read(target: Target, text: str) -> str | None:
    """A value as it is kept; "" for none, None for what cannot be read."""
    of = target.field
    if is_nothing(text) or of is None:
        return ""
    if of.kind == Field.Kind.DATE:
        day = read_days(pd.Series([text], dtype=object))[0]
        text = "" if np.isnat(day) else str(day)
        if not text:
            return None
    try:
        return read_value(of, in_line(text))
    except Refused:
        return None
