"""What is told of a life event, read and checked by itself; what the records say against it comes later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from gis.codes.loading import read_table
from gis.errors import Refused
from gis.people.life.event import LifeEvent
from gis.people.newcomer import one_of, one_spelling, read_day
from gis.people.resident import Resident

Kind = LifeEvent.Kind
#: What may be told. `came` is the other side of `moved`, and of a newcomer at a door.
TOLD = (
    Kind.MOVED, Kind.LEFT, Kind.DIED, Kind.BORN, Kind.SPLIT, Kind.JOINED, Kind.HEAD, Kind.TYPE, Kind.REGISTERED,
    Kind.NAMED,
)  # fmt: skip
#: People who go along in one act.
_MOST_ALONG = 30
#: Whether the registration 户籍 goes along or stays.
REGISTRATIONS = ("", "stays", "moves")


@dataclass(frozen=True)
class Happening:
    """One event as it was told. `to` is a building and a door: its key, or unit and room."""

    kind: str
    resident: int
    on: date
    along: tuple[int, ...] = ()
    building: int | None = None
    door: int | tuple[str, str] | None = None
    far: str = ""
    to_area: str = ""
    place: str = ""
    registration: str = ""
    relation: str = ""
    head: int | None = None
    into: int | None = None
    reason: str = ""
    population: str = ""
    name: str = ""
    sex: str = "0"
    number: str = ""
    another: bool = False
    note: str = ""
    instead_of: int | None = None
    facts: dict = field(default_factory=dict)


def read_happening(body: Mapping, today: date) -> Happening:
    """Read what a page or a phone sent, written on `today`. Raises Refused with every field that is wrong."""
    wrong: dict[str, str] = {}
    kind = one_of(body.get("kind") or "", TOLD, "kind", wrong)
    on = read_day(body.get("on"), today, "on", wrong)
    if on is None and "on" not in wrong:
        wrong["on"] = _("请填写日期。")
    told = {
        "resident": _key(body.get("resident"), "resident", wrong, needed=True),
        "along": _keys(body.get("along"), wrong),
        "head": _key(body.get("head"), "head", wrong),
        "into": _key(body.get("into"), "into", wrong),
        "instead_of": _key(_base(body).get("event"), "on", wrong),
        "registration": one_of(body.get("registration") or "", REGISTRATIONS, "registration", wrong),
        "relation": one_of(body.get("relation") or "", ("", *_codes("relation")), "relation", wrong),
        "reason": one_of(body.get("reason") or "", ("", *_codes("migrate_reason")), "reason", wrong),
        "note": _line(body.get("note"), 100, "note", wrong),
        "another": body.get("another") is True,
    }
    if kind in _READ:
        told |= _READ[kind](body, wrong)
    if wrong or on is None:
        raise refused(wrong)
    return Happening(kind=kind, on=on, **told)


def refused(wrong: Mapping[str, str]) -> Refused:
    """What was told cannot be: field → why."""
    return Refused(_("这项变动无法登记。"), fix=_("请改正标出的内容。"), fields=dict(wrong))


def _base(body: Mapping) -> Mapping:
    base = body.get("base")
    return base if isinstance(base, Mapping) else {}


def _to_a_door(body: Mapping, wrong: dict[str, str]) -> dict:
    to = body.get("to") if isinstance(body.get("to"), Mapping) else {}
    building, door = _key(to.get("building"), "to", wrong), to.get("door")
    if isinstance(door, list | tuple) and len(door) == 2 and all(isinstance(part, str) for part in door):
        return {"building": building, "door": (one_spelling(door[0])[:10], one_spelling(door[1])[:20])}
    return {"building": building, "door": _key(door, "to", wrong)}


def _move(body: Mapping, wrong: dict[str, str]) -> dict:
    told = _to_a_door(body, wrong)
    if told["building"] is None or told["door"] is None:
        wrong.setdefault("to", _("请选择搬到哪一户。"))
    return told


def _departure(body: Mapping, wrong: dict[str, str]) -> dict:
    far = one_of(body.get("far") or "", LifeEvent.Far.values, "far", wrong)
    area = one_spelling(body.get("to_area"))
    if far == LifeEvent.Far.AREA and not (area.isascii() and area.isdigit() and len(area) in (6, 9, 12)):
        wrong["to_area"] = _("请选择去往的街道或社区。")
    place = _line(body.get("place"), 40, "place", wrong)
    return {"far": far, "to_area": area if far == LifeEvent.Far.AREA else "", "place": place}


def _birth(body: Mapping, wrong: dict[str, str]) -> dict:
    sex = one_of(str(body.get("sex") or ""), ("1", "2"), "sex", wrong)
    return {
        "name": _line(body.get("name"), 60, "name", wrong),
        "sex": sex,
        "number": str(body.get("number") or "")[:40],
    }


def _retyping(body: Mapping, wrong: dict[str, str]) -> dict:
    return {"population": one_of(body.get("population") or "", Resident.Population.values, "population", wrong)}


def _renaming(body: Mapping, wrong: dict[str, str]) -> dict:
    name = _line(body.get("name"), 60, "name", wrong)
    if not name:
        wrong.setdefault("name", _("请填写姓名，最多 60 个字。"))
    return {"name": name}


def _registration(body: Mapping, wrong: dict[str, str]) -> dict:
    """To a door of one's own ground, or away."""
    return _departure(body, wrong) if body.get("far") else _move(body, wrong)


_READ = {
    Kind.MOVED: _move,
    Kind.LEFT: _departure,
    Kind.BORN: _birth,
    Kind.TYPE: _retyping,
    Kind.NAMED: _renaming,
    Kind.REGISTERED: _registration,
}


def _key(value: object, name: str, wrong: dict[str, str], *, needed: bool = False) -> int | None:
    if value in (None, "") and not needed:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return value
    wrong[name] = _("请从列表中选择。")
    return None


def _keys(values: object, wrong: dict[str, str]) -> tuple[int, ...]:
    if not values:
        return ()
    if not isinstance(values, list | tuple) or len(values) > _MOST_ALONG:
        wrong["along"] = _("请从列表中选择。")
        return ()
    found = [_key(value, "along", wrong, needed=True) for value in values]
    return tuple(dict.fromkeys(key for key in found if key is not None))


def _line(value: object, most: int, name: str, wrong: dict[str, str]) -> str:
    text = one_spelling(value)
    if len(text) > most:
        wrong[name] = _("内容超过 %(most)d 个字。") % {"most": most}
    return text


def _codes(table: str) -> set[str]:
    return {row["code"] for row in read_table(table)}
