"""The building and the door of each row of a file of residents."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis.areas.area import Area
from gis.areas.cell import CellVersion
from gis.exchange.addresses import bare, one_spelling, parse_address, split_room
from gis.exchange.columns import take_text
from gis.exchange.reading import Table
from gis.exchange.refusals import Report
from gis.places.building import Compound

_FIX = gettext_lazy("请先导入楼栋，或改正地址。")


@dataclass
class Homes:
    """Where each row's person lives, one entry a row."""

    buildings: np.ndarray  # int64: primary key, 0 = known only by community
    areas: np.ndarray  # object: scope of the building, or the community
    units: np.ndarray
    rooms: np.ndarray  # "" = no door known


def find_homes(table: Table, mapping: dict[str, str], report: Report) -> Homes:
    """Match addresses to buildings: by code, by compound and number, by road and gate. Unknown ones are refused."""
    parts = read_addresses(table, mapping)
    communities = take_text(table.frame, mapping, "community_code")
    keys = _keys(parts, communities)
    named = named_buildings(parts, communities)
    count = len(table.frame)
    homes = Homes(np.zeros(count, dtype=np.int64), np.full(count, "", dtype=object), parts["unit"], parts["room"])
    several = np.zeros(count, dtype=bool)
    for row, candidates in enumerate(named):
        several[row] = len(candidates) > 1
        if len(candidates) == 1:
            homes.buildings[row], homes.areas[row] = candidates[0]
    report.refuse(several, "compound", _("有好几个社区都有这样的楼栋"), _("请补上楼栋或社区的代码。"))
    _place_in_community(homes, communities, keys, report)
    return homes


def named_buildings(parts: dict[str, np.ndarray], communities: np.ndarray) -> list[list[tuple[int, str]]]:
    """By row, the buildings that it may mean: primary key and area."""
    found = _buildings(parts)
    return [
        [(b, area) for b, area in found.get(key, ()) if area.startswith(community[:12])] if key else []
        for key, community in zip(_keys(parts, communities), communities, strict=True)
    ]


def read_addresses(table: Table, mapping: dict[str, str]) -> dict[str, np.ndarray]:
    """Compound, number, road, gate, unit and room of each row in one spelling, from columns or a whole address."""
    names = ("building_code", "compound", "number", "road", "gate", "unit", "room", "address")
    texts = {name: take_text(table.frame, mapping, name) for name in names}
    known = set(Compound.objects.values_list("name", flat=True)) if "address" in mapping else set()
    parsed = {text: parse_address(text, known) for text in pd.unique(texts["address"])}
    rows = [parsed[text] for text in texts["address"]]
    doors = list(zip(texts["unit"], texts["room"], strict=True))
    known_doors = {door: split_room(*door) for door in set(doors)}
    split = [known_doors[door] for door in doors]

    def either(given: list[str], name: str) -> np.ndarray:
        return np.array([own or getattr(row, name) for own, row in zip(given, rows, strict=True)], dtype=object)

    return {
        "building_code": texts["building_code"],
        "compound": either(_each(one_spelling, texts["compound"]), "compound"),
        "number": either(_each(bare, texts["number"]), "number"),
        "road": either(_each(one_spelling, texts["road"]), "road"),
        "gate": either(_each(bare, texts["gate"]), "gate"),
        "unit": either([unit[:10] for unit, _ in split], "unit"),
        "room": either([room[:20] for _, room in split], "room"),
    }


def _each(change: Callable[[str], str], texts: np.ndarray) -> list[str]:
    """A change of texts that repeat, made once for each different one."""
    changed = {text: change(text) for text in pd.unique(texts)}
    return [changed[text] for text in texts]


def _keys(parts: dict[str, np.ndarray], communities: np.ndarray) -> list[tuple | None]:
    """What each row says of its building: the most certain thing it says."""
    keys: list[tuple | None] = []
    for code, compound, number, road, gate in zip(
        *(parts[name] for name in ("building_code", "compound", "number", "road", "gate")), strict=True
    ):
        if code:
            keys.append(("code", code, ""))
        elif compound and number:
            keys.append(("compound", compound, number))
        else:
            keys.append(("road", road, gate) if road and gate else None)
    return keys


_BY_CODE = "SELECT b.code, '', b.id, b.area FROM grid_building b WHERE b.code = ANY(%s)"
_BY_COMPOUND = """
SELECT n.name, b.number, b.id, b.area FROM grid_compound c
CROSS JOIN LATERAL (SELECT c.name UNION SELECT jsonb_array_elements_text(
  CASE jsonb_typeof(c.aliases) WHEN 'array' THEN c.aliases ELSE '[]' END)) AS n(name)
JOIN grid_building b ON b.compound_id = c.id WHERE n.name = ANY(%s)
"""
_BY_ROAD = "SELECT b.road, b.gate, b.id, b.area FROM grid_building b WHERE b.road = ANY(%s)"


def _buildings(parts: dict[str, np.ndarray]) -> dict[tuple, set[tuple[int, str]]]:
    """Key → the buildings it may mean, as (primary key, area)."""
    found: dict[tuple, set[tuple[int, str]]] = {}
    for kind, sql, names in (
        ("code", _BY_CODE, parts["building_code"]),
        ("compound", _BY_COMPOUND, parts["compound"]),
        ("road", _BY_ROAD, parts["road"]),
    ):
        wanted = [name for name in pd.unique(names) if name]
        if not wanted:
            continue
        with connection.cursor() as cursor:
            cursor.execute(sql, [wanted])
            for name, number, key, area in cursor.fetchall():
                found.setdefault((kind, name, bare(number)), set()).add((key, area))
    return found


def _place_in_community(homes: Homes, communities: np.ndarray, keys: list[tuple | None], report: Report) -> None:
    """Rows without a known building: into the community or cell they name, else refused."""
    lost = homes.buildings == 0
    named = np.array([key is not None for key in keys])
    exists = _existing(communities[lost])
    inside = lost & np.array([code in exists for code in communities])
    report.note(inside & named, "compound", _("没有这栋楼，此人只记到社区"), str(_FIX))
    homes.areas[inside] = communities[inside]
    homes.rooms = np.where(inside, "", homes.rooms)
    report.refuse(
        lost & ~inside & (communities != "") & ~named,
        "community_code",
        _("没有这个社区或网格"),
        _("请先导入辖区，或改正代码。"),
    )
    report.refuse(lost & ~inside & named, "compound", _("没有这个地址的楼栋"), str(_FIX))
    report.refuse(lost & ~inside, "compound", _("缺少地址或无法识别"), _("请按小区、楼号、单元、室填写。"))
    report.note(
        (homes.buildings > 0) & (homes.rooms == ""),
        "room",
        _("没有写明房间，此人只记到楼栋所在的辖区"),
    )


def _existing(codes: np.ndarray) -> set[str]:
    wanted = {code for code in codes if len(code) in (12, 15)}
    areas = Area.objects.filter(code__in=wanted, level="community").values_list("code", flat=True)
    cells = CellVersion.objects.filter(code__in=wanted).values_list("code", flat=True)
    return {*areas, *cells}
