"""Addresses as people type them: eight kinds of noise over addresses that are there. The seed makes them again.

The noise is made from the parts of an address and from the dictionary of sounds alone, so it owes nothing to how the
search reads them.
"""

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

from django.contrib.gis.geos import Point
from django.db import connection
from pypinyin import lazy_pinyin

KINDS = ("dropped", "numerals", "typo", "homophone", "initials", "order", "alias", "bare")
_CHARACTERS = (
    "的了在有人这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还"
    "发成事只作当想看文无开手十用主行方又如前所本见经头面"
)


@dataclass(frozen=True)
class Address:
    """An address that is there: `building` and `door` are keys, `door` None for a house on a road."""

    building: int
    door: int | None
    areas: tuple[str, ...]  # names from the city down to the community
    name: str  # of compound or road
    number: str
    unit: str
    room: str
    alias: str
    x: float
    y: float

    @property
    def canonical(self) -> str:
        tail = f"{self.number}号楼{self.unit}单元{self.room}室" if self.door else f"{self.number}号"
        return "".join(self.areas) + self.name + tail


@dataclass(frozen=True)
class Query:
    kind: str
    text: str
    truth: Address
    near: Point | None = None  # where the map stands


_DOORS = """
SELECT b.id, d.id, left(b.area, 12), c.name, replace(b.number, '号楼', ''), d.unit, d.room,
  coalesce(c.aliases->>0, ''), ST_X(ST_Centroid(b.geometry)), ST_Y(ST_Centroid(b.geometry))
FROM grid_dwelling d JOIN grid_building b ON b.id = d.building_id JOIN grid_compound c ON c.id = b.compound_id
WHERE d.id = ANY(%s)
"""
_GATES = """
SELECT b.id, NULL, left(b.area, 12), b.road, replace(b.gate, '号', ''), '', '', '',
  ST_X(ST_Centroid(b.geometry)), ST_Y(ST_Centroid(b.geometry))
FROM grid_building b WHERE b.id = ANY(%s)
"""


def queries(number: int, seed: int) -> list[Query]:
    """`number` queries in equal parts of every kind."""
    chance = random.Random(seed)
    drawn = _drawn(3 * number, chance)
    common = _common_names()
    with_alias = [one for one in drawn if one.alias]
    made = []
    for place in range(number):
        kind = KINDS[place % len(KINDS)]
        pool = with_alias if kind == "alias" else [one for one in drawn if one.door or kind not in ("initials", "bare")]
        truth = pool[place % len(pool)]
        made.append(_query(kind, truth, common, chance))
    return made


def _query(kind: str, truth: Address, common: frozenset[str], chance: random.Random) -> Query:
    """A name that several compounds or roads bear is said with its community; so is what people would not say alone."""
    prefix = truth.areas[-1] if (truth.name in common and kind != "alias") else ""
    text = _NOISE[kind](truth, prefix, chance)
    near = Point(truth.x + chance.uniform(-0.004, 0.004), truth.y + chance.uniform(-0.004, 0.004), srid=4326)
    return Query(kind, text, truth, near if kind == "initials" else None)


def _drawn(number: int, chance: random.Random) -> list[Address]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM grid_dwelling")
        low, high = cursor.fetchone()
        cursor.execute(_DOORS, [[chance.randint(low, high) for _ in range(number)]])
        rows = cursor.fetchall()
        cursor.execute("SELECT min(id), max(id) FROM grid_building WHERE road <> ''")
        low, high = cursor.fetchone()
        cursor.execute(_GATES, [[chance.randint(low, high) for _ in range(number // 4)]])
        rows += cursor.fetchall()
        cursor.execute("SELECT code, name FROM grid_area")
        names = dict(cursor.fetchall())
    addresses = [
        Address(b, d, _areas(area, names), *rest) for b, d, area, *rest in sorted(rows, key=lambda row: row[0])
    ]
    chance.shuffle(addresses)
    return addresses


def _areas(code: str, names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names[code[:digits]] for digits in (4, 6, 9, 12))


def _common_names() -> frozenset[str]:
    """Names that more than one compound bears, or a road in more than one community: alone they say not which."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM grid_compound GROUP BY name HAVING count(*) > 1 UNION"
            " SELECT road FROM grid_building WHERE road <> '' GROUP BY road HAVING count(DISTINCT area) > 1"
        )
        return frozenset(name for (name,) in cursor.fetchall())


# ── the kinds ──


def _tail(truth: Address, building: str = "{}号楼", unit: str = "{}单元", room: str = "{}") -> str:
    if not truth.door:
        return f"{truth.number}号"
    return building.format(truth.number) + unit.format(truth.unit) + room.format(truth.room)


def _dropped(truth: Address, prefix: str, chance: random.Random) -> str:
    """Some of the areas, the 室 and the 号楼 left out."""
    kept = [area for area in truth.areas[:-1] if chance.random() < 0.4]
    tail = _tail(truth, chance.choice(["{}号楼", "{}楼", "{}号"]), room=chance.choice(["{}", "{}室"]))
    return "".join(kept) + (prefix or (truth.areas[-1] if chance.random() < 0.3 else "")) + truth.name + tail


def _numerals(truth: Address, prefix: str, chance: random.Random) -> str:
    say = chance.choice([in_chinese, full_width, str])
    building = chance.choice(["{}栋", "{}幢", "{}#", "{}座", "{}号楼"])
    if not truth.door:
        return prefix + truth.name + f"{say(truth.number)}号"
    tail = building.format(say(truth.number)) + f"{say(truth.unit)}单元" + chance.choice([str, full_width])(truth.room)
    return prefix + truth.name + tail


def _typo(truth: Address, prefix: str, chance: random.Random) -> str:
    """One character of the name wrong, missing, twice, or two in the wrong order."""
    name, at = truth.name, chance.randrange(len(truth.name))
    way = chance.choice(["wrong", "missing", "twice", "order"])
    if way == "missing" and len(name) < 4:
        way = "wrong"
    if way == "wrong":
        name = name[:at] + chance.choice(_CHARACTERS) + name[at + 1 :]
    elif way == "missing":
        name = name[:at] + name[at + 1 :]
    elif way == "twice":
        name = name[:at] + name[at] + name[at:]
    else:
        at = min(at, len(name) - 2)
        name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    # Who gets the name wrong is understood by what else they say.
    return (prefix or truth.areas[-1]) + name + _tail(truth)


@cache
def _sounding() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in range(0x4E00, 0x9FA6):
        letter = chr(code)
        try:
            letter.encode("gb2312")  # characters that an input method offers
        except UnicodeEncodeError:
            continue
        sound = lazy_pinyin(letter)[0]
        found[sound] = found.get(sound, "") + letter
    return found


def _homophone(truth: Address, prefix: str, chance: random.Random) -> str:
    """One or two characters of the name exchanged for others of the same sound."""
    letters = list(truth.name)
    for at in chance.sample(range(len(letters)), k=min(len(letters), chance.choice([1, 1, 2]))):
        same = _sounding().get(lazy_pinyin(letters[at])[0], letters[at])
        letters[at] = chance.choice(same)
    return prefix + "".join(letters) + _tail(truth)


def _initials(truth: Address, prefix: str, chance: random.Random) -> str:
    """Of the name, as one types them into a phone; the map stands near."""
    initials = "".join(sound[0] for sound in lazy_pinyin(truth.name))
    return f"{initials} {truth.number}" + chance.choice(
        [f"-{truth.unit}-{truth.room}", f" {truth.unit}单元{truth.room}"]
    )


def _order(truth: Address, prefix: str, chance: random.Random) -> str:
    parts = [prefix + truth.name, truth.areas[2]]
    parts += [f"{truth.number}号楼", f"{truth.unit}单元", f"{truth.room}室"] if truth.door else [f"{truth.number}号"]
    chance.shuffle(parts)
    return chance.choice(["", " ", "，"]).join(parts)


def _alias(truth: Address, prefix: str, chance: random.Random) -> str:
    return truth.alias + _tail(truth, chance.choice(["{}号楼", "{}栋", "{}#"]))


def _bare(truth: Address, prefix: str, chance: random.Random) -> str:
    """The numbers of a door and nothing that says which is which."""
    between = chance.choice(["-", " ", "－"])
    return prefix + truth.name + chance.choice(["", " "]) + between.join((truth.number, truth.unit, truth.room))


_NOISE = dict(
    zip(KINDS, (_dropped, _numerals, _typo, _homophone, _initials, _order, _alias, _bare), strict=True)
)  # fmt: skip


def in_chinese(text: str) -> str:
    """12 → 十二; numbers below 100."""
    number, digits = int(text), "零一二三四五六七八九"
    if number < 10 or number > 99:
        return "".join(digits[int(letter)] for letter in text)
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def shares(kinds: list[str], right: list[bool]) -> dict[str, float]:
    """Of every kind the share that is right."""
    every, good = Counter(kinds), Counter(kind for kind, fine in zip(kinds, right, strict=True) if fine)
    return {kind: good[kind] / every[kind] for kind in KINDS}
