"""Invented addresses for the search: three million over a city, in as many compounds and roads as such a city has.

Names are drawn from syllables of place names, so that many are nearly alike and some are the same in two communities,
as in life. Nothing here knows how the search works.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from django.db import connection

from gis.exchange.copying import copy_columns, reserve_ids
from gis.models import Area, Building, Compound, Dwelling
from tests.bench.city.bulk import in_bulk

#: Division codes that the standard leaves unassigned.
CITY, CITY_NAME = "9902", "瓢泉市"
_FIRST = (
    "建新永安福民长乐兴华金玉银翠碧锦绣明光荣朝阳春晓东升西苑南湖北辰清河紫云青松白鹭石榴桃源杏林梅兰竹溪"
    "龙凤鹤鸣泰和顺义丰盛康宁嘉瑞祥庆文昌武宁学府科创园丁工农"
)
_COMPOUND = [
    "小区",
    "花园",
    "北区",
    "南区",
    "东区",
    "西区",
    "家园",
    "嘉园",
    "苑",
    "公寓",
    "里",
    "新村",
    "一区",
    "二区",
    "雅居",
    "名邸",
    "佳苑",
    "大院",
]
_ROAD = ["路", "街", "大街", "东路", "西路", "南街", "北街", "巷", "胡同", "中路"]
_OLD = ["钢厂", "纺织厂", "机床厂", "粮库", "电机厂", "农机站", "化工厂", "供销社", "铁路局", "煤矿", "印染厂", "酒厂"]
_OLD_ENDS = ["宿舍", "家属院", "老院", "生活区"]


@dataclass(frozen=True)
class Town:
    """How many there are of everything; `seed` makes it again."""

    districts: int
    streets: int  # in each district, and so on
    communities: int
    compounds: int
    roads: int
    houses: int  # in each compound
    gates: int  # on each road
    seed: int = 4

    @property
    def all_communities(self) -> int:
        return self.districts * self.streets * self.communities


FULL = Town(12, 13, 12, 15, 8, 4, 5)
QUICK = Town(3, 4, 5, 15, 8, 4, 5)


def write(town: Town) -> dict[str, int]:
    """Write the town; how many buildings and doors it has."""
    random = np.random.default_rng(town.seed)
    with in_bulk(["grid_area", "grid_compound", "grid_building", "grid_dwelling"]):
        communities = _write_areas(town, random)
        compounds = _write_compounds(town, communities, random)
        houses = _write_houses(town, compounds, random)
        _write_fronts(town, communities, random)
        doors = _write_doors(houses, random)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"buildings": Building.objects.count(), "doors": doors}


def _words(random, ends: list[str], number: int, longest: int = 3) -> np.ndarray:
    letters = np.array(list(_FIRST))
    lengths = random.integers(2, longest + 1, number)
    stems = letters[random.integers(len(letters), size=(number, longest))]
    tails = np.array(ends)[random.integers(len(ends), size=number)]
    return np.array(["".join(stem[:length]) + end for stem, length, end in zip(stems, lengths, tails, strict=True)])


def _distinct(random, end: str, number: int) -> list[str]:
    return list(dict.fromkeys(_words(random, [end], 4 * number + 400).tolist()))[:number]


def _write_areas(town: Town, random) -> list[str]:
    rows = [("99", "province", "瓢泉省"), (CITY, "city", CITY_NAME)]
    districts = [f"{CITY}{number:02d}" for number in range(1, town.districts + 1)]
    streets = [f"{code}{number:03d}" for code in districts for number in range(1, town.streets + 1)]
    communities = [f"{code}{number:03d}" for code in streets for number in range(1, town.communities + 1)]
    for codes, level, end in (
        (districts, "district", "区"), (streets, "street", "街道"), (communities, "community", "社区"),
    ):  # fmt: skip
        rows += zip(codes, [level] * len(codes), _distinct(random, end, len(codes)), strict=True)
    copy_columns(Area, dict(zip(("code", "level", "name"), map(list, zip(*rows, strict=True)), strict=True)))
    return communities


def _write_compounds(town: Town, communities: list[str], random) -> dict[str, np.ndarray]:
    area = np.repeat(np.array(communities), town.compounds)
    name = _words(random, _COMPOUND, len(area))
    _, firsts = np.unique(np.char.add(area, name), return_index=True)
    area, name = area[firsts], name[firsts]
    old = random.random(len(area)) < 0.1
    aliases = [
        [str(word) + str(random.choice(_OLD)) + str(random.choice(_OLD_ENDS))] if has else []
        for has, word in zip(old, _words(random, [""], len(area), 2), strict=True)
    ]
    ids = reserve_ids(Compound, len(area))
    copy_columns(Compound, {"id": ids, "name": list(name), "area": list(area), "aliases": aliases})
    return {"id": ids, "area": area}


def _boxes(number: int, random) -> np.ndarray:
    at = random.uniform([115.5, 39.5], [117.3, 41.0], (number, 2))
    boxes = shapely.box(at[:, 0], at[:, 1], at[:, 0] + 0.0003, at[:, 1] + 0.0002)
    return shapely.multipolygons(boxes[:, None])


def _write_houses(town: Town, compounds: dict[str, np.ndarray], random) -> dict[str, np.ndarray]:
    number = np.tile(np.arange(1, town.houses + 1), len(compounds["id"]))
    number = number * random.integers(1, 5, len(number)) + random.integers(0, 2, len(number))
    area = np.repeat(compounds["area"], town.houses)
    compound = np.repeat(compounds["id"], town.houses)
    _, firsts = np.unique(compound * 1000 + number, return_index=True)
    area, compound, number = area[firsts], compound[firsts], number[firsts]
    ids = reserve_ids(Building, len(area))
    code = _codes(area, 1)
    _copy_buildings(ids, code, area, random, {"number": [f"{one}号楼" for one in number], "compound": compound})
    return {"id": ids, "area": area}


def _codes(area: np.ndarray, first: int) -> list[str]:
    order = np.concatenate([np.arange(count) for count in np.unique(area, return_counts=True)[1]])
    ranked = np.empty(len(area), int)
    ranked[np.argsort(area, kind="stable")] = order
    return [f"{code}{first + place:05d}" for code, place in zip(area, ranked, strict=True)]


def _copy_buildings(ids, code, area, random, rest: dict) -> None:
    copy_columns(Building, {"id": ids, "code": code, "area": list(area), "geometry": _boxes(len(ids), random), **rest})


def _write_fronts(town: Town, communities: list[str], random) -> None:
    """Roads run through several communities; each has some of the gates."""
    names = np.array(list(dict.fromkeys(_words(random, _ROAD, max(200, town.all_communities * 2)).tolist())))
    area = np.repeat(np.array(communities), town.roads)
    road = names[random.integers(len(names), size=len(area))]
    area, road = np.repeat(area, town.gates), np.repeat(road, town.gates)
    gate = random.integers(1, 300, len(area))
    # A gate stands once on a road of a street.
    keys = np.char.add(np.char.add(np.array([code[:9] for code in area]), road), gate.astype(str))
    _, firsts = np.unique(keys, return_index=True)
    area, road, gate = area[firsts], road[firsts], gate[firsts]
    code = _codes(area, 50_000)
    gates = {"road": list(road), "gate": [f"{one}号" for one in gate]}
    _copy_buildings(reserve_ids(Building, len(area)), code, area, random, gates)


def _write_doors(houses: dict[str, np.ndarray], random) -> int:
    units = random.integers(1, 5, len(houses["id"]))
    floors = random.choice([4, 5, 6, 6, 6, 7, 11], len(houses["id"]))
    written = 0
    for start in range(0, len(units), 5000):
        part = slice(start, start + 5000)
        written += _copy_doors(houses["id"][part], houses["area"][part], units[part], floors[part])
    return written


def _copy_doors(ids, area, units, floors) -> int:
    each = units * floors * 2
    row = np.repeat(np.arange(len(ids)), each)
    place = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    unit, rest = np.divmod(place, (floors * 2)[row])
    floor, side = np.divmod(rest, 2)
    room = (floor + 1) * 100 + side + 1
    columns = {"unit": (unit + 1).astype(str), "floor": floor + 1, "room": room.astype(str)}
    return copy_columns(Dwelling, {"building": ids[row], "area": list(area[row]), **columns})
