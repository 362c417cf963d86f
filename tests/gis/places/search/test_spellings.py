"""Any address of the town is found first by its own text, however its numbers are spelt."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from gis.accounts.scope import Scope
from gis.models import Area, Building, Dwelling
from gis.places.finding import find
from tests.cast import STREET

pytestmark = pytest.mark.django_db
HERE = Scope.of([STREET])
_NUMERALS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """12 → 十二, 105 → 一百零五."""
    if number < 10:
        return _NUMERALS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")
    hundreds, rest = divmod(number, 100)
    return (
        _NUMERALS[hundreds]
        + "百"
        + ("零" if 0 < rest < 10 else "一" if 10 <= rest < 20 else "")
        + (in_chinese(rest) if rest else "")
    )


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isalnum() else letter for letter in text)


BUILDING_SPELLINGS = [
    "{n}号楼",
    "{n}栋",
    "{n}幢",
    "{n}#",
    "{c}号楼",
    "{c}栋",
    "第{n}栋",
    "{w}号楼",
    " {n} 号楼",
    "{n}號樓",
]
DOOR_SPELLINGS = ["{u}单元{r}", "{u}单元{r}室", "{cu}单元{r}", "-{u}-{r}", "{u}門{r}", " {u}单元 {r}"]


@pytest.fixture(scope="module")
def numbered(django_db_setup, django_db_blocker) -> list[tuple]:
    """The numbered buildings of the street whose compound and number are theirs alone."""
    with django_db_blocker.unblock():
        return _numbered()


@cache
def _numbered() -> list[tuple]:
    rows = Building.objects.inside(HERE).filter(compound__isnull=False, number__endswith="号楼")
    found = [(row.pk, row.compound.name, int(row.number[:-2])) for row in rows.select_related("compound")]
    names = [(name, number) for _, name, number in found]
    return [one for one in found if names.count(one[1:]) == 1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_spelling_of_a_number_finds_the_building(db, numbered, data):
    pk, name, number = data.draw(st.sampled_from(numbered))
    spelling = data.draw(st.sampled_from(BUILDING_SPELLINGS))
    typed = name + spelling.format(n=number, c=in_chinese(number), w=full_width(str(number)))
    before = data.draw(st.sampled_from(["", "北京市顺义区胜利街道", "胜利街道", "顺义区"]))
    assert find(before + typed, HERE).found[0].place.pk == pk


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_spelling_of_a_door_finds_the_door(db, numbered, data):
    pk, name, number = data.draw(st.sampled_from(numbered))
    door = data.draw(st.sampled_from(list(Dwelling.objects.filter(building=pk).exclude(unit="")) or [None]))
    if door is None:
        return
    spelling = data.draw(st.sampled_from(DOOR_SPELLINGS))
    building = f"{name}{number}" + ("" if spelling.startswith("-") else data.draw(st.sampled_from(["号楼", "栋", "#"])))
    typed = building + spelling.format(u=door.unit, r=door.room, cu=in_chinese(int(door.unit)))
    assert find(typed, HERE).found[0].door == door, typed


def test_the_order_of_the_parts_does_not_matter():
    door = Dwelling.objects.inside(HERE).filter(unit="2", building__compound__isnull=False).first()
    name, number = door.building.compound.name, door.building.number
    for typed in (
        f"{door.room}室 2单元 {number} {name}",
        f"{number}2单元{door.room}室，{name}",
        f"{name} {door.room} 2单元{number}",
    ):
        found = find(typed, HERE).found[0]
        assert (found.door, found.left) == (door, ""), typed


@pytest.fixture
def building(numbered) -> Building:
    return Building.objects.select_related("compound").get(pk=numbered[0][0])


def sounds_like(name: str) -> str:
    """The name with its first character exchanged for another of the same sound."""
    sound = lazy_pinyin(name[0])[0]
    return (
        next(chr(code) for code in range(0x4E00, 0x9FA0) if lazy_pinyin(chr(code))[0] == sound and chr(code) != name[0])
        + name[1:]
    )


def test_initials_and_pinyin_find_a_compound(building):
    name, number = building.compound.name, building.number[:-2]
    initials = "".join(part[0] for part in lazy_pinyin(name))
    for typed in (f"{initials} {number}", f"{''.join(lazy_pinyin(name))}{number}", f"{sounds_like(name)}{number}栋"):
        assert find(typed, HERE).found[0].place == building, typed


def test_an_old_name_of_a_road_a_community_and_a_building_is_found():
    from gis.models import PlaceAlias

    shop = Building.objects.inside(HERE).exclude(road="").exclude(gate="").first()
    community = Area.objects.inside(HERE).filter(level="community").first()
    PlaceAlias.objects.bulk_create(
        [
            PlaceAlias(kind="road", name=shop.road, alias="瓢泉旧街", area=STREET),
            PlaceAlias(kind="area", alias="瓢泉大队", area=community.code),
            PlaceAlias(kind="building", building=shop, alias="瓢泉供销社", area=shop.area),
        ]
    )
    by_road = find(f"瓢泉旧街{shop.gate}", HERE).found[0]
    assert by_road.place.road == shop.road
    assert (by_road.place.gate, by_road.alias) == (shop.gate, "瓢泉旧街")
    assert find("瓢泉大队", HERE).found[0].place == community
    assert find("瓢泉供销社", HERE).found[0].place == shop


def test_it_says_what_there_is_instead(building):
    answer = find(f"{building.compound.name}999号楼", HERE)
    assert (answer.missing.of, answer.missing.asked) == (building.compound.name, "999")
    assert answer.missing.nearest
    door = Dwelling.objects.inside(HERE).filter(unit="2", building__compound__isnull=False).first()
    label = door.building.label
    assert find(f"{label}2单元9999", HERE).missing.rooms
    assert "2" in find(f"{label}99单元101", HERE).missing.units
    assert find(f"{label}2单元{door.room}", HERE).missing is None


def test_it_says_what_was_typed_in_vain(building):
    found = find(f"{building.label}瓢泉", HERE).found[0]
    assert (found.title, found.left) == (building.label, "瓢泉")
    assert "".join(found.title[start:end] for start, end in found.spans) == building.label
