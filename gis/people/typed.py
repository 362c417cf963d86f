"""What somebody typed to find a person: a number, a phone, a name, its pinyin or initials, or where they live."""

import re
import unicodedata
from enum import StrEnum

from gis.people.identity import clean_number, complete_number
from gis.people.sounding import initials_of, sounds_of


class Kind(StrEnum):
    NOTHING = ""
    IDENTITY = "identity"
    PHONE = "phone"
    SURNAME = "surname"
    NAME = "name"
    PINYIN = "pinyin"
    ADDRESS = "address"
    SHORT = "short"  # too few digits of a number to find by


#: A citizen's number old or new, or the document of somebody from elsewhere: letters and digits.
_IDENTITY = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}|(?=.*[A-Z])(?=(?:.*[0-9]){5})[A-Z0-9]{6,22}")
_PHONE = re.compile(r"(?:\+?86)?(1[0-9]{10})|(0[0-9]{9,11})|([2-9][0-9]{6,7})")
_PLACE = re.compile(
    r"[0-9一二三四五六七八九十]+(?:号|栋|幢|座|楼|单元|室|门|院|弄|巷)|小区|社区|公寓|[路街巷苑园]$|[^0-9a-z]+[0-9]"
)
_CHAIN = re.compile(r"[0-9]+(?:[-—/][0-9]+)+")


def kind_of(text: str) -> Kind:
    """Which of these a text is. What could be two things is taken for the one that finds fewer people."""
    plain = unicodedata.normalize("NFKC", text).strip()
    number = clean_number(plain)
    if not number:
        return Kind.NOTHING
    if _PHONE.fullmatch(phone_of(plain)):
        return Kind.PHONE
    if _IDENTITY.fullmatch(number):
        return Kind.IDENTITY
    if _CHAIN.fullmatch(plain) or _PLACE.search(plain.lower()):
        return Kind.ADDRESS
    if number.isdigit():
        return Kind.SHORT
    if plain.isascii():
        return Kind.PINYIN if sounds_of(plain) != plain.lower() or initials_of(plain) else Kind.NAME
    return Kind.SURNAME if len(plain) == 1 else Kind.NAME


def number_of(text: str) -> str:
    """A document's number as it is indexed: capitals, no blanks, 15 digits completed."""
    return complete_number(clean_number(text))


def phone_of(text: str) -> str:
    """The digits of a phone as they are indexed, without the country's code."""
    plain = re.sub(r"[\s()（）.-]+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^\+?86(?=1[0-9]{10}$)", "", plain)
