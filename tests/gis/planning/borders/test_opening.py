"""A plan of communities opened: their outlines as they are drawn, the cells' borders in the tiles."""

from datetime import date

import numpy as np
import pytest
import shapely

from gis.accounts.scope import applied
from gis.areas.plans.coverage import faults_of
from gis.areas.plans.measuring import measures
from gis.areas.plans.tiles import dissolve
from gis.errors import NotAllowed, Refused
from gis.models import Area, CellVersion, Household, Plan
from gis.planning import stepping
from gis.planning.borders.opening import open_communities
from gis.planning.ground_of import plane
from gis.planning.keeping import drawing_of
from tests.cast import COMMUNITY, OTHER_STREET, STREET
from tests.gis.planning.borders.drafts import a_border_plan
from tests.gis.planning.drafts import beside, step

pytestmark = pytest.mark.django_db


def _shapes(rows, crs: int) -> np.ndarray:
    return plane(shapely.from_wkb([bytes(one.geometry.wkb) for one in rows]), crs)


def test_the_communities_are_its_cells_as_they_are_drawn(cast):
    plan = a_border_plan(cast)
    drawing = drawing_of(plan)
    areas = list(Area.objects.filter(level="community", code__startswith=STREET).order_by("code"))
    assert plan.kind == Plan.Kind.COMMUNITIES
    assert len(areas) > 1
    assert [one.code for one in drawing.cells.values()] == [one.code for one in areas]
    assert [one.name for one in drawing.cells.values()] == [one.name for one in areas]
    assert set(drawing.community) == {STREET} == {one.community for one in drawing.cells.values()}
    stored = _shapes(areas, plan.crs)
    drawn = dissolve(drawing.shapes, drawing.cell - 1)
    assert (shapely.area(shapely.symmetric_difference(drawn, stored)) < 0.001 * shapely.length(stored)).all()


def test_every_tile_lies_in_one_cell_in_force(cast):
    plan = a_border_plan(cast)
    drawing = drawing_of(plan)
    versions = CellVersion.objects.on(date.today()).filter(code__startswith=STREET, cell__kind="service")  # noqa: DTZ011
    cells = _shapes(versions, plan.crs)
    assert len(cells)
    outside = shapely.area(shapely.difference(drawing.shapes[:, None], cells[None, :])).min(axis=1)
    assert (outside < 0.001 * shapely.length(drawing.shapes)).all()  # millimetres, where two do not quite meet


def test_it_counts_every_household_once_and_takes_the_mean_as_target(cast):
    plan = a_border_plan(cast)
    drawing = drawing_of(plan)
    with applied(cast.zhao.access.which("people.count")):
        count = Household.objects.filter(area__startswith=STREET).count()
    assert drawing.load({"households": 1.0}).sum() == count
    assert plan.target == pytest.approx(count / len(drawing.cells))


def test_ground_goes_from_one_community_to_another_and_back(cast):
    plan = a_border_plan(cast)
    before = drawing_of(plan)
    tile, other = beside(before)
    plan = step(cast, plan, "paint", seen=0, tiles=[tile], cell=other)
    after = drawing_of(plan)
    assert after.cell[after.rows(np.array([tile]))][0] == other
    assert measures(after, plan.measure, plan.target).tiles.sum() == len(before)
    stepping.undo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=1)
    assert (drawing_of(Plan.objects.get(pk=plan.pk)).cell == before.cell).all()


def test_ground_of_the_street_that_no_community_has_is_in_none(cast):
    area = Area.objects.get(code=STREET)
    outline = shapely.from_wkb(bytes(area.geometry.wkb))
    _west, south, east, north = shapely.bounds(outline)
    strip = shapely.box(east - 0.0001, south, east + 0.002, north)
    Area.objects.filter(code=STREET).update(geometry=_multi(shapely.union(outline, strip)))
    drawing = drawing_of(a_border_plan(cast))
    left = drawing.shapes[drawing.cell == 0]
    assert len(left)
    assert shapely.area(left).sum() > 1000
    assert faults_of(drawing.shapes, shapely.coverage_union_all(drawing.shapes)).total_m2 == 0


def test_another_survey_of_the_street_makes_no_ground(cast):
    area = Area.objects.get(code=STREET)
    outline = shapely.from_wkb(bytes(area.geometry.wkb))
    Area.objects.filter(code=STREET).update(geometry=_multi(shapely.buffer(outline, 5e-6)))  # half a metre
    assert (drawing_of(a_border_plan(cast)).cell > 0).all()


@pytest.mark.parametrize(("name", "area", "refusal"), [
    ("zhao", OTHER_STREET, NotAllowed), ("wang", STREET, NotAllowed), ("chen", STREET, NotAllowed),
    ("zhao", COMMUNITY, Refused), ("zhao", "", NotAllowed),
])  # fmt: skip
def test_it_is_opened_for_a_street_by_its_planner(cast, name, area, refusal):
    with pytest.raises(refusal):
        open_communities(area, "x", user=cast[name], access=cast[name].access)


def _multi(shape):
    from django.contrib.gis.geos import GEOSGeometry

    from gis.geometry import as_multipolygons

    return GEOSGeometry(memoryview(shapely.to_wkb(as_multipolygons(np.array([shape], object))[0])), srid=4326)
