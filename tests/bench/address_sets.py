"""Annotated addresses: our own, and sets of others in their form and their words.

Two forms are read. Ours: a line an address, `text/kind` for each part. CoNLL: a line a character with its tag
(`B-road`, `I-road`, `E-road`, `S-road`, `O`), an empty line between addresses, as CCKS 2021 and NeuroNER have it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gis.places.address.elements import Kind


class Part(NamedTuple):
    start: int
    end: int
    kind: Kind


class Annotated(NamedTuple):
    text: str
    parts: frozenset[Part]


#: What other sets call our kinds; what is not here is compared with nothing.
WORDS = {
    "prov": Kind.PROVINCE,
    "district": Kind.COUNTY,
    "devzone": Kind.ZONE,
    "village_group": Kind.GROUP,
    "roadno": Kind.GATE,
    "poi": Kind.NAME,
    "subpoi": Kind.NAME,
    "houseno": Kind.BUILDING,
    "cellno": Kind.UNIT,
    "floorno": Kind.FLOOR,
    "roomno": Kind.ROOM,
    "assist": Kind.BESIDE,
    "intersection": Kind.BESIDE,
    "distance": Kind.BESIDE,
    "near": Kind.BESIDE,
    "detail": Kind.NOTE,
} | {kind.name.lower(): kind for kind in Kind}
#: Kinds that other sets do not tell apart.
ALIKE = {Kind.COMPOUND: Kind.NAME, Kind.YARD: Kind.NAME, Kind.VILLAGE: Kind.COMMUNITY}
_EDGE = " -－—,，、.。;；()（）"


def read_set(path: Path) -> list[Annotated]:
    """The addresses of a file, in either form."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    filled = [line for line in lines if line.strip() and not line.startswith("#")]
    conll = sum(bool(re.fullmatch(r"\S[ \t]+(?:[BIMES]-\S+|O)", line)) for line in filled[:200])
    return list(_conll(lines) if conll > len(filled[:200]) / 2 else map(_slashed, filled))


def _slashed(line: str) -> Annotated:
    text, parts = "", []
    for token in line.split(" "):
        written, _, word = token.partition("/") if not token.startswith("/") else ("/", "", ".")
        written = " " if written == "_" else written
        if word not in ("", "."):
            parts.append((len(text), len(text) + len(written), WORDS[word]))
        text += written
    return annotated(text, parts)


def _conll(lines: list[str]) -> Iterator[Annotated]:
    letters: list[tuple[str, str]] = []
    for line in [*lines, ""]:
        fields = line.rstrip("\n").split()
        if len(fields) >= 2:
            letters.append((fields[0], fields[-1]))
        elif letters:
            yield annotated("".join(letter for letter, _ in letters), _tagged(letters))
            letters = []


def _tagged(letters: list[tuple[str, str]]) -> Iterator[tuple[int, int, Kind]]:
    start, word, at = 0, "", 0
    for letter, tag in [*letters, ("", "O")]:
        begins, _, named = tag.partition("-")
        if begins in "BSO" or named != word:
            if word in WORDS:
                yield start, at, WORDS[word]
            start, word = at, named
        at += len(letter)


def annotated(text: str, parts) -> Annotated:
    """With the dashes and blanks at the edge of a part left out: whose they are is nobody's question."""
    return Annotated(text, frozenset(trimmed(text, Part(*part)) for part in parts))


def trimmed(text: str, part: Part) -> Part:
    start, end = part.start, part.end
    while start < end - 1 and text[start] in _EDGE:
        start += 1
    while end - 1 > start and text[end - 1] in _EDGE:
        end -= 1
    return Part(start, end, part.kind)
