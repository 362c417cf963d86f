"""What an address is made of, and how the parts follow one another."""

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """The kinds of element, from the widest to the narrowest: most addresses name them in this order."""

    PROVINCE = 0  # 省
    CITY = 1  # 市
    COUNTY = 2  # 区县
    ZONE = 3  # 开发区, 工业园
    TOWN = 4  # 街道, 镇, 乡
    COMMUNITY = 5  # 社区, 居委会, 村委会
    VILLAGE = 6  # 自然村
    GROUP = 7  # 村民小组, 队
    ROAD = 8  # 街路巷
    GATE = 9  # 门牌 on a road
    COMPOUND = 10  # 小区
    YARD = 11  # 院
    NAME = 12  # 单位, 商铺, 大厦: what has a name of its own
    BUILDING = 13  # 楼栋
    UNIT = 14  # 单元
    FLOOR = 15  # 楼层
    ROOM = 16  # 室
    BESIDE = 17  # 对面, 东侧, 旁边: where it lies from what was named
    NOTE = 18  # in brackets, or said to whoever goes there


#: Code of the table `address_element` (DB11/T 2157); a finer one by the word it ends in. "" where the table has none.
_CODES = {
    Kind.PROVINCE: "11", Kind.CITY: "12", Kind.COUNTY: "13", Kind.TOWN: "20", Kind.COMMUNITY: "30", Kind.VILLAGE: "44",
    Kind.GROUP: "34", Kind.ROAD: "41", Kind.GATE: "50", Kind.COMPOUND: "42", Kind.YARD: "43", Kind.NAME: "50",
    Kind.BUILDING: "50", Kind.UNIT: "61", Kind.ROOM: "62",
}  # fmt: skip
_FINER = {
    "乡": "21", "镇": "22", "街道": "23", "办事处": "23", "社区": "31", "居委会": "32", "村委会": "33", "村": "33",
}  # fmt: skip


@dataclass(frozen=True)
class Element:
    """One part of an address. `start` and `end` count characters of the text as it was written.

    `sure` is the share of all readings of the text, weighed by how likely each is, that hold this very part.
    """

    kind: Kind
    text: str  # in one spelling
    start: int
    end: int
    sure: float

    @property
    def code(self) -> str:
        """Its code in the table `address_element`; "" for a floor, a zone, a hint."""
        if self.kind in (Kind.TOWN, Kind.COMMUNITY):
            return next((code for ending, code in _FINER.items() if self.text.endswith(ending)), _CODES[self.kind])
        return _CODES.get(self.kind, "")


@dataclass(frozen=True)
class Address:
    """An address taken apart. `left` is what no part explains; `sure` is the share of this reading among all."""

    elements: tuple[Element, ...]
    left: str
    sure: float

    def part(self, kind: Kind) -> str:
        """The text of the first part of a kind, "" where there is none."""
        return next((element.text for element in self.elements if element.kind == kind), "")
