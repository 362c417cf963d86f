"""Addresses of files in one spelling: compound or road, building, unit, room."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

_NUMBER = r"(?P<number>[A-Za-z]?\d{1,4}[A-Za-z]?)"
_INSIDE = (
    r"(?:(?P<unit>[A-Za-z]?\d{1,2})(?:单元|门))?(?:\d{1,2}[层楼])?(?:(?P<room>[A-Za-z]?\d{1,5}[A-Za-z]?)[室号户]?)?$"
)
_BUILDING = re.compile(rf"^(?P<head>.*?){_NUMBER}(?:号楼|#楼|栋|幢|座|#|楼){_INSIDE}")
_DASHED = re.compile(rf"^(?P<head>.*?){_NUMBER}-(?P<unit>\d{{1,2}})-(?P<room>\d{{2,5}})$")
_GATE = re.compile(rf"^(?P<head>.*?(?:路|街|巷|胡同|道|里))(?P<gate>\d+(?:-\d+)?号?)(?:院)?{_INSIDE}")
_ODD = re.compile(r"[\s—–－_]")
_TAIL = re.compile(r"(?:号楼|#楼|单元|栋|幢|座|门|室|号|户|#|楼)$")


@dataclass(frozen=True)
class Address:
    """The parts of an address, "" where it does not say."""

    compound: str = ""
    number: str = ""
    road: str = ""
    gate: str = ""
    unit: str = ""
    room: str = ""


def one_spelling(text: str) -> str:
    """Half-width, without blanks; every dash a hyphen."""
    if unicodedata.is_normalized("NFKC", text) and not _ODD.search(text):
        return text
    return re.sub(r"[—–－_]+", "-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))


def bare(text: str) -> str:
    """A number without what is written behind it and zeros before it: 03号楼 → 3, 2单元 → 2, 402室 → 402."""
    plain = _TAIL.sub("", one_spelling(text)).removeprefix("第").upper()
    return plain.lstrip("0") or plain


def split_room(unit: str, room: str) -> tuple[str, str]:
    """Unit and room of cells like 3-402 or 3单元402室."""
    plain = one_spelling(room)
    match = re.fullmatch(r"(?P<unit>[A-Za-z]?\d{1,2})(?:单元|门|-)(?P<room>[A-Za-z]?\d{1,5}[A-Za-z]?)[室号户]?", plain)
    if match:
        return bare(unit) or match["unit"].lstrip("0"), match["room"].upper()
    return bare(unit), bare(room)


def parse_address(text: str, compounds: Collection[str] = ()) -> Address:
    """Take a whole address apart: 顺义区胜利街道建新北区12号楼3单元402室 → 建新北区, 12, 3, 402.

    `compounds` are the names known; the longest one that ends the part before the number is taken, so that what
    stands above it in the address need not be understood.
    """
    plain = one_spelling(text)
    match = _BUILDING.match(plain) or _DASHED.match(plain)
    if match:
        return Address(
            _known_end(match["head"], compounds),
            bare(match["number"]),
            "",
            "",
            (match["unit"] or "").lstrip("0").upper(),
            (match["room"] or "").upper(),
        )
    match = _GATE.match(plain)
    if match:
        return Address(
            road=_road(match["head"]),
            gate=bare(match["gate"]),
            unit=(match["unit"] or "").lstrip("0").upper(),
            room=(match["room"] or "").upper(),
        )
    return Address()


def _known_end(head: str, compounds: Collection[str]) -> str:
    if head in compounds:
        return head
    return next((head[start:] for start in range(1, len(head)) if head[start:] in compounds), head)


def _road(head: str) -> str:
    """The road alone, without the districts and streets before it."""
    return re.split(r"[省市区县镇乡]|街道", head)[-1] or head


def floor_of(room: str) -> int | None:
    """The floor a room number names: 402 → 4, 1203 → 12; None where it names none."""
    digits = re.sub(r"\D", "", room)
    return int(digits[:-2]) if 3 <= len(digits) <= 4 else None
