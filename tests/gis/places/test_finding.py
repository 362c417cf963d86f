"""Finding places by what people type."""

import pytest

from gis.accounts.scope import Scope
from gis.models import Area, Building, CellVersion, Compound, Way
from gis.places.finding import find_places
from tests.web.pages.street import EAST, OTHER_STREET, STREET, A, B, build_street

HERE = Scope.of([STREET])


@pytest.fixture
def street(db):
    build_street()


def first(typed: str, scope: Scope = HERE):
    found = find_places(typed, scope)
    return found[0].place if found else None


@pytest.mark.parametrize("suffix", ["号楼", "栋", "幢", "座", "#", "", "号楼2单元201", "-2-201"])
def test_it_finds_a_building_however_its_number_is_spelt(street, suffix):
    assert str(first(f"东园北区2{suffix}")) == "东园北区2号楼"


def test_it_finds_a_building_by_a_part_of_its_compound(street):
    assert str(first("东园2号楼")) == "东园北区2号楼"


def test_it_finds_a_building_by_road_and_gate(street):
    assert first("纸上大街3号") == Building.objects.get(area=B, gate="3号")


def test_it_finds_a_building_by_its_code(street):
    building = Building.objects.filter(area=A).first()
    assert first(building.code) == building


def test_it_finds_a_building_by_another_name_of_its_compound(street):
    Compound.objects.filter(area=EAST).update(aliases=["老钢厂宿舍"])
    assert str(first("老钢厂宿舍1栋")) == "东园北区1号楼"


def test_it_forgives_a_wrong_character_in_a_compounds_name(street):
    assert Compound.objects.get(area=EAST) in [one.place for one in find_places("东圆北区", HERE)]


def test_it_finds_areas_cells_and_compounds(street):
    assert first("西社区") == Area.objects.get(name="西社区")
    assert first(A) == CellVersion.objects.get(code=A)
    assert first("东园北区") == Compound.objects.get(area=EAST)


def test_it_finds_a_cell_by_its_community_and_number(street):
    assert CellVersion.objects.get(code=B) in [one.place for one in find_places("东社区2网格", HERE)]


def test_it_finds_a_road_once(street):
    Way.objects.create(kind="road", name="纸上大街", geometry="LINESTRING(116.6 40.106, 116.61 40.106)")
    found = [one for one in find_places("大街", HERE) if one.kind == "road"]
    assert [one.title for one in found] == ["纸上大街"]
    assert ((116.6, 40.106), (116.61, 40.106)) in found[0].place.lines


def test_it_puts_the_exact_name_first(street):
    Area.objects.create(code=STREET + "009", level="community", name="新西社区二区")
    assert first("西社区") == Area.objects.get(name="西社区")


@pytest.mark.parametrize("typed", ["隔壁", "隔壁社区", OTHER_STREET, "隔壁园北区1号楼", "隔壁园北区"])
def test_it_finds_nothing_of_another_street(street, typed):
    places = [one.place for one in find_places(typed, HERE)]
    assert all(getattr(place, "area", getattr(place, "code", STREET)).startswith(STREET) for place in places)


@pytest.mark.parametrize("typed", ["", "   ", "，", "%", "_", "'", "\\", "(", "💧", "楼" * 60])
def test_it_takes_anything(street, typed):
    assert all(one.title for one in find_places(typed, HERE))


def test_a_percent_sign_is_no_wildcard(street):
    assert find_places("%%", HERE) == []


def test_it_finds_nothing_in_no_scope(street):
    assert find_places("东园北区", Scope(())) == []


def test_it_lists_no_more_than_asked(street):
    assert len(find_places("号楼", HERE, 3)) <= 3
