"""A plan of streets comes into force: outlines, codes, communities, cells, everything that stands in them."""

import pytest
import shapely
from django.utils import timezone

from gis.incidents.step import Act, Step
from gis.models import Area, AreaVersion, Assignment, Building, Household, Lineage, Posting, Redrawing
from gis.planning.keeping import drawing_of
from gis.planning.publishing.mending import mend
from gis.planning.publishing.publishing import NotPublished
from gis.planning.streets.impact import impact_of_streets
from gis.statistics.recounting import wrong_areas
from tests.gis.planning.borders.paper import apart
from tests.gis.planning.publishing.paper import HOME, NEXT, happen, in_force, post, rect
from tests.gis.planning.streets.paper import (
    DISTRICT,
    OTHER,
    PARK,
    STONE,
    STREET,
    carve,
    give,
    number_of,
    outline,
    publish,
    step,
)

MOVED, NEW_STREET = OTHER + "900", DISTRICT + "900"


def test_a_community_goes_to_another_street_whole(plan):
    Area.objects.filter(code=NEXT).update(short_name="义宾", population=18)
    publish(give(plan, NEXT, OTHER))
    old, new = Area.objects.get(code=NEXT), Area.objects.get(code=MOVED)
    assert (old.ends, old.geometry) == (timezone.localdate(), None)
    assert (new.level, new.name, new.starts) == ("community", "义宾街", timezone.localdate())
    assert (new.short_name, new.population) == ("义宾", 18)
    assert apart(outline(MOVED), rect(10, 0, 20, 10)) < 0.01
    assert apart(outline(STREET), rect(0, 0, 10, 10)) < 0.01
    assert apart(outline(OTHER), rect(10, 0, 40, 10)) < 0.01
    assert set(in_force(MOVED)) == {MOVED + "001", MOVED + "002"}
    assert not in_force(NEXT)
    assert Building.objects.filter(area=MOVED + "001").count() == 1
    assert Household.objects.filter(area__startswith=MOVED).count() == 6
    assert not wrong_areas()


def test_the_report_shows_it_as_one_that_moves_not_as_one_that_ends_and_one_that_begins(plan):
    found = impact_of_streets(give(plan, NEXT, OTHER)).borders.communities
    (one,) = [one for one in found if one.kind == "moved"]
    assert (one.code, one.olds, one.was, one.households) == (MOVED, (NEXT,), "义宾街", (6, 6))
    assert not [one for one in found if one.kind in {"new", "ends"}]


def test_what_was_stays_known(plan):
    publish(give(plan, NEXT, OTHER))
    ends = {one.area.code: one for one in AreaVersion.objects.filter(valid__endswith=timezone.localdate())}
    assert set(ends) == {STREET, OTHER, NEXT}
    assert apart(shapely.from_wkb(bytes(ends[STREET].geometry.wkb)), rect(0, 0, 20, 10)) < 0.01
    kinds = {(one.before.code, one.after.code, one.kind) for one in Lineage.objects.select_related("before", "after")}
    assert kinds == {(NEXT + f"00{n}", MOVED + f"00{n}", "successor") for n in (1, 2)}
    facts = Redrawing.objects.get(plan=plan).facts
    assert {"old": NEXT, "new": MOVED, "share": 1.0} in facts["communities"]
    assert {"old": STREET, "new": OTHER, "share": 0.3} in facts["streets"]


def test_a_community_that_stays_is_not_touched(plan):
    before = outline(HOME)
    publish(give(plan, NEXT, OTHER))
    assert apart(outline(HOME), before) < 0.01
    assert not AreaVersion.objects.filter(area__code__in=[HOME, STONE, PARK]).exists()


def test_a_piece_with_people_becomes_a_community_of_its_new_street(plan):
    carve(plan, 5, 0, 10, 10, OTHER)
    found = impact_of_streets(plan)
    assert [(one.code, len(one.pieces)) for one in found.cut] == [(HOME, 2)]
    publish(plan)
    new = Area.objects.get(code=MOVED)
    assert new.name == "幸福西街（光明街道）"
    assert apart(outline(HOME), rect(0, 0, 5, 10)) < 0.01
    assert set(in_force(HOME)) == {HOME + "001"}
    assert set(in_force(MOVED)) == {MOVED + "001"}
    assert not wrong_areas()


def test_a_piece_where_nobody_lives_joins_the_community_beside_it(plan):
    carve(plan, 10, 5, 20, 10, OTHER)
    found = impact_of_streets(plan)
    assert not found.cut
    assert [(one.code, one.to) for one in found.joining] == [(NEXT, "石园东区")]
    publish(plan)
    assert not Area.objects.filter(code=MOVED).exists()
    assert apart(outline(NEXT), rect(10, 0, 20, 5)) < 0.01
    assert apart(outline(STONE), shapely.union(rect(20, 0, 30, 10), rect(10, 5, 20, 10))) < 0.01
    assert not wrong_areas()


def test_two_streets_become_one(plan):
    post("boss", OTHER, "street_supervisor")
    step(plan, "merge", cells=[number_of(plan, STREET), number_of(plan, OTHER)])
    publish(plan)
    ended = Area.objects.get(code=OTHER)
    assert (ended.ends, ended.geometry) == (timezone.localdate(), None)
    assert apart(outline(STREET), rect(0, 0, 40, 10)) < 0.01
    named = dict(Area.objects.filter(code__startswith=STREET, level="community", ends=None).values_list("code", "name"))
    assert sorted(named.values()) == sorted(["幸福西街", "义宾街", "石园东区", "石园西区"])
    assert {HOME, NEXT} < set(named)
    boss = Posting.objects.filter(user__username="boss")
    today = timezone.localdate()
    assert {(one.area, one.ends == today) for one in boss} == {(OTHER, True), (STREET, False)}
    assert not Building.objects.filter(area__startswith=OTHER).exists()
    assert not wrong_areas()


def test_a_street_becomes_two_and_the_new_one_is_in_somebodys_hands(plan):
    post("boss", STREET, "street_supervisor")
    step(plan, "split", cell=number_of(plan, STREET), line=[[116.66, 40.11], [116.66, 40.14]])
    new = next(one.number for one in _cells(plan) if not one.code)
    step(plan, "rename", cell=new, name="和平街道")
    found = impact_of_streets(plan)
    assert not found.borders.cells.faults
    assert [(one.posting.user.username, one.to) for one in found.offices] == [("boss", NEW_STREET)]
    publish(plan)
    made = Area.objects.get(code=NEW_STREET)
    assert (made.level, made.name) == ("street", "和平街道")
    assert {one.area for one in Posting.objects.filter(user__username="boss", ends=None)} == {STREET, NEW_STREET}
    assert Area.objects.filter(code__startswith=NEW_STREET, level="community", ends=None).count() == 1
    assert not wrong_areas()


def _cells(plan):
    return drawing_of(plan).cells.values()


def given_to(case, team, clerk):
    """A case in the hands of a team."""
    step = Step.objects.create(
        incident=case, at=case.reported_at, before="", after=case.state, actor=clerk, act=Act.REPORT, revision=1
    )
    Assignment.objects.create(incident=case, team=team, since=step)
    return case


def test_an_open_case_goes_with_its_ground_to_the_other_street(plan, category):
    clerk = post("clerk", STREET, "street_supervisor").user
    moving = given_to(happen(3, 2, NEXT + "001", category, NEXT), STREET, clerk)
    staying = given_to(happen(2, 2, HOME + "001", category), STREET, clerk)
    give(plan, NEXT, OTHER)
    assert impact_of_streets(plan).cases == 1
    publish(plan)
    teams = {one.incident_id: one.team for one in Assignment.objects.filter(ended=None)}
    assert teams == {moving.pk: OTHER, staying.pk: STREET}
    moving.refresh_from_db()
    assert moving.area.startswith(MOVED)


def test_what_was_written_late_with_an_old_code_finds_its_new_street(plan):
    publish(give(plan, NEXT, OTHER))
    late = Building.objects.get(area=MOVED + "001")
    Building.objects.filter(pk=late.pk).update(area=NEXT + "001")
    assert mend([NEXT, MOVED])
    late.refresh_from_db()
    assert late.area == MOVED + "001"


def test_the_report_says_what_publishing_then_does(plan):
    give(plan, NEXT, OTHER)
    found = impact_of_streets(plan)
    assert not found.borders.cells.faults
    assert {(one.kind, one.code) for one in found.streets} == {("redrawn", STREET), ("redrawn", OTHER)}
    assert {(one.kind, one.code) for one in found.borders.communities if one.kind != "stays"} == {("moved", MOVED)}
    assert found.borders.total("households") == 6
    done = publish(plan)
    assert sorted(done.redrawing.communities) == sorted(found.reckoning.below.communities)


def test_published_twice_it_is_done_once(plan):
    give(plan, NEXT, OTHER)
    assert publish(plan).fresh
    assert not publish(plan).fresh
    assert Redrawing.objects.count() == 1


@pytest.mark.parametrize("act", ["nothing", "lost", "nameless", "twice"])
def test_what_makes_no_sense_is_refused(plan, act):
    if act == "lost":
        step(plan, "delete", cell=number_of(plan, OTHER))
    elif act != "nothing":
        step(plan, "split", cell=number_of(plan, STREET), line=[[116.66, 40.11], [116.66, 40.14]])
        new = next(one for one in _cells(plan) if not one.code)
        step(plan, "rename", cell=new.number, name="光明街道" if act == "twice" else "占位")
        if act == "nameless":
            step(plan, "delete", cell=number_of(plan, OTHER))
    with pytest.raises(NotPublished):
        publish(plan)
    assert not Redrawing.objects.exists()
    assert Area.objects.filter(ends=None, level="street").count() == 2


def test_a_name_alone_changes_no_ground(plan):
    step(plan, "rename", cell=number_of(plan, OTHER), name="石园街道")
    done = publish(plan)
    assert Area.objects.get(code=OTHER).name == "石园街道"
    assert done.redrawing.communities == []
