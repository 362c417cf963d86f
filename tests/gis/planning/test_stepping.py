"""A plan opened from the cells in force, painted, undone; and who may do none of it."""

from datetime import date

import numpy as np
import pytest
import shapely

from gis.accounts.scope import applied
from gis.areas.plans.measuring import measures
from gis.areas.plans.tiles import dissolve
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Building, CellVersion, Household, Plan
from gis.planning import keeping, stepping
from gis.planning.ground_of import plane
from gis.planning.keeping import drawing_of
from gis.planning.opening import Start, open_plan
from tests.cast import COMMUNITY, OTHER_STREET, STREET
from tests.gis.planning.drafts import a_plan, beside, cell_of_tile, step

pytestmark = pytest.mark.django_db


def test_it_starts_from_the_cells_in_force_as_they_are_drawn(cast):
    plan = a_plan(cast)
    drawing = drawing_of(plan)
    versions = CellVersion.objects.on(date.today()).filter(code__startswith=COMMUNITY).order_by("code")  # noqa: DTZ011
    assert [cell.code for cell in drawing.cells.values()] == [one.code for one in versions]
    drawn = dissolve(drawing.shapes, drawing.cell - 1)
    stored = plane(shapely.from_wkb([bytes(one.geometry.wkb) for one in versions]), plan.crs)
    off = shapely.area(shapely.symmetric_difference(drawn, stored))
    assert (off < 0.001 * shapely.length(stored)).all()  # a millimetre along the border
    assert shapely.coverage_is_valid(drawing.shapes)


def test_every_building_and_household_counts_once(cast):
    plan = a_plan(cast)
    drawing = drawing_of(plan)
    found = measures(drawing, plan.measure, plan.target)
    assert found.buildings.sum() == Building.objects.filter(area__startswith=COMMUNITY).count()
    with applied(cast.zhao.access.which("people.count")):
        assert found.loads["households"].sum() == Household.objects.filter(area__startswith=COMMUNITY).count()
    assert found.work[1:] == pytest.approx(300 * (1 + found.deviation[1:]))


def test_few_people_of_a_building_are_never_told(cast):
    things = drawing_of(a_plan(cast)).things
    for name in ("people", "floating", "visits"):
        assert not np.isin(things.loads[name], [1, 2, 4]).any()


def test_a_tile_goes_over_and_comes_back(cast):
    plan = a_plan(cast)
    before = drawing_of(plan)
    tile, other = beside(before)
    plan = step(cast, plan, "paint", seen=0, tiles=[tile], cell=other)
    assert (plan.revision, cell_of_tile(plan, tile)) == (1, other)
    plan = stepping.undo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=1)
    assert (drawing_of(plan).cell == before.cell).all()
    plan = stepping.redo(plan.uuid, user=cast.zhao, access=cast.zhao.access, seen=2)
    assert cell_of_tile(plan, tile) == other
    assert [one.kind for one in plan.steps.all()] == ["paint", "undo", "redo"]


def test_another_process_reads_the_same_from_the_record(cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    plan = step(cast, plan, "paint", tiles=[tile], cell=other)
    here = drawing_of(plan)
    keeping.forget(plan)
    again = drawing_of(Plan.objects.get(pk=plan.pk))
    assert again is not here
    assert (again.cell == here.cell).all()
    assert again.cells == here.cells


def test_a_second_planner_is_told_what_changed(cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    step(cast, plan, "paint", seen=0, tiles=[tile], cell=other)
    with pytest.raises(Conflict) as refusal:
        step(cast, plan, "paint", seen=0, tiles=[tile], cell=other)
    assert refusal.value.theirs["revision"] == 1
    assert [one["kind"] for one in refusal.value.theirs["steps"]] == ["paint"]
    assert Plan.objects.get(pk=plan.pk).revision == 1


def test_what_is_locked_stays(cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    own = cell_of_tile(plan, tile)
    plan = step(cast, plan, "lock", cells=[own], locked=True)
    with pytest.raises(Refused, match="锁定"):
        step(cast, plan, "paint", tiles=[tile], cell=other)
    plan = step(cast, plan, "lock", cells=[own], locked=False)
    plan = step(cast, plan, "lock", cells=[other], locked=True)
    with pytest.raises(Refused, match="锁定"):
        step(cast, plan, "paint", tiles=[tile], cell=other)


def test_a_cell_stays_in_its_community(cast):
    plan = a_plan(cast, area=STREET)
    drawing = drawing_of(plan)
    one = drawing.cells[1]
    foreign = drawing.ids[drawing.community != one.community]
    with pytest.raises(Refused, match="社区"):
        step(cast, plan, "paint", tiles=foreign[:2].tolist(), cell=1)


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"tiles": "all", "cell": 1},
        {"tiles": [-1], "cell": 1},
        {"tiles": [10**8], "cell": 1},
        {"tiles": [0], "cell": 999},
    ],
)
def test_nonsense_is_refused_and_leaves_nothing(cast, args):
    plan = a_plan(cast)
    with pytest.raises(Refused):
        step(cast, plan, "paint", **args)
    assert Plan.objects.get(pk=plan.pk).revision == 0
    assert not plan.steps.exists()


def test_only_planners_of_the_area_draw(cast):
    plan = a_plan(cast)
    args = {"tiles": [0], "cell": 2}
    with pytest.raises(NotAllowed):
        step(cast, plan, "paint", name="li", **args)
    for stranger in ("chen", "wang", "he", "admin"):
        with pytest.raises(OutOfScope):
            step(cast, plan, "paint", name=stranger, **args)
    with pytest.raises(NotAllowed):
        open_plan(OTHER_STREET, "别处", user=cast.zhao, access=cast.zhao.access, start=Start(cells=False))


def test_a_submitted_plan_is_not_drawn_on(cast):
    plan = a_plan(cast)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.SUBMITTED)
    with pytest.raises(NotAllowed, match="待审批"):
        step(cast, plan, "lock", cells=[], locked=True)
