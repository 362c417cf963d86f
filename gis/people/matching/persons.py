"""Residents as records: how each field is compared, and what a sure link needs.

The shares are what is believed before data speak; `estimating` replaces them where there are enough. The shapes of a
sure link keep apart who is most alike:
- *two persons of one number*: an equal number with another name or birth is seen by somebody, never linked;
- *twins*: names of one character's difference need the number, as all else is equal between them; and not even the
  number is enough where somebody with the row's own name has the same birth (a twin's number in the other's row);
- *father and son of one name*: without a number the birth must agree, and the year alone needs the phone as well;
- *brothers and sisters with one phone*: the name must be the same, by sign or by sound;
  What nothing here can tell apart are twins without numbers whose names sound the same;
- different numbers are never linked, whatever else agrees.
"""

from django.utils.translation import gettext_noop as _

from gis.people.matching.births import Birth
from gis.people.matching.choices import Choice
from gis.people.matching.description import ABSENT, Description, Level, Pass
from gis.people.matching.dwellings import Dwelling
from gis.people.matching.names import Name
from gis.people.matching.numbers import Number, spelt_identity, spelt_phone

_IDENTITY = Number(
    (
        Level("same", _("相同"), 0.94, 1e-9, 1e-6, by="number", others=0.001, twice=2),
        Level("shown", _("可见部分相同"), 0.01, 1e-6, 1e-5),
        Level("slip", _("一位不同"), 0.03, 1e-6, 1e-5),
        Level("other", _("不同"), 0.02, 1.0, 1.0),
    ),
    spelt_identity,
    width=22,
)
_NAME = Name(
    (
        Level("same", _("相同"), 0.88, 3e-5, 2e-4, by="sign"),
        Level("sound", _("同音"), 0.04, 1e-4, 5e-4, by="sound"),
        Level("turned", _("字序不同"), 0.01, 1e-5, 5e-4, by="order"),
        Level("longer", _("多字或少字"), 0.02, 5e-4, 5e-3),
        Level("one sign", _("一字不同"), 0.03, 2e-3, 0.06),
        Level("surname", _("仅姓相同"), 0.01, 0.04, 0.4),
        Level("other", _("不同"), 0.01, 0.957, 0.533),
    )
)
_BIRTH = Birth(
    (
        Level("same", _("相同"), 0.93, 4e-5, 5e-3, by="day"),
        Level("turned", _("月日颠倒"), 0.01, 1e-5, 1e-4),
        Level("slip", _("一位不同"), 0.03, 2e-4, 1e-3),
        Level("year only", _("仅知年份且相同"), 0.01, 2e-4, 1e-3),
        Level("near", _("相差两月以内"), 0.01, 4e-3, 4e-3),
        Level("year", _("同年"), 0.005, 0.01, 0.03),
        Level("other", _("不同"), 0.005, 0.985, 0.96),
    )
)
_SEX = Choice(
    (Level("same", _("相同"), 0.99, 0.5, 0.45), Level("other", _("不同"), 0.01, 0.5, 0.55)), frozenset({"0", "9"})
)
_PHONE = Number(
    (
        Level("same", _("相同"), 0.75, 1e-6, 0.4, by="number", others=0.05),
        Level("shown", _("可见部分相同"), 0.01, 1e-6, 0.01),
        Level("slip", _("一位不同"), 0.03, 1e-6, 0.01),
        Level("other", _("不同"), 0.21, 1.0, 0.58),
    ),
    spelt_phone,
    width=16,
)
_ADDRESS = Dwelling(
    (
        Level("room", _("同一户"), 0.7, 1e-5, 0.85),
        Level("building", _("同一楼栋，未写房号"), 0.05, 5e-4, 0.03),
        Level("neighbour", _("同一楼栋，房号不同"), 0.05, 2e-3, 0.04),
        Level("compound", _("同一小区或街路"), 0.05, 0.01, 0.04),
        Level("elsewhere", _("别处"), 0.15, 0.98, 0.04),
    )
)
FIELDS = {"identity": _IDENTITY, "name": _NAME, "birth": _BIRTH, "sex": _SEX, "phone": _PHONE, "address": _ADDRESS}
#: Reviewers read the names of the fields beside the levels.
WORDS = {
    "identity": _("证件号码"), "name": _("姓名"), "birth": _("出生日期"),
    "sex": _("性别"), "phone": _("电话"), "address": _("住址"),
}  # fmt: skip

_PASSES = (
    Pass(("identity.number",), finer=("name.sound",)),
    Pass(("phone.number",), finer=("name.sound",)),
    Pass(("address.room",), finer=("name.sound",)),
    Pass(("birth.day", "name.initial"), finer=("name.sound",)),
    Pass(("name.sound", "birth.year"), finer=("sex.code", "birth.feast")),
    Pass(("name.sound", "birth.feast"), finer=("sex.code",)),
    Pass(("name.order", "birth.year"), finer=("birth.feast",)),
    Pass(("name.sound", "address.house"), finer=("sex.code",)),
    Pass(("name.sound", "identity.tail")),
    Pass(("name.sound", "phone.tail")),
)
#: A name and little more: enough to have somebody look, where few have it.
_LAST = (Pass(("name.sound",), finer=("sex.code", "name.sign")),)


def _shape(**fields: str) -> dict[str, frozenset[str]]:
    """`same|slip` allows two levels."""
    return {field: frozenset(keys.split("|")) for field, keys in fields.items()}


_HERE = f"same|{ABSENT}"
_SURE = (
    _shape(
        identity="same",
        name=f"same|sound|turned|longer|{ABSENT}",
        birth=f"same|turned|slip|year only|near|{ABSENT}",
    ),
    _shape(identity="same", name="one sign", birth=f"same|turned|slip|year only|near|{ABSENT}", sex=_HERE),
    _shape(
        identity="slip|shown",
        name="same|sound|turned|longer",
        birth=f"same|turned|slip|year only|{ABSENT}",
        sex=_HERE,
    ),
    _shape(identity=ABSENT, name="same|sound|turned", birth="same|turned|slip", sex=_HERE),
    _shape(identity=ABSENT, name="same", birth="year only", sex=_HERE, phone="same"),
)
_CLASH = (_shape(identity="same", name="surname|other"), _shape(identity="same", birth="year|other"))
_RIVALS = (
    (
        _shape(identity="same|slip|shown", name="sound|turned|longer|one sign"),
        _shape(name="same", birth="same|turned|slip"),
    ),
)

PERSONS = Description(FIELDS, _PASSES, _LAST, _SURE, _CLASH, _RIVALS, mates=("address.room", "phone.number"))
