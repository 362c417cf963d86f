"""A planner, who reads no incident, does not learn from a plan in which house there is one."""

from collections import Counter

import pytest

from gis.areas.plans.coarsening import LEAST
from gis.planning.keeping import drawing_of
from tests.cast import CELL
from tests.gis.incidents.reported import report
from tests.gis.planning.drafts import a_plan, step

pytestmark = pytest.mark.django_db


def told(plan) -> dict[int, float]:
    things = drawing_of(plan).things
    return dict(zip(things.building.tolist(), things.loads["incidents"].tolist(), strict=True))


def test_the_difference_of_two_plans_tells_no_house(cast):
    for _case in range(7):
        report(CELL)
    before = told(a_plan(cast))
    report(CELL)
    after = told(a_plan(cast))
    assert len(before) >= LEAST
    assert sum(after.values()) == pytest.approx(sum(before.values()) + 1)
    assert min(Counter((before[one], after[one]) for one in before).values()) >= LEAST


def test_a_cell_of_one_tile_shows_an_average(cast, client_of):
    for _case in range(6):
        report(CELL)
    plan = a_plan(cast)
    drawing = drawing_of(plan)
    tile = int(drawing.ids[drawing.rows(drawing.home[:1])[0]])
    number = plan.next_cell
    step(cast, plan, "add")
    step(cast, plan, "paint", tiles=[tile], cell=number)
    state = client_of("zhao").get(f"/plans/{plan.uuid}/state/").json()
    (row,) = [one for one in state["figures"] if one["number"] == number]
    assert row["incidents"] < LEAST
    assert row["incidents"] == pytest.approx(drawing.things.loads["incidents"][drawing.home == tile].sum(), abs=1e-3)


def test_the_report_counts_cases_for_whoever_reads_them(cast, client_of):
    plan = a_plan(cast)
    seen = {name: client_of(name).get(f"/plans/{plan.uuid}/impact/") for name in ("zhao", "li", "sun")}
    told = {name: page.context["tells_cases"] for name, page in seen.items()}
    assert told == {"zhao": False, "li": True, "sun": True}
