"""What a worker says after a call at a door, read from what was sent: plain values, each checked, nothing stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.people.visit import Visit

_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}|[2-9]\d{6,7}")
_OLDEST = date(1890, 1, 1)


@dataclass(frozen=True)
class Answer:
    """What was filled into a field: `was` is what the form showed, `now` the answer; `over`: whoever filled it in has
    seen that another one changed it meanwhile, and holds on to the answer."""

    was: str
    now: str
    over: bool = False


@dataclass(frozen=True)
class Person:
    """One of those who were called on: answers by field, and by tag whether a need is there still.

    `needs_over`: tags of needs that another one ended meanwhile and this caller, who has seen that, found there still.
    """

    resident: int
    answers: dict[str, Answer] = field(default_factory=dict)
    needs: dict[str, bool] = field(default_factory=dict)
    needs_over: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Call:
    """One call at a door."""

    dwelling: int
    outcome: str
    way: str = Visit.Way.DOOR
    found: str = ""
    note: str = ""
    people: tuple[Person, ...] = ()
    state: Answer | None = None


def read_call(body: Any) -> Call:
    """The call that a form describes. Raises Refused, with the fields, for what cannot be one."""
    if not isinstance(body, dict):
        raise _refused("outcome")
    outcome = _one_of(body.get("outcome"), Visit.Outcome.values, "outcome")
    people = tuple(_person(one) for one in _list(body.get("people"), "people"))
    if len({one.resident for one in people}) != len(people):
        raise _refused("people")
    state = body.get("state")
    call = Call(
        dwelling=_number(body.get("dwelling"), "dwelling"),
        outcome=outcome,
        way=_one_of(body.get("way", "door"), Visit.Way.values, "way"),
        found=_one_of(body.get("found", ""), ("", *Visit.Found.values), "found"),
        note=_note(body.get("note", "")),
        people=people,
        state=_answer(state, "state", _text) if state else None,
    )
    if outcome != Visit.Outcome.MET and (call.state or call.found or any(one.answers or one.needs for one in people)):
        raise Refused(_("没有见到本人，不能登记其情况。"), fix=_("请把结果改为“已见到”，或清空填写的内容。"))
    return call


def _person(one: Any) -> Person:
    if not isinstance(one, dict):
        raise _refused("people")
    answers, needs = one.get("answers") or {}, one.get("needs") or {}
    if not isinstance(answers, dict) or not isinstance(needs, dict) or not answers.keys() <= _READ.keys():
        raise _refused("people")
    if not all(isinstance(still, bool) for still in needs.values()):
        raise _refused("needs")
    return Person(
        _number(one.get("resident"), "people"),
        {name: _answer(given, name, _READ[name]) for name, given in answers.items()},
        dict(needs),
        frozenset(tag for tag in _list(one.get("needs_over"), "needs") if isinstance(tag, str)),
    )


def _answer(given: Any, name: str, read: Callable[[str], str]) -> Answer:
    if not isinstance(given, dict) or not all(isinstance(given.get(side), str) for side in ("was", "now")):
        raise _refused(name)
    return Answer(given["was"][:40], read(given["now"].strip()[:40]), given.get("over") is True)


def _born(text: str) -> str:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise _refused("born", _("请填写年-月-日。")) from None
    if born < _OLDEST:
        raise _refused("born", _("请核对年份。"))
    return born.isoformat()


def _phone(text: str) -> str:
    digits = re.sub(r"[\s()（）+-]+", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    digits = digits.removeprefix("86") if len(digits) == 13 else digits
    if not _PHONE.fullmatch(digits):
        raise _refused("phone", _("请填写 11 位手机号，或带区号的座机号。"))
    return digits


def _relation(text: str) -> str:
    if not re.fullmatch(r"\d{2}", text):
        raise _refused("relation", _("请从列表中选择。"))
    return text


def _text(text: str) -> str:
    return text


_READ: dict[str, Callable[[str], str]] = {"born": _born, "phone": _phone, "relation": _relation}


def _note(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 200:
        raise _refused("note", _("备注最多 200 字。"))
    return text.replace("\x00", "").strip()


def _number(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise _refused(name)
    return value


def _one_of(value: Any, offered, name: str) -> str:
    if not isinstance(value, str) or value not in offered:
        raise _refused(name)
    return value


def _list(value: Any, name: str) -> list:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > 60:
        raise _refused(name)
    return value


def _refused(name: str, what: str = "") -> Refused:
    return Refused(
        _("走访记录有一处无法保存。"), fix=_("请改正标出的内容后再保存。"), fields={name: what or _("请重新选择。")}
    )
