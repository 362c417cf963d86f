"""How Chinese characters sound, as numbers: equal for what people confuse (zh and z, ng and n, l and n)."""

from functools import cache
from itertools import accumulate

import numpy as np
from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

#: Characters with a second reading in the names of places.
_SECOND = {
    "重": "chong", "长": "zhang", "行": "xing", "乐": "yue", "朝": "zhao", "厦": "sha", "都": "dou", "会": "kuai",
    "单": "shan", "车": "ju", "石": "dan", "曾": "zeng", "解": "xie", "六": "lu", "蚌": "bang", "大": "dai",
    "华": "hua", "和": "huo", "便": "pian", "藏": "zang", "传": "zhuan", "什": "shi", "盛": "cheng", "率": "lv",
}  # fmt: skip
_MANY = 0x3000, 0xA000
_LONGEST = 6


def code_of(syllable: str) -> int:
    """A syllable of pinyin without tone as a number; 0 for what is none. At most six letters are told apart."""
    plain = _confused(syllable)
    return sum((ord(letter) - 96) * 27**place for place, letter in enumerate(plain[:_LONGEST])) if plain else 0


def spelled(text: str) -> str:
    """The pinyin of the Chinese characters of a text, a blank between syllables: 建新北区12号 → jian xin bei qu hao."""
    return " ".join(_reading(letter) for letter in text if _MANY[0] <= ord(letter) < _MANY[1])


@cache
def _reading(letter: str) -> str:
    return lazy_pinyin(letter)[0].replace("ü", "v")


def _confused(syllable: str) -> str:
    plain = syllable.replace("ü", "v")
    if not (plain.isascii() and plain.isalpha()):
        return ""
    for initial in ("zh", "ch", "sh"):
        if plain.startswith(initial):
            plain = initial[0] + plain[2:]
    if plain.startswith("n"):
        plain = "l" + plain[1:]
    return plain.removesuffix("g") if plain.endswith("ng") else plain


def _initial(syllable: str) -> int:
    return ord(syllable[0]) if syllable[:1].isascii() and syllable[:1].isalpha() else 0


@cache
def _table(turn: int) -> tuple[np.ndarray, np.ndarray]:
    """Syllable and initial of every character of the basic plane's ideographs: the first reading or the second."""
    low, high = _MANY
    syllables, initials = np.zeros(high - low, np.int64), np.zeros(high - low, np.int64)
    for code in PINYIN_DICT if not turn else map(ord, _SECOND):
        if low <= code < high:
            reading = _SECOND[chr(code)] if turn else lazy_pinyin(chr(code))[0]
            syllables[code - low], initials[code - low] = code_of(reading), _initial(reading)
    return syllables, initials


def readings(points: np.ndarray, turn: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Syllable and initial of each code point, 0 where it has none. `turn` 1: second readings, where there are any.

    A letter or digit is its own initial.
    """
    low, high = _MANY
    syllables, initials = _table(turn)
    known = (points >= low) & (points < high)
    places = np.where(known, points - low, 0)
    own = np.where(known | (points > 127) | bool(turn), 0, points)
    return np.where(known, syllables[places], 0), np.where(known, initials[places], own)


@cache
def _spellings() -> frozenset[str]:
    """Every syllable of pinyin, as it is spelt without tone."""
    every = {lazy_pinyin(chr(code))[0] for code in PINYIN_DICT if 0x4E00 <= code < _MANY[1]}
    plain = {one.replace("ü", "v") for one in every if one.isascii() or "ü" in one}
    return frozenset(one for one in plain if len(one) > 1 or one in "aeo")


def syllables_of(letters: str) -> list[str]:
    """Pinyin without blanks in its syllables, the fewest that fit; empty where it is none: jianxin → jian, xin."""
    best: list[list[str] | None] = [[]]
    for end in accumulate([1] * len(letters)):
        options = [
            [*before, letters[start:end]]
            for start in range(max(0, end - _LONGEST), end)
            if (before := best[start]) is not None and letters[start:end] in _spellings()
        ]
        best.append(min(options, key=len, default=None))
    return best[-1] or []
