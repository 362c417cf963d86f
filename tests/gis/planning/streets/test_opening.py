"""A plan of the streets of a district is opened: a tile for each cell, a compound for each community."""

import numpy as np
import pytest
import shapely

from gis.errors import NotAllowed, Refused
from gis.models import Area, Plan
from gis.planning.keeping import drawing_of
from gis.planning.streets.opening import open_streets
from tests.gis.planning.publishing.paper import post, rect
from tests.gis.planning.streets.paper import DISTRICT, OTHER, STREET, open_here


def test_a_tile_is_a_cell_or_a_community_without_any(plan):
    drawing = drawing_of(plan)
    assert len(drawing) == 6
    assert sorted(drawing.compound.tolist()) == [1, 1, 2, 2, 3, 4]
    assert {one.code: one.name for one in drawing.cells.values()} == {STREET: "胜利街道", OTHER: "光明街道"}
    assert set(drawing.community.tolist()) == {DISTRICT}
    assert shapely.coverage_is_valid(drawing.shapes)


def test_every_building_stands_on_the_tile_it_lies_in(plan):
    drawing = drawing_of(plan)
    assert (drawing.home >= 0).all()
    load = drawing.load({"households": 1.0})
    by_street = np.bincount(drawing.cell, load)
    assert by_street.tolist() == [0, 20, 13]


def test_what_a_street_holds_beside_its_communities_is_in_the_plan(district):
    wide = shapely.union(rect(0, 0, 20, 10), rect(0, 10, 20, 12))
    Area.objects.filter(code=STREET).update(geometry=shapely.to_wkt(shapely.MultiPolygon([wide])))
    drawing = drawing_of(open_here(district.user))
    beside = drawing.compound == 0
    assert beside.sum() == 1
    assert drawing.cells[int(drawing.cell[beside][0])].code == STREET


@pytest.mark.parametrize("area", [STREET, STREET + "006", "11", "1101130x", ""])
def test_streets_are_drawn_in_a_district_only(district, area):
    with pytest.raises((Refused, NotAllowed)):
        open_streets(area, "x", user=district.user, access=district.user.access)
    assert not Plan.objects.exists()


def test_the_planner_of_a_street_does_not_draw_the_district(district):
    other = post("street planner", STREET, "planner").user
    with pytest.raises(NotAllowed):
        open_streets(DISTRICT, "x", user=other, access=other.access)
