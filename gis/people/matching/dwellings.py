"""Addresses down to the room, quickly: what `gis.places.address` reads with care takes milliseconds an address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis.people.matching.columns import NONE, Column, distinct, numbered_text
from gis.people.matching.description import Level
from gis.places.address.spelling import spelt

_INSIDE = (
    r"(?:[第]?(?P<unit>[a-z]?\d{1,2}|[东西南北中]|[a-z](?=座))(?:单元|门|座)-?)?(?:\d{1,2}[层楼]-?)?"
    r"(?:(?P<room>[a-z]?\d{1,5}[a-z]?)[室号户房]?)?$"
)
_HOUSE = re.compile(rf"^(?P<head>.+?)[第-]?(?P<house>[a-z]?\d{{1,4}}[a-z]?)(?:号楼|#楼|号院|栋|幢|座|#|楼)-?{_INSIDE}")
_DASHED = re.compile(
    r"^(?P<head>.+?)(?P<house>[a-z]?\d{1,4})-(?:(?P<unit>[a-z]?\d{1,2})-)?(?P<room>[a-z]?\d{2,5})[室号户]?$"
)
_GATE = re.compile(rf"^(?P<head>.+?)(?P<house>\d{{1,5}}(?:-\d{{1,3}})?)号(?:院)?{_INSIDE}")
#: What stands above the street or compound, taken away where something is left.
_ABOVE = re.compile(
    r"^(?:.{2,6}(?:省|自治区))?(?:.{2,4}?市)?(?:.{1,4}?[区县](?=.*(?:街道|地区|[镇乡])))?(?:.{1,5}?(?:街道|地区|[镇乡]))?"
    r"(?:办事处)?(?:.{1,8}?(?:社区居委会|社区|居委会|村委会))?(?=.{2})"
)
_COUNTY = re.compile(r"^.{2,3}[区县](?=.{2,})")
_PLAIN = re.compile(r"[\s,，。;；、.]+")
_NUMERAL = re.compile(
    r"[零〇一二三四五六七八九十百壹贰叁两][号栋幢座单层楼室门-]|第[一二三四五六七八九十]|[號樓單層棟區園門東]"
)
_ROOM, _HOUSE_ALONE, _NEIGHBOUR, _COMPOUND, _ELSEWHERE = range(1, 6)


@dataclass(frozen=True)
class Dwelling:
    """Same room; same building, room not given; same building, another room; same compound or street; elsewhere."""

    levels: tuple[Level, Level, Level, Level, Level]

    def read(self, values: Sequence | np.ndarray) -> Column:
        which, texts = distinct(values, lambda raw: raw.map(_spelt).astype(object))
        parts = pd.DataFrame([split(text) for text in texts], columns=["head", "house", "unit", "room"], dtype=object)
        head, house, unit, room = (numbered_text(parts[name]) for name in parts)
        below = _within(head, house)
        return Column(
            which,
            {"head": head, "house": np.where((head != NONE) & (house != NONE), below, NONE),
             "room": np.where(room != NONE, _within(below, room), NONE)},
            {"unit": unit},
        )  # fmt: skip

    def compare(self, column: Column, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        facets, unit = column.facets, column.parts["unit"]
        same = {name: (codes[one] == codes[other]) & (codes[one] != NONE) for name, codes in facets.items()}
        no_room = (facets["room"][one] == NONE) | (facets["room"][other] == NONE)
        same_unit = (unit[one] == unit[other]) | (unit[one] == NONE) | (unit[other] == NONE)
        no_house = (facets["house"][one] == NONE) | (facets["house"][other] == NONE)
        levels = np.select(
            [
                (same["room"] & same_unit) | ((one == other) & ~same["house"]),
                same["house"] & no_room | same["head"] & no_house,
                same["house"],
                same["head"],
            ],
            [_ROOM, _HOUSE_ALONE, _NEIGHBOUR, _COMPOUND],
            _ELSEWHERE,
        )
        return levels.astype(np.uint8)


def split(text: str) -> tuple[str, str, str, str]:
    """Compound or street, house, unit and room of an address in one spelling, "" for what it does not say."""
    found = _HOUSE.match(text) or _DASHED.match(text) or _GATE.match(text)
    if not found:
        return _ABOVE.sub("", text) or text, "", "", ""
    head, house, unit, room = (found[name] or "" for name in ("head", "house", "unit", "room"))
    return _below(head), house.lstrip("0"), unit.lstrip("0"), room.lstrip("0")


def _below(head: str) -> str:
    return _COUNTY.sub("", _ABOVE.sub("", head)) or head


def _spelt(text: str) -> str:
    """One spelling; the careful one of `spelt` where there are numerals or traditional characters to read."""
    if not text.isascii() and _NUMERAL.search(text):
        text = spelt(text)
    plain = _PLAIN.sub("", text).translate(_WIDE).lower()
    return plain if len(plain) > 1 else ""


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord(dash): "-" for dash in "—–－―‐‑‒﹣~～_"}


def _within(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """A number for each pair of numbers, -1 among them, equal for equal pairs."""
    return pd.factorize((above + 1) * (below.max(initial=NONE) + 2) + below)[0].astype(np.int64)
