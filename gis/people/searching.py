"""Finding people by what somebody typed, as far as they may see it; the nearest first.

What may be found follows what may be seen. A whole name, in signs or sounds, finds only where names are shown whole; a
phone where phones are; a number where its last digits are, as nobody is shown more; a door where doors are. Where it
may not, the database is not even asked: neither the answer, nor its order, nor its time tells of the people there.
"""

from dataclasses import dataclass

from django.db import connection

from gis.accounts.scope import Access, Scope
from gis.people.finding import living
from gis.people.masking import shown_where
from gis.people.resident import Resident
from gis.people.sealing import blind_indexes
from gis.people.sounding import initials_of, sounds_of
from gis.people.typed import Kind, kind_of, number_of, phone_of
from gis.places.finding import find_places
from gis.places.search.sounds import spelled

#: People found at most: more is no answer to a question for one.
MOST = 100
#: Rows read by one index; of a name that half a city bears, the first that are found.
_OF_EACH = 120
#: Those that only resemble what was typed.
_MOST_NEAR = 20
_SKIPS = ("skip1", "skip2", "skip3", "skip4")
_PLACES = 5


@dataclass(frozen=True)
class Searched:
    """What a text was taken for, whom it found, and whether this reader may find people by such a text at all."""

    kind: Kind
    keys: tuple[int, ...] = ()
    allowed: bool = True


def search_people(text: str, access: Access) -> Searched:
    """The people in scope that a text finds. A surname alone is no search but a filter (`gis.people.finding`)."""
    kind = kind_of(text)
    if kind in (Kind.NOTHING, Kind.SURNAME, Kind.SHORT):
        return Searched(kind)
    scope = _where(kind, access)
    return Searched(kind, tuple(_FOUND[kind](text.strip(), scope, access)[:MOST]) if scope else (), bool(scope))


def _where(kind: Kind, access: Access) -> Scope:
    """Where the reader may find somebody by such a text."""
    if kind == Kind.IDENTITY:
        return shown_where(access, "identity", "full", "last4", "masked")
    if kind == Kind.PHONE:
        return shown_where(access, "phone", "full")
    if kind == Kind.ADDRESS:
        return shown_where(access, "room", "full", "building")
    return shown_where(access, "name", "full")


def _by_number(text: str, scope: Scope, access: Access) -> list[int]:
    return _keys(Resident.objects.inside(scope).filter(identity_index__in=blind_indexes(number_of(text))))


def _by_phone(text: str, scope: Scope, access: Access) -> list[int]:
    return _keys(Resident.objects.inside(scope).filter(phone_index__in=blind_indexes(phone_of(text))))


def _keys(rows) -> list[int]:
    return list(rows.order_by("area", "pk").values_list("pk", flat=True)[:MOST])


def _by_address(text: str, scope: Scope, access: Access) -> list[int]:
    """Who lives at the best of the places that fit: behind the door where one was named and may be told, else there."""
    place = next((one for one in find_places(text, scope, _PLACES) if one.kind == "building"), None)
    if place is None:
        return []
    stays = living().inside(scope).filter(dwelling__building=place.place.pk)
    if not shown_where(access, "room", "full").covers(place.place.area):  # in an order that tells nothing of the doors
        return list(stays.order_by("resident").values_list("resident", flat=True)[:MOST])
    if place.door:
        stays = stays.filter(dwelling=place.door)
    return list(stays.order_by("dwelling", "relation", "pk").values_list("resident", flat=True)[:MOST])


def _by_name(text: str, scope: Scope, access: Access) -> list[int]:
    sounds = sounds_of(text)
    found = _rows(_branches(sounds, initials_of(text)), scope)
    if all(len(area) >= 12 for area in scope.areas) and not text.isascii():
        found += _rows([("strpos(name, %s) > 0", [text])], scope)  # a part of a long name: a community is soon read
    return _nearest(text, sounds, found)


def _branches(sounds: str, initials: str) -> list[tuple[str, list]]:
    """Conditions that one index each answers: names that sound so, and those one sign from it."""
    if len(sounds) == 1:  # a surname in pinyin
        return [("sounds >= %s AND sounds < %s", [sounds, sounds + "\U0010ffff"])]
    near = [sounds[:at] + sounds[at + 1 :] for at in range(len(sounds))] if len(sounds) <= 5 else []
    branches = [("sounds = %s", [sounds]), ("sounds = ANY(%s)", [near])]
    for skip in _SKIPS:
        wanted = [sounds, *near] if len(sounds) <= 5 else []
        wanted += _halves(sounds) if skip in _SKIPS[:2] else []
        branches.append((f"{skip} = ANY(%s)", [wanted]))
    return branches + ([("initials = %s", [initials])] if initials else [])


def _halves(sounds: str) -> list[str]:
    """The halves that a long name one sign from this may have whole."""
    lengths = [length for length in (len(sounds) - 1, len(sounds), len(sounds) + 1) if length > 4]
    return [half for n in lengths for half in ("<" + sounds[: n // 2], ">" + sounds[len(sounds) - (n - n // 2) :])]


def _rows(branches: list[tuple[str, list]], scope: Scope) -> list[tuple[int, str, str, str]]:
    inside, bounds = scope.sql()
    asked = [(condition, given) for condition, given in branches if given != [[]]]
    each = f"(SELECT id, name, sounds, initials FROM grid_resident WHERE {{}} AND {inside} LIMIT {_OF_EACH})"
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(each.format(condition) for condition, _ in asked),
            [value for _, given in asked for value in (*given, *bounds)],
        )
        return cursor.fetchall()


def _nearest(text: str, sounds: str, rows: list[tuple[int, str, str, str]]) -> list[int]:
    ranked = {}
    for key, name, heard, initials in rows:
        level = closeness(text, sounds, name, heard, initials)
        if level is not None:
            ranked[key] = (level, name, key)
    ordered = sorted(ranked.values())
    sure = [key for level, _, key in ordered if level <= SURE]
    return sure + [key for level, _, key in ordered if level > SURE][:_MOST_NEAR]


#: Levels up to here are what was typed; beyond, what may have been meant.
SURE = 3


def closeness(text: str, sounds: str, name: str, heard: str, initials: str) -> int | None:
    """How near a name is to a text: 0 the same … 5 one sign apart; None for another name.

    `sounds` and `heard` are how the two sound, `initials` those of the name.
    """
    if text == name or (text.isascii() and _letters(text) == spelled(name).replace(" ", "")):
        return 0
    if text in name:
        return 1
    if sounds == heard:
        return 2 if one_apart(text, name) else 3
    if initials_of(text) and initials_of(text) == initials:
        return 3
    if len(sounds) == 1:
        return 3 if heard.startswith(sounds) else None
    if one_apart(sounds, heard):
        return 4 if not text.isascii() and one_apart(text, name) else 5
    return None


def _letters(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalpha())


def one_apart(one: str, other: str) -> bool:
    """Whether one sign more, less or otherwise, or two neighbours exchanged, turn one text into the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and len(a) > 1 and a[2:] == b[2:])


_FOUND = {
    Kind.IDENTITY: _by_number,
    Kind.PHONE: _by_phone,
    Kind.ADDRESS: _by_address,
    Kind.NAME: _by_name,
    Kind.PINYIN: _by_name,
}
