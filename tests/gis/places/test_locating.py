"""What is at a point."""

import pytest

from gis.accounts.scope import Scope
from gis.errors import BadGeometry
from gis.places.locating import border_at, nearest_building, read_accuracy, read_point, what_is_at, workers_of
from tests.web.pages.street import EAST, OTHER_STREET, STREET, A, B, build_street

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


def border(latitude: str, longitude: str, accuracy: float = 0, scope: Scope = HERE):
    point = read_point(latitude, longitude)
    return border_at(point, what_is_at(point, scope).cell, scope, accuracy)


def test_it_says_how_far_the_border_is_in_ground_metres(street):
    # 0.0001 degrees of longitude at 40.105 degrees north are 8.5 m (111,320 m * cos 40.105 / 10,000).
    found = border("40.105", "116.6099")
    assert found.metres == pytest.approx(8.5, abs=0.1)
    assert [(cell.code, round(metres, 1)) for cell, metres in found.beside] == [(B, round(found.metres, 1))]


def test_it_names_no_other_cell_far_from_a_border_unless_the_position_is_vague(street):
    assert not border("40.105", "116.6095").near
    assert [cell.code for cell, _ in border("40.105", "116.6095", accuracy=60).beside] == [B]


def test_it_names_no_cell_beyond_the_scope(street):
    found = border("40.105", "116.6099", scope=Scope.of([A]))
    assert found.beside == []
    assert found.metres == pytest.approx(8.5, abs=0.1)


def test_on_a_shared_border_the_other_cell_is_no_metre_away(street):
    found = border("40.105", "116.61")
    assert found.metres == pytest.approx(0, abs=0.001)
    assert [(cell.code, metres) for cell, metres in found.beside] == [(B, 0)]


def test_it_names_who_is_posted_there_today_with_the_work_phone(street):
    here = what_is_at(read_point("40.1025", "116.6025"), HERE)
    assert [code for code, _name, _phone in workers_of([here.cell])] == [A]


@pytest.mark.parametrize("text", ["-1", "nan", "far"])
def test_it_refuses_what_is_no_accuracy(text):
    with pytest.raises(BadGeometry):
        read_accuracy(text)


def test_an_accuracy_beyond_all_use_counts_as_vague():
    assert (read_accuracy(None), read_accuracy("inf")) == (0, 200)
