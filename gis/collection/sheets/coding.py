"""What a table writes, as codes of ours: each distinct value once, with how often it stands there.

A code that means one thing here means another elsewhere: in GB/T 2261.1 a 0 is 未知, in many systems it is 女. So where
identity numbers stand beside a coded sex, they vote: the seventeenth digit is odd for a man. What the votes say goes
before what the table of codes says, and a value on which they do not agree is left to the clerk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from gis.collection.field import Field
from gis.collection.sheets.cells import is_nothing
from gis.exchange.words import table_of_words
from gis.people.resident import Resident

#: More different values than this are no codes: the column is mapped to the wrong field.
MOST_VALUES = 80
#: So many identity numbers must vote, and so large a share of them agree.
_VOTES, _AGREE = 3, 0.9
#: Code of a value that is left out.
LEFT_OUT = ""
_YES = {"是", "有", "y", "yes", "true", "√", "对", "1", "已参保", "参保", "享受", "需要", "已"}
_NO = {"否", "无", "没有", "n", "no", "false", "×", "x", "0", "未参保", "未", "不是", "不需要", "不享受"}


@dataclass(frozen=True)
class Coded:
    """A value of a column: how often it stands there, the code it is taken for (None: nobody knows yet), and why.

    `why`: `same` it is the code or its name, `word` a usual word for it, `vote` identity numbers say so, `against` they
    say so and the table of codes says otherwise, `split` they do not agree, `guess` a code without any number to vote,
    `said` somebody has decided, "" unknown. `votes` counts by code.
    """

    value: str
    count: int
    code: str | None
    why: str
    votes: dict[str, int] = field(default_factory=dict)


def distinct_values(texts: np.ndarray) -> list[tuple[str, int]]:
    """The values of a column and how often each stands there, the commonest first."""
    codes, values = pd.factorize(texts)
    counted = np.bincount(codes, minlength=len(values))
    pairs = [(text, int(count)) for text, count in zip(values, counted, strict=True) if text]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


class Counted(NamedTuple):
    """A value of a column: how often it stands there, and how many identity numbers beside it are of which sex."""

    value: str
    count: int
    votes: dict[str, int]


def count_values(of: Field, texts: np.ndarray, sexes: np.ndarray | None) -> list[Counted]:
    """Every value of a coded column, the commonest first; of a column that holds no codes, one more than codes can be.

    `sexes`: what the identity numbers say, "" where none.
    """
    votes = _votes(texts, sexes) if of.code == "sex" and sexes is not None else {}
    return [Counted(value, count, votes.get(value, {})) for value, count in distinct_values(texts)[: MOST_VALUES + 1]]


def code_column(
    of: Field, counted: Sequence[Counted], choices: Mapping[str, str], said: Mapping[str, str]
) -> list[Coded]:
    """Every value of a coded column with what it likely is. `said`: what somebody decided of these values before."""
    guessed = of.code == "sex" and {value for value, _count, _votes in counted} <= {"0", "1", "2", "9", "3"}
    coded = []
    for value, count, votes in counted:
        if value in said and (said[value] in choices or said[value] == LEFT_OUT):
            coded.append(Coded(value, count, said[value], "said", votes))
        else:
            coded.append(_code(of, value, count, choices, votes, guessed=guessed))
    return coded


def _code(
    of: Field, value: str, count: int, choices: Mapping[str, str], votes: dict[str, int], *, guessed: bool
) -> Coded:
    named, why = _named(of, value, choices)
    if sum(votes.values()) >= _VOTES:
        winner = max(votes, key=lambda code: votes[code])
        if votes[winner] < _AGREE * sum(votes.values()):
            # a sheet that writes words may have wrong numbers; one that writes digits is not understood
            return Coded(value, count, named if why and not guessed else None, "split", votes)
        return Coded(value, count, winner, "vote" if named in (winner, None) else "against", votes)
    if guessed and value == "0" and named is not None:
        return Coded(value, count, None, "guess", votes)
    return Coded(value, count, named, "guess" if guessed and why else why, votes)


def _votes(texts: np.ndarray, sexes: np.ndarray) -> dict[str, dict[str, int]]:
    """By value, how many identity numbers beside it are of men (1) and of women (2)."""
    told = np.isin(sexes, ["1", "2"]) & (texts != "")
    found: dict[str, dict[str, int]] = {}
    pairs = pd.DataFrame({"value": texts[told], "sex": sexes[told]}).value_counts()
    for (value, sex), count in pairs.items():
        found.setdefault(value, {})[sex] = int(count)
    return found


def _named(of: Field, value: str, choices: Mapping[str, str]) -> tuple[str | None, str]:
    """The code that a value is by its name, and why; (None, "") for none."""
    plain = value.strip().lower()
    if of.kind == Field.Kind.YES_NO:
        code = "1" if plain in _YES else "0" if plain in _NO else None
        return code, "word" if code else ""
    if is_nothing(plain):
        return LEFT_OUT, "word"
    if value in choices:
        return value, "same"
    names = {name.lower(): code for code, name in choices.items()}
    names |= {_bare(name): code for name, code in list(names.items())}
    if plain in names or _bare(plain) in names:
        return names.get(plain, names.get(_bare(plain))), "same"
    if of.kind == Field.Kind.CHOICE:
        english = {word.lower(): code for code, word in of.options if word}
        if plain in english:
            return english[plain], "same"
    word = _words(of.code).get(plain)
    if word in choices:
        return word, "word"
    inside = {code for code, name in choices.items() if _holds(value, name)}
    return (next(iter(inside)), "word") if len(inside) == 1 else (None, "")


def _holds(value: str, name: str) -> bool:
    return (len(name) > 1 and name in value) or (len(value) > 1 and value in name)


def _bare(name: str) -> str:
    """Without leading zeros or a word that says what the list is of."""
    return name.lstrip("0") if name.isdigit() else name.removesuffix("人口").removesuffix("人员")


def _words(code: str) -> dict[str, str]:
    """Usual words for the codes of a field."""
    words = table_of_words("person_words", code)
    kept = dict(Resident.Population.choices) if code == "population" else {}
    return {word: str(kept.get(value, value)) for word, value in words.items()}


def unknown_values(coded: list[Coded]) -> list[Coded]:
    """Those that nobody has decided."""
    return [one for one in coded if one.code is None]


def apply_codes(texts: np.ndarray, codes: Mapping[str, str]) -> np.ndarray:
    """Each text as its code; None where none was decided (object array)."""
    which, values = pd.factorize(texts)
    made = np.array([codes.get(text) if text else LEFT_OUT for text in values] + [LEFT_OUT], dtype=object)
    return made[which]
