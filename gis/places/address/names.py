"""Parts of an address that are names: known regions, words names end in, and what is left when neither helps.

A name is known by the word it ends in (`endings.csv`), and every length of name before that word is a candidate;
which of them fit together is for `reading` to find out.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gis import codes
from gis.places.address.candidate import Candidate, cuts_number
from gis.places.address.elements import Kind


class Ending(NamedTuple):
    """What a word at the end of a name speaks for: `shortest` to `longest` characters before it, most often `usual`."""

    kind: Kind
    weight: float
    shortest: int
    usual: int
    longest: int


#: Before 区, these make it something else than a county.
_NO_COUNTY = re.compile(
    r"(?:[小社园校厂景库地新辖\da-z一二三四五六七八九十东南西北中]|开发|生活|家属|住宅|工业|商业|安置|高新|保税|示范|度假|管理)$"
)
#: Before 市, these make it no city.
_NO_CITY = re.compile(r"[超门菜夜集楼股城花鱼]$")
_LETTERS = re.compile(r"[\w·&]")
#: What a name hardly begins with: the end of what stands before it, or a side of it.
_HARDLY = re.compile(
    r"[与及路街镇乡村县省口号处的]|区(?!委)|市(?![南北中民政场])|和(?![平谐顺田睦静政布龙兴美家])|内(?!蒙)|[东南西北][门侧边面]"
)
_CHINESE = re.compile(r"[一-鿿]*")
_CHINESE_ONLY = (Kind.PROVINCE, Kind.CITY, Kind.COUNTY, Kind.TOWN)
_DIRECTIONS = frozenset("东南西北中前后")
#: Inside a name these speak for a border that was missed.
_BORDER = re.compile(
    r"省|市(?!场|政|民|南|北|中)|县|区(?!块)|镇|乡|街道|社区|村(?!委)|路(?!桥)|街|巷|\d号|号楼|栋|单元|室|小区|号"
)


_OF_DIVISION = re.compile(r"(?:区|县|街道|地区|镇|乡|办事处|经济开发区)$")


def _regions() -> dict[str, Kind]:
    """Provinces and cities of China, and the counties and towns of the code table, without 省, 市, 区 …"""
    here, tables = Path(__file__).parent, Path(codes.__path__[0]) / "tables"
    found = {name: Kind[row["kind"].upper()] for row in _rows(here / "regions.csv") for name in row["names"].split()}
    for row in _rows(tables / "division.csv"):
        kind = {6: Kind.COUNTY, 9: Kind.TOWN}.get(len(row["code"]))
        name = _OF_DIVISION.sub("", row["name"])
        if kind is not None and len(name) >= 2:
            found.setdefault(name, kind)
    return found


def _endings() -> dict[str, list[Ending]]:
    """By the word, what a name that ends in it may be."""
    found: dict[str, list[Ending]] = {}
    for row in _rows(Path(__file__).parent / "endings.csv"):
        numbers = (int(row[name]) for name in ("shortest", "usual", "longest"))
        ending = Ending(Kind[row["kind"].upper()], float(row["weight"]), *numbers)
        for word in row["words"].split():
            found.setdefault(word, []).append(ending)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


_REGION_ENDS = {Kind.PROVINCE: "省市", Kind.CITY: "市州", Kind.COUNTY: "区县", Kind.TOWN: "镇乡"}
_REGIONS = _regions()
_LONGEST_REGION = max(map(len, _REGIONS))
_BEFORE_NUMBER = re.compile(r"[a-z\d]|[一二三四五六七八九十东西南北][区期]")
_RUNS = re.compile(r"[一-鿿]{2,}")
_BY_WORD = _endings()
_LONGEST_WORD = max(map(len, _BY_WORD))


def regional(text: str) -> Iterator[Candidate]:
    """Provinces and cities by name, their 省 and 市 left out; 北京市 is a province as well as a city."""
    for start in range(len(text)):
        for end in range(start + 2, min(start + _LONGEST_REGION, len(text)) + 1):
            kind = _REGIONS.get(text[start:end])
            if kind is None:
                continue
            head = 1.5 if start == 0 or text[start - 1] in " ,省" else 0.0 if start < 4 else -3.0
            yield Candidate(start, end, kind, (-0.3 if kind is Kind.TOWN else 1.3) + head)
            if text[end : end + 1] and text[end] in _REGION_ENDS[kind]:
                yield Candidate(start, end + 1, kind, 4.6 + head)


def named(text: str) -> Iterator[Candidate]:
    for at in range(len(text)):
        for length in range(1, min(_LONGEST_WORD, len(text) - at) + 1):
            for ending in _BY_WORD.get(text[at : at + length], ()):
                yield from _names_before(text, at, at + length, ending)


def _names_before(text: str, at: int, end: int, ending: Ending) -> Iterator[Candidate]:
    """Names of every length allowed before the word at `at`."""
    for start in range(at - ending.shortest, max(at - ending.longest, 0) - 1, -1):
        if start < 0 or (start < at and not _LETTERS.match(text[start])):
            return
        name = text[start:at]
        if not _is_name(name, text[at:end], ending.kind) or cuts_number(text, start):
            continue
        yield Candidate(start, end, ending.kind, ending.weight + _shape(name, text[at:end], ending))


def _is_name(name: str, word: str, kind: Kind) -> bool:
    """Whether a name of that kind may be so."""
    if kind in _CHINESE_ONLY and not _CHINESE.fullmatch(name):
        return False
    if word == "区" and kind is Kind.COUNTY:
        return len(name) == 2 or not _NO_COUNTY.search(name)
    return word != "市" or not _NO_CITY.search(name)


def _shape(name: str, word: str, ending: Ending) -> float:
    """What a name of that length and make speaks for: names have two or three characters, and no borders inside."""
    far = abs(len(name) - ending.usual)
    slope = 0.15 if ending.kind is Kind.NAME else 0.35
    borders = len(_BORDER.findall(name[:-1] if word[:2] in ("街道", "社区", "小区") else name)) + bool(
        _HARDLY.match(name)
    )
    digits = any(letter.isdigit() for letter in name)
    price = 1.6 * borders + (0.8 if digits else 0) + _odd(name, word)
    return -slope * far - price


def _odd(name: str, word: str) -> float:
    if word == "区" and _NO_COUNTY.search(name):
        return 0.5
    return 0.0 if len(name) != 1 else 1.8 if name in _DIRECTIONS else 0.3


def unknown(text: str) -> Iterator[Candidate]:
    """Names that end in nothing we know: better than leaving them over, and before a number likely a compound."""
    for match in _RUNS.finditer(text):
        for start in range(match.start(), match.end() - 1):
            for end in range(start + 2, min(start + 7, match.end() + 1)):
                odd = 0.4 * abs(end - start - 3) + 1.6 * len(_BORDER.findall(text[start:end]))
                kind = Kind.COMPOUND if _BEFORE_NUMBER.match(text, end) else Kind.NAME
                yield Candidate(start, end, kind, -2.2 - odd)


def known_names(text: str, known: Mapping[str, Kind]) -> Iterator[Candidate]:
    for name, kind in known.items():
        start = text.find(name)
        while start >= 0:
            yield Candidate(start, start + len(name), kind, 2.5 + len(name))
            start = text.find(name, start + 1)
