"""What publishing communities would break, before anything is done."""

import pytest

from gis.models import Plan
from gis.planning.borders.impact import impact_of_borders
from gis.planning.opening import open_plan
from tests.gis.planning.borders.paper import EAST, FAR, STREET, WEST, give, number_of, open_here, publish, step
from tests.gis.planning.publishing.paper import HOME, NEXT, build, happen, in_force, post

MERGED = STREET + "601"


@pytest.fixture
def plan(street):
    build(2, 2, WEST, 10), build(7, 2, EAST, 4), build(7, 7, EAST, 4), build(3, 3, FAR, 12, NEXT)
    return open_here(street.user)


def report(plan):
    return impact_of_borders(Plan.objects.get(pk=plan.pk))


def test_a_moved_border_says_what_goes_over(plan, category):
    happen(7, 7, EAST, category)
    give(plan, 5, 5, 10, 10, NEXT)
    found = report(plan)
    assert [(one.before, one.after, one.counts) for one in found.passing] == [
        (HOME, NEXT, {"buildings": 1, "households": 4, "residents": 0, "cases": 1})
    ]
    assert [(one.kind, one.code, one.households) for one in found.communities] == [
        ("redrawn", HOME, (18, 14)), ("redrawn", NEXT, (12, 16)),
    ]  # fmt: skip
    assert [(one.code, one.heirs, one.cut) for one in found.recoded] == [
        (EAST, ((EAST, 0.5), (NEXT + "002", 0.5)), True)
    ]
    assert not found.cells.faults


def test_a_merger_says_the_new_codes_who_goes_on_and_which_drafts_are_lost(plan):
    held = post("zhou", NEXT, "community_supervisor")
    draft = open_plan(HOME, "细分", user=plan.owner, access=plan.owner.access)
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    found = report(plan)
    assert [(one.kind, one.code) for one in found.communities] == [("ends", HOME), ("ends", NEXT), ("merged", MERGED)]
    assert found.communities[-1].olds == (HOME, NEXT)
    assert {one.code: one.heirs for one in found.recoded}.keys() == {WEST, EAST, FAR}
    assert [(one.posting, one.to, one.ends) for one in found.offices] == [(held, MERGED, True)]
    assert found.drafts == [draft]
    assert found.total("households") == 30


def test_the_report_says_what_then_happens(plan):
    give(plan, 4, 0, 10, 10, NEXT)
    found = report(plan)
    said = {one.code for one in found.cells.changes if one.kind != "vanishes"}
    publish(plan)
    assert set(in_force(HOME)) | set(in_force(NEXT)) == said
    assert plan.redrawing.facts["communities"] == [
        {"old": HOME, "new": HOME, "share": pytest.approx(10 / 18, abs=1e-4)},
        {"old": HOME, "new": NEXT, "share": pytest.approx(8 / 18, abs=1e-4)},
    ]


def test_it_changes_nothing_and_tells_what_stands_against_it(plan):
    step(plan, "add", name="")
    found = report(plan)
    assert [fault.kind for fault in found.cells.faults] == ["nothing", "empty"]
    assert found.recoded == []
    assert Plan.objects.get(pk=plan.pk).state == "draft"


def test_a_name_alone_concerns_no_cell(plan):
    step(plan, "rename", cell=number_of(plan, HOME), name="幸福街")
    found = report(plan)
    assert next((one.kind, one.name, one.was) for one in found.communities) == ("renamed", "幸福街", "幸福西街")
    assert not found.cells.changes
