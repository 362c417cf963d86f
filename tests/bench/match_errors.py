"""A sheet as a department brings it: the same people in other spellings, seven kinds of error, and people nobody knows.

1 a name by its sound, 2 another sign, 3 signs missing, more, in another order, traditional or without the dot; 4 births
turned about, with a slip, or the year alone; 5 numbers with a slip, covered, missing, or a relative's; 6 phones
changed, with a slip or missing; 7 addresses written otherwise, cut short or moved from. A sex is now and then miscoded.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pypinyin import lazy_pinyin

from tests.bench.match_people import populate

_SIMPLE = "张陈刘杨赵黄吴孙马罗郑谢韩冯许邓叶苏卢龙万钱顾贺华国建军兰凤丽静荣义宝兴学贵发远泽涛轩铭锐鹏飞鸣云东红庆强伟"
_OLD = "張陳劉楊趙黃吳孫馬羅鄭謝韓馮許鄧葉蘇盧龍萬錢顧賀華國建軍蘭鳳麗靜榮義寶興學貴發遠澤濤軒銘銳鵬飛鳴雲東紅慶強偉"
_TRADITIONAL = str.maketrans(_SIMPLE, _OLD)
_SIGNS = list(
    dict.fromkeys(
        _SIMPLE
        + "国建志德永文明福成海金玉春生广忠山林平伟子浩宇博晨俊家嘉天思秀英桂淑珍素梅雨欣怡涵梓诗语悦佳琪若可心婷雪妍"
    )
)


@dataclass(frozen=True)
class Rates:
    """How often what goes wrong; `times` multiplies every error."""

    known: float = 0.75  # of the sheet's rows
    no_identity: float = 0.12
    no_phone: float = 0.2
    no_birth: float = 0.05
    no_address: float = 0.1
    times: float = 1.0


@dataclass(frozen=True)
class Tried:
    """Both tables and, for each row of the sheet, the known row it is, -1 for none."""

    sheet: dict[str, np.ndarray]
    known: dict[str, np.ndarray]
    truth: np.ndarray


def make(size: int, seed: int, rates: Rates = Rates()) -> Tried:
    """`size` known people and a sheet of as many rows."""
    rng = np.random.default_rng(seed)
    people = populate(int(size * (2 - rates.known) * 1.02) + 50, seed)
    # Whole households are known or not, but every fifth person is on their own: a known man's brother may be unknown.
    luck = rng.random(people["household"].max() + 1)[people["household"]]
    luck = np.where(rng.random(len(people)) < 0.2, rng.random(len(people)), luck)
    order = np.argsort(luck, kind="stable")
    known, strangers = order[:size], order[size:]
    rng.shuffle(known)
    rows = np.concatenate([known[: int(size * rates.known)], strangers])[:size]
    place = np.full(len(people), -1)
    place[known] = np.arange(size)
    rows = rng.permutation(rows)
    return Tried(_sheet(people, rows, rates, rng), _register(people.iloc[known], rng), place[rows])


def _register(people: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What is known: mostly right, not always complete."""
    address = people["compound"] + people["house"] + "号楼" + people["unit"] + "单元" + people["room"] + "室"
    table = {name: people[name].to_numpy(dtype=object) for name in ("name", "sex", "identity", "phone")}
    table |= {"birth": _dates(people["born"]), "address": address.to_numpy(dtype=object)}
    for name, share in (("identity", 0.04), ("phone", 0.12), ("birth", 0.01), ("address", 0.02)):
        table[name] = np.where(rng.random(len(people)) < share, "", table[name])
    return table


def _dates(born: pd.Series) -> np.ndarray:
    return np.datetime_as_string(born.to_numpy(dtype="datetime64[D]")).astype(object)


def _sheet(people: pd.DataFrame, rows: np.ndarray, rates: Rates, rng: np.random.Generator) -> dict[str, np.ndarray]:
    one = people.iloc[rows]
    # Some clerks write worse than others: one row of twenty has four times the errors.
    worse = np.where(rng.random(len(rows)) < 0.05, 4.0, 0.85) * rates.times
    slip = Slip(rng, worse)
    sheet = {
        "identity": _identities(people, rows, rates, slip),
        "name": _names(one["name"].to_numpy(dtype=object), slip),
        "birth": _births(_dates(one["born"]), slip),
        "sex": slip.some(one["sex"].to_numpy(dtype=object), 0.005, lambda sex: "2" if sex == "1" else "1"),
        "phone": _phones(one["phone"].to_numpy(dtype=object), slip),
        "address": _addresses(one, people, slip),
    }
    lacks = {
        "identity": rates.no_identity,
        "phone": rates.no_phone,
        "birth": rates.no_birth,
        "address": rates.no_address,
    }
    return sheet | {name: np.where(rng.random(len(rows)) < share, "", sheet[name]) for name, share in lacks.items()}


class Slip:
    """Errors at given rates, by row."""

    def __init__(self, rng: np.random.Generator, worse: np.ndarray):
        self.rng, self.worse = rng, worse

    def hit(self, share: float) -> np.ndarray:
        return np.flatnonzero(self.rng.random(len(self.worse)) < share * self.worse)

    def some(self, values: np.ndarray, share: float, change) -> np.ndarray:
        values = values.copy()
        for at in self.hit(share):
            values[at] = change(values[at])
        return values

    def digit(self, text: str) -> str:
        places = [at for at, letter in enumerate(text) if letter.isdigit()]
        if not places:
            return text
        at = int(self.rng.choice(places))
        return text[:at] + str((int(text[at]) + int(self.rng.integers(1, 10))) % 10) + text[at + 1 :]

    def swap(self, text: str) -> str:
        at = int(self.rng.integers(0, max(len(text) - 1, 1)))
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


_ALIKE: dict[str, list[str]] = defaultdict(list)
for _sign in _SIGNS + list(
    "毅艺易怡仪宜佳嘉家加俊军君均伟威卫炜静靖敬婧晶京志智芝之红宏洪鸿虹丽莉利立力敏闽民明铭鸣名华花桦建健剑坚涛韬平萍苹"
):
    _ALIKE[lazy_pinyin(_sign)[0]].append(_sign)


def _names(names: np.ndarray, slip: Slip) -> np.ndarray:
    rng = slip.rng

    def by_sound(name: str) -> str:
        at = int(rng.integers(1, len(name))) if len(name) > 1 else 0
        same = [sign for sign in _ALIKE[lazy_pinyin(name[at])[0]] if sign != name[at]]
        return name[:at] + str(rng.choice(same)) + name[at + 1 :] if same else name

    def other(name: str) -> str:
        at = int(rng.integers(0, len(name)))
        return name[:at] + str(rng.choice(_SIGNS)) + name[at + 1 :]

    def length(name: str) -> str:
        at = int(rng.integers(1, len(name)))
        turn = rng.integers(0, 3)
        if turn == 0 and len(name) > 2:
            return name[:at] + name[at + 1 :]
        return slip.swap(name) if turn == 1 else name[:at] + str(rng.choice(_SIGNS)) + name[at:]

    names = slip.some(names, 0.02, by_sound)
    names = slip.some(names, 0.01, other)
    names = slip.some(names, 0.01, length)
    names = slip.some(names, 0.02, lambda name: name.translate(_TRADITIONAL))
    dotted = np.array(["·" in name for name in names])
    turn = rng.random(len(names))
    parts = [
        (turn < 0.3, lambda name: name.replace("·", "")),
        ((turn >= 0.3) & (turn < 0.5), lambda name: name.replace("·", "•")),
        ((turn >= 0.5) & (turn < 0.6), lambda name: name.split("·")[0]),
    ]
    for where, change in parts:
        names[dotted & where] = [change(name) for name in names[dotted & where]]
    return names


def _births(births: np.ndarray, slip: Slip) -> np.ndarray:
    births = slip.some(births, 0.012, lambda born: f"{born[:4]}-{born[8:]}-{born[5:7]}")
    births = slip.some(births, 0.015, slip.digit)
    births = slip.some(births, 0.015, lambda born: born[:4])
    births = slip.some(
        births,
        0.006,
        lambda born: (
            str(np.datetime64(born) - int(slip.rng.integers(18, 52))) if len(born) == 10 and _real(born) else born
        ),
    )
    return slip.some(births, 0.25, lambda born: born.replace("-", ""))


def _real(born: str) -> bool:
    try:
        return bool(np.datetime64(born))
    except ValueError:
        return False


def _identities(people: pd.DataFrame, rows: np.ndarray, rates: Rates, slip: Slip) -> np.ndarray:
    numbers = people["identity"].to_numpy(dtype=object)
    found = numbers[rows].copy()
    household = people["household"].to_numpy()
    for at in slip.hit(0.004):  # the number of the next in the household
        beside = min(rows[at] + 1, len(people) - 1)
        found[at] = numbers[beside] if household[beside] == household[rows[at]] else numbers[max(rows[at] - 1, 0)]
    found = slip.some(found, 0.012, slip.digit)
    found = slip.some(found, 0.006, slip.swap)
    return slip.some(found, 0.03, lambda number: number[:6] + "*" * 8 + number[14:])


def _phones(phones: np.ndarray, slip: Slip) -> np.ndarray:
    rng = slip.rng
    phones = slip.some(phones, 0.12, lambda _: f"129{rng.integers(10**8):08}")
    phones = slip.some(phones, 0.012, slip.digit)
    return slip.some(phones, 0.1, lambda phone: f"{phone[:3]} {phone[3:7]} {phone[7:]}")


def _addresses(one: pd.DataFrame, people: pd.DataFrame, slip: Slip) -> np.ndarray:
    columns = ["compound", "house", "unit", "room"]
    parts = one[columns].to_numpy(dtype=object).copy()
    moved = slip.hit(0.08)
    parts[moved] = people[columns].to_numpy(dtype=object)[slip.rng.integers(0, len(people), len(moved))]
    short, wrong = set(slip.hit(0.08).tolist()), set(slip.hit(0.015).tolist())
    return np.array([_written(*row, at in short, at in wrong, slip) for at, row in enumerate(parts)], dtype=object)


def _written(compound: str, house: str, unit: str, room: str, short: bool, wrong: bool, slip: Slip) -> str:
    room = slip.digit(room) if wrong else room
    above = ("", "顺义区", "北京市顺义区胜利街道", f"胜利街道{compound[:2]}社区")[int(slip.rng.integers(0, 4))]
    if short:
        return f"{above}{compound}{house}号楼"
    return above + (
        f"{compound}{house}号楼{unit}单元{room}室", f"{compound}{house}-{unit}-{room}",
        f"{compound}{house}栋{unit}单元{room}",
        f"{compound}{house}号楼{room}",
    )[int(slip.rng.integers(0, 4))]  # fmt: skip
