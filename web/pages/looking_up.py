"""Searches for people by one request: kept within a pace where numbers could be tried out, and noted with what came."""

import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.incidents.residents.allowance import spend
from gis.people.reading import Act, note_reading
from gis.people.sealing import SealBroken, blind_index, open_seal, seal
from gis.people.searching import Searched, search_people
from gis.people.showing import Shown, told_fields
from gis.people.typed import Kind

#: Numbers and phones that one person looks up in an hour: many times a day's work, too few to try out a birth date's.
_MOST_NUMBERS = 60
_NUMBERS = (Kind.IDENTITY, Kind.PHONE)
#: Who pauses longer begins a search anew.
_PAUSE_S = 20


def look_up(request: HttpRequest, text: str) -> Searched:
    """Whom the text finds for this reader. Raises TooMany for who looks up number after number."""
    searched = search_people(text, request.access)
    if searched.kind in _NUMBERS and searched.allowed:
        spend("look-up", blind_index(f"look-up {request.user.pk}"), _MOST_NUMBERS, timedelta(hours=1))
    return searched


def note_search(request: HttpRequest, text: str, searched: Searched, people: Iterable[Shown]) -> None:
    """The search and who was shown; of what was typed only a keyed hash. What was not looked for leaves no row."""
    if searched.allowed and searched.kind not in (Kind.NOTHING, Kind.SHORT):
        note(request, Act.SEARCH, people, kind=searched.kind, asked=text)


def note_typing(request: HttpRequest, text: str, searched: Searched, people: Iterable[Shown]) -> None:
    """The search of a box that answers while somebody types: one search as long as the text grows or shrinks.

    It is noted with its first answer and when it becomes one of another kind (a surname, a name); a further answer adds
    a row for those only who were not shown yet. So nobody is shown without a row, and a name is not a row a letter.
    A number is a search of its own however it was typed.
    """
    shown, begun = list(people), request.session.get("typed")
    if begun is None or searched.kind in _NUMBERS or not _goes_on(begun, text):
        begun = {"people": [], "kinds": []}
    new = [person for person in shown if person.pk not in begun["people"]]
    if new or searched.kind not in begun["kinds"]:
        note_search(request, text, searched, new)
    request.session["typed"] = {
        "text": b64encode(seal(text)).decode(),
        "at": time.time(),
        "people": [*begun["people"], *(person.pk for person in new)],
        "kinds": sorted({*begun["kinds"], searched.kind}),
    }


def _goes_on(begun: dict, text: str) -> bool:
    """Whether a text is that of the search before, grown or shrunk by somebody who types."""
    if time.time() - begun["at"] > _PAUSE_S:
        return False
    try:
        before = open_seal(b64decode(begun["text"]))
    except SealBroken:
        return False
    return bool(before and text) and (text.startswith(before) or before.startswith(text))


def note(request: HttpRequest, act: Act, people: Iterable[Shown], fields: Iterable[str] = (), **told) -> None:
    """Note what this request shows of people: `fields`, or where none are named all that are not blank."""
    shown = list(people)
    pairs = [(person.pk, person.area) for person in shown]
    note_reading(act, request.user, request.access, pairs, fields=fields or told_fields(shown), **told)


def said_of(searched: Searched) -> str:
    """How a text was understood, or why nobody is found by it."""
    if not searched.allowed:
        return _REFUSED[searched.kind]()
    return _SAID[searched.kind]()


_SAID = {
    Kind.NOTHING: lambda: "",
    Kind.SHORT: lambda: _("为防止猜号，不能按号码的一部分查人。请输入完整的证件号或电话号码。"),
    Kind.SURNAME: lambda: _("按姓氏或名中的一个字查找。"),
    Kind.IDENTITY: lambda: _("按证件号查找。"),
    Kind.PHONE: lambda: _("按电话查找。"),
    Kind.NAME: lambda: _("按姓名查找，同音字和一字之差也列在后面。"),
    Kind.PINYIN: lambda: _("按拼音或首字母查找，相近的列在后面。"),
    Kind.ADDRESS: lambda: _("按地址查找现住的人。"),
}
_REFUSED = {
    Kind.IDENTITY: lambda: _("按您的角色，不能按证件号查找。"),
    Kind.PHONE: lambda: _("按您的角色，不能按电话查找。"),
    Kind.NAME: lambda: _("按您的角色，姓名只显示姓氏，因此也只能按姓氏查找（一个字）。"),
    Kind.PINYIN: lambda: _("按您的角色，姓名只显示姓氏，因此也只能按姓氏查找（一个字）。"),
    Kind.ADDRESS: lambda: _("按您的角色，不能按地址查找居民。"),
}
