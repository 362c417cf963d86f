"""What was typed, as the index is asked for it: words to compare with names, and numbers with what they may be."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gis.places.address.spelling import spell
from gis.places.search.fitting import Tokens
from gis.places.search.sounds import code_of, readings, syllables_of

#: What stands behind a number → what the number may be, likeliest first.
_LABELS = {
    "号楼": "b", "栋": "b", "幢": "b", "座": "b", "#": "bg", "号院": "gb", "院": "gb", "弄": "g",
    "号": "gbr", "楼": "bf", "层": "f", "单元": "u", "门": "u", "室": "r", "户": "r", "房": "r",
}  # fmt: skip
_ANY = "bgufr"
_NUMBER = re.compile(
    r"第?(?P<number>(?:(?<![a-z])[a-z])?\d{1,5}(?:[a-z](?![a-z\d]))?|(?<![a-z])[a-z](?=座|栋|幢|号楼|单元))"
    r"(?P<label>号楼|栋|幢|座|#楼?|号院|院|弄|号|楼|层|单元|门|室|户|房)?"
)
_LONGEST = 120
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Number:
    """A number in a text: its value, what it may be (letters of `_ANY`) and where it stands with its label."""

    value: str
    may_be: str
    start: int
    end: int


@dataclass(frozen=True)
class Asked:
    """A query in one spelling."""

    text: str
    numbers: tuple[Number, ...]

    @classmethod
    def read(cls, typed: str) -> "Asked":
        text = spell(typed[:_LONGEST]).text
        numbers = []
        for match in _NUMBER.finditer(text):
            label = match["label"] or ""
            value = match["number"].lstrip("0") or match["number"]
            numbers.append(
                Number(value, _LABELS.get(label.rstrip("楼") if "#" in label else label, _ANY), *match.span())
            )
        return cls(text, tuple(numbers))

    @cached_property
    def variants(self) -> list[Tokens]:
        """The text as tokens: Latin letters as initials, and as syllables where they are pinyin."""
        plain = [(place, place + 1) for place, letter in enumerate(self.text) if letter.isalnum()]
        found = [_tokens(self.text, plain, ())]
        spelled = {match.span(): syllables_of(match[0]) for match in _LATIN.finditer(self.text)}
        if any(spelled.values()):
            found.append(_tokens(self.text, *_in_syllables(self.text, spelled)))
        return found

    @property
    def is_all_numbers(self) -> bool:
        return not self.words

    @cached_property
    def words(self) -> str:
        """What is left without the numbers."""
        kept = np.ones(len(self.text), bool)
        for number in self.numbers:
            kept[number.start : number.end] = False
        return "".join(letter for letter, keep in zip(self.text, kept, strict=True) if keep and letter.isalnum())


def _in_syllables(text: str, spelled: dict) -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
    spans, syllables, at = [], [], 0
    while at < len(text):
        run = next(((span, parts) for span, parts in spelled.items() if span[0] == at and parts), None)
        for part in run[1] if run else (text[at],):
            if run:
                syllables.append((len(spans), part))
            if part.isalnum():
                spans.append((at, at + len(part)))
            at += len(part)
    return spans, syllables


def _tokens(text: str, spans: list[tuple[int, int]], syllables) -> Tokens:
    points = np.array([ord(text[start]) for start, _ in spans], np.int64)
    sounds, initials = readings(points)
    initials = np.where((points >= 97) & (points <= 122), initials, 0)
    for at, syllable in syllables:
        points[at], initials[at], sounds[at] = 0, 0, code_of(syllable)
    bounds = np.array(spans, np.int64).reshape(-1, 2)
    return Tokens(points, sounds, initials, bounds[:, 0], bounds[:, 1])


@dataclass(frozen=True)
class Reading:
    """One way to understand the numbers: of building, gate, unit, floor and room; "" where it says none."""

    building: str = ""
    gate: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


#: The parts in the order people write them, for numbers that say nothing of themselves.
_ORDERS = ("b", "g", "br", "bur", "bu", "gr", "gbr", "gbur", "gur", "ur", "r", "gb", "bf", "bfr", "bufr")
_PARTS = {"b": "building", "g": "gate", "u": "unit", "f": "floor", "r": "room"}


def readings_of(numbers: tuple[Number, ...]) -> list[Reading]:
    """The ways to understand the numbers, each number being one part; the likeliest first."""
    found: list[tuple[int, Reading]] = []
    for order in _ORDERS:
        if len(order) != len(numbers):
            continue
        for reading in _assigned(numbers, order):
            if reading[1] not in [one for _, one in found]:
                found.append(reading)
    return [reading for _, reading in sorted(found, key=lambda one: one[0])]


def _assigned(numbers: tuple[Number, ...], order: str) -> list[tuple[int, Reading]]:
    """The numbers as the parts of one order: as written, and labelled ones wherever they stand."""
    said = [number for number in numbers if len(number.may_be) < len(_ANY)]
    free = [number for number in numbers if len(number.may_be) == len(_ANY)]
    results = [(0, Reading(), tuple(order))]
    for number in said:
        results = [
            (cost + rank, replace(reading, **{_PARTS[part]: number.value}), tuple(p for p in left if p != part))
            for cost, reading, left in results
            for rank, part in enumerate(number.may_be)
            if part in left
        ]
    return [
        (cost, replace(reading, **{_PARTS[part]: number.value for part, number in zip(left, free, strict=True)}))
        for cost, reading, left in results
    ]
