"""FEBRL 4 as records for the matching: Australian addresses, 5,000 people twice, the second time with errors."""

from gis.people.matching.births import Birth
from gis.people.matching.description import Comparison, Description, Level, Pass
from gis.people.matching.numbers import Number
from gis.people.matching.words import Words


def _words(strangers: float) -> Words:
    shares = (("same", 0.75, strangers), ("close", 0.1, strangers), ("alike", 0.05, strangers), ("other", 0.1, 1.0))
    return Words(tuple(Level(key, key, same, by, by, "whole" if key == "same" else "") for key, same, by in shares))


def _number(width: int, strangers: float) -> Number:
    shares = (("same", 0.85, strangers), ("shown", 0.01, 1e-4), ("slip", 0.08, strangers), ("other", 0.06, 1.0))
    levels = tuple(Level(key, key, same, by, by, "number" if key == "same" else "") for key, same, by in shares)
    return Number(levels, lambda texts: texts.str.strip(), width)


def _birth() -> Birth:
    shares = (
        ("same", 0.9, 1e-4), ("turned", 0.01, 1e-5), ("slip", 0.04, 1e-3), ("year only", 0.01, 1e-4),
        ("near", 0.01, 1e-3), ("year", 0.01, 0.01), ("other", 0.02, 1.0),
    )  # fmt: skip
    return Birth(tuple(Level(key, key, same, by, by, "day" if key == "same" else "") for key, same, by in shares))


_FIELDS: dict[str, Comparison] = {
    "given_name": _words(0.005),
    "surname": _words(0.002),
    "street_number": _number(6, 0.02),
    "address_1": _words(0.001),
    "address_2": _words(0.001),
    "suburb": _words(0.002),
    "postcode": _number(4, 0.002),
    "state": _words(0.2),
    "date_of_birth": _birth(),
    "soc_sec_id": _number(7, 1e-6),
}
FEBRL = Description(
    _FIELDS,
    (
        Pass(("soc_sec_id.number",)),
        Pass(("date_of_birth.day",)),
        Pass(("given_name.whole", "surname.whole")),
        Pass(("given_name.start", "postcode.number")),
        Pass(("surname.start", "suburb.start")),
        Pass(("address_1.whole",)),
    ),
)
