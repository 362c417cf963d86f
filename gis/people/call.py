"""What a worker says after a call at a door, read from what was sent: plain values, each checked, nothing stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.people.identity import clean_numbers
from gis.people.newcomer import read_phone
from gis.people.visit import Visit
from gis.places.verification import FOUND

_LIVES = re.compile(r"lives:([0-9]{1,18})")
_ANSWER = re.compile(r"(born|phone|number|relation):([0-9]{1,18})")
_NEED = re.compile(r"need:([0-9]{1,18}):([a-z0-9_]{1,40})")
_CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
_MOST_PEOPLE = 60
_OLDEST = date(1890, 1, 1)


@dataclass(frozen=True)
class Person:
    """One of those who were called on: answers by field, and by tag whether a need is there still."""

    resident: int
    answers: dict[str, str] = field(default_factory=dict)
    needs: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call at a door. `base` is what whoever filled the form in saw there, by the names of what was sent."""

    dwelling: int
    outcome: str
    way: str = Visit.Way.DOOR
    found: str = ""
    note: str = ""
    people: tuple[Person, ...] = ()
    state: str = ""
    base: dict[str, str | bool] = field(default_factory=dict)


def read_call(body: Any) -> Call:
    """The call that a form describes. Raises Refused, with the fields, for what cannot be one.

    Beside `dwelling`, `outcome`, `way`, `found`, `note` and `state` a form holds for each person `lives:ID` (true: was
    called on), `born:ID`, `phone:ID`, `relation:ID` and `need:ID:TAG` (true: is there still), all side by side, so that
    two versions of it can be compared name by name; and in `base`, by the same names, what stood there before.
    """
    if not isinstance(body, dict):
        raise _refused("outcome")
    outcome = _one_of(body.get("outcome"), Visit.Outcome.values, "outcome")
    base = body.get("base", {})
    if not isinstance(base, dict):
        raise _refused("base")
    call = Call(
        dwelling=_number(body.get("dwelling"), "dwelling"),
        outcome=outcome,
        way=_one_of(body.get("way", "door"), Visit.Way.values, "way"),
        found=_one_of(body.get("found", ""), ("", *Visit.Found.values), "found"),
        note=_note(body.get("note", "")),
        people=_people(body, base),
        state=_state(body),
        base=base,
    )
    if outcome != Visit.Outcome.MET and (
        call.state or call.found or any(one.answers or one.needs for one in call.people)
    ):
        raise Refused(_("没有见到本人，不能登记其情况。"), fix=_("请把结果改为“已见到”，或清空填写的内容。"))
    return call


def _people(body: dict, base: dict) -> tuple[Person, ...]:
    """Those who were called on, in the order of the form, each with the answers."""
    lives = {int(found[1]): value for name, value in body.items() if (found := _LIVES.fullmatch(name))}
    people = {resident: Person(resident) for resident, was_called_on in lives.items() if was_called_on is True}
    if not all(isinstance(value, bool) for value in lives.values()) or len(people) > _MOST_PEOPLE:
        raise _refused("lives")
    for name, value in body.items():
        if (found := _ANSWER.fullmatch(name)) and int(found[2]) in people:
            _take_answer(people[int(found[2])], found[1], value, name, base)
        elif (found := _NEED.fullmatch(name)) and int(found[1]) in people:
            people[int(found[1])].needs[found[2]] = _yes_or_no(value, name)
    return tuple(people.values())


def _take_answer(person: Person, field_name: str, value: Any, name: str, base: dict) -> None:
    if not isinstance(value, str):
        raise _refused(name)
    if value != base.get(name):  # as it stood before, which may be masked, it is no answer
        person.answers[field_name] = read_answer(field_name, value, name)


def _yes_or_no(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise _refused(name)
    return value


def _state(body: dict) -> str:
    state = body.get("state", "")
    if not isinstance(state, str):
        raise _refused("state")
    return _one_of(state, ("", *FOUND), "state")


def _born(text: str, name: str) -> str:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise _refused(name, _("请填写年-月-日。")) from None
    if born < _OLDEST:
        raise _refused(name, _("请核对年份。"))
    return born.isoformat()


def _phone(text: str, name: str) -> str:
    wrong: dict[str, str] = {}
    phone = read_phone(text, wrong, name)
    if wrong or not phone:
        raise _refused(name, _("请填写 11 位手机号，或带区号的座机号。"))
    return phone


def _relation(text: str, name: str) -> str:
    if not re.fullmatch(r"[0-9]{2}", text):
        raise _refused(name, _("请从列表中选择。"))
    return text


def read_answer(field_name: str, text: str, name: str) -> str:
    """An answer to `born`, `phone`, `number` or `relation` in its one spelling. Raises Refused by `name`."""
    return _READ[field_name](text.strip()[:40], name)


def _number_of(text: str, name: str) -> str:
    number = str(clean_numbers([text])[0])
    if not _CITIZEN.fullmatch(number):
        raise _refused(name, _("应为 17 位数字加 1 位数字或 X。"))
    return number


_READ: dict[str, Callable[[str, str], str]] = {
    "born": _born, "phone": _phone, "number": _number_of, "relation": _relation,
}  # fmt: skip


def _note(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 200:
        raise _refused("note", _("备注最多 200 字。"))
    return written(text)


def written(text: str) -> str:
    """Text as the database takes it: without NUL and halves of characters, which JSON may carry."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()


def _number(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise _refused(name)
    return value


def _one_of(value: Any, offered, name: str) -> str:
    if not isinstance(value, str) or value not in offered:
        raise _refused(name)
    return value


def _refused(name: str, what: str = "") -> Refused:
    return Refused(
        _("走访记录有一处无法保存。"), fix=_("请改正标出的内容后再保存。"), fields={name: what or _("请重新选择。")}
    )
