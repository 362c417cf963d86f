"""What is at a point."""

import pytest

from gis.accounts.scope import Scope
from gis.errors import BadGeometry
from gis.places.locating import nearest_building, read_point, what_is_at
from tests.web.pages.street import EAST, OTHER_STREET, STREET, A, build_street

HERE = Scope.of([STREET])


@pytest.fixture
def street(db):
    build_street()


def test_it_names_cell_building_and_community(street):
    here = what_is_at(read_point("40.1025", "116.6025"), HERE)
    assert (here.cell.code, here.building.number, here.area.code) == (A, "1号楼", EAST)


def test_it_gives_a_shared_border_to_the_lower_code(street):
    assert what_is_at(read_point("40.105", "116.61"), HERE).cell.code == A


def test_it_names_nothing_out_of_scope(street):
    here = what_is_at(read_point("40.1025", "116.6025"), Scope.of([OTHER_STREET]))
    assert (here.cell, here.building, here.area) == (None, None, None)


def test_it_names_nothing_in_the_middle_of_the_sea(street):
    assert what_is_at(read_point("0", "0"), HERE).cell is None


def test_it_finds_the_nearest_building_and_how_far_it_is(street):
    # A thousandth of a degree of latitude is 111 m (standards, §9.1).
    building = nearest_building(read_point("40.104", "116.6025"), HERE)
    assert building.number == "1号楼"
    assert building.metres.m == pytest.approx(111, abs=1)


def test_it_finds_no_building_far_away(street):
    assert nearest_building(read_point("40.109", "116.6025"), HERE) is None


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("", ""), (None, None), ("abc", "1"), ("91", "0"), ("0", "181"), ("nan", "0")]
)
def test_it_refuses_what_is_no_position(latitude, longitude):
    with pytest.raises(BadGeometry):
        read_point(latitude, longitude)
