"""Still drawings: the place, what is in it, a point marked."""

import re

import pytest

from gis.accounts.scope import Scope
from gis.models import Area, Building, CellVersion, Incident
from layers.sketch import sketch_area, sketch_cell
from tests.web.pages.street import EAST, OTHER_STREET, STREET, A, build_street

pytestmark = pytest.mark.django_db
PATH = re.compile(r"^(M -?[\d.]+ -?[\d.]+ ?((l|L|Z|z|M|-?[\d.]+) ?)*)$")


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


def cell():
    return CellVersion.objects.get(code=A)


def test_it_draws_the_cell_and_its_buildings():
    sketch = sketch_cell(cell().pk, Scope.of([STREET]))
    assert len(sketch.shapes) == 2
    assert PATH.match(sketch.outline)
    assert all(PATH.match(shape.path) for shape in sketch.shapes)


def test_it_draws_roads_as_paths_cut_at_the_border():
    roads = sketch_cell(cell().pk, Scope.of([STREET])).roads
    assert len(roads) == 1
    assert all(PATH.match(road) for road in roads)


def test_it_marks_the_building():
    building = Building.objects.filter(area=A).first()
    shapes = sketch_cell(cell().pk, Scope.of([STREET]), building=building.pk).shapes
    assert [shape.code for shape in shapes if shape.marked] == [str(building.pk)]


def test_it_puts_the_mark_in_the_middle_of_the_cell():
    incident = Incident.objects.filter(area=A).first()
    sketch = sketch_cell(cell().pk, Scope.of([STREET]), point=incident.position)
    west, north, width, height = map(float, sketch.box.split())
    assert sketch.mark[0] == pytest.approx(west + width / 2, rel=0.01)
    assert sketch.mark[1] == pytest.approx(north + height / 2, rel=0.01)


def test_it_draws_the_communities_of_a_street_and_the_cells_of_a_community():
    street, east = Area.objects.get(code=STREET), Area.objects.get(code=EAST)
    assert [shape.title for shape in sketch_area(street.pk, STREET, Scope.of([STREET])).shapes] == ["东社区", "西社区"]
    assert len(sketch_area(east.pk, EAST, Scope.of([STREET])).shapes) == 2


def test_it_draws_nothing_of_what_is_out_of_scope():
    assert sketch_cell(cell().pk, Scope.of([OTHER_STREET])).shapes == ()


def test_it_draws_nothing_where_there_is_no_outline():
    area = Area.objects.get(code="990101")
    assert sketch_area(area.pk, area.code, Scope.of([area.code])) is None
