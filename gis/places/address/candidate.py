from typing import NamedTuple

from gis.places.address.elements import Kind


class Candidate(NamedTuple):
    """A stretch of a text that may be a part of an address, with how much its shape speaks for it.

    The weight is a logarithm: one more is nearly three times as likely.
    """

    start: int
    end: int
    kind: Kind
    weight: float


def cuts_number(text: str, at: int) -> bool:
    """Whether a border at that place goes through a number: 12号 has no 2号 in it."""
    return 0 < at < len(text) and text[at].isdigit() and text[at - 1].isdigit()
