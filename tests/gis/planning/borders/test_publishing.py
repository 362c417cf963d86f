"""A plan of communities comes into force: outlines, codes, cells, everything that stands in them."""

import pytest
import shapely
from django.utils import timezone

from gis.models import Area, AreaVersion, Building, CellVersion, Household, Lineage, Posting, Redrawing
from gis.planning.borders.impact import impact_of_borders
from gis.planning.publishing.mending import mend
from gis.planning.publishing.publishing import NotPublished
from gis.statistics.recounting import wrong_areas
from tests.gis.planning.borders.paper import (
    EAST,
    FAR,
    STREET,
    WEST,
    apart,
    covered,
    give,
    number_of,
    open_here,
    outline,
    publish,
    step,
)
from tests.gis.planning.publishing.paper import HOME, NEXT, build, happen, in_force, post, rect

MERGED, NEW = STREET + "601", STREET + "900"


@pytest.fixture
def plan(street):
    build(2, 2, WEST, 10), build(7, 2, EAST, 4), build(7, 7, EAST, 4), build(3, 3, FAR, 12, NEXT)
    return open_here(street.user)


def test_two_become_one_with_a_number_from_601(plan):
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    publish(plan)
    made = Area.objects.get(code=MERGED)
    assert (made.level, made.name, made.starts) == ("community", "幸福西街", timezone.localdate())
    assert apart(outline(MERGED), shapely.union(rect(0, 0, 10, 10), rect(0, 0, 10, 10, NEXT))) < 0.01
    for code in (HOME, NEXT):
        old = Area.objects.get(code=code)
        assert (old.ends, old.geometry) == (timezone.localdate(), None)
        assert not in_force(code)
    assert len(in_force(MERGED)) == 3
    assert not Building.objects.exclude(area__startswith=MERGED).exists()
    assert not Household.objects.exclude(area__startswith=MERGED).exists()
    assert Building.objects.filter(code__startswith=HOME).count() == 3  # a building's code is its identity
    assert not wrong_areas()


def test_cells_of_a_merged_community_live_on_under_new_codes(plan):
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    publish(plan)
    links = {(one.before.code, one.kind, one.share_households) for one in Lineage.objects.select_related("before")}
    assert links == {(WEST, "successor", 1.0), (EAST, "successor", 1.0), (FAR, "successor", 1.0)}
    assert {one.name for one in in_force(MERGED).values()} == {"第1网格", "第2网格", "第3网格"}


def test_a_border_that_moves_takes_a_small_part_of_a_cell_to_the_neighbour(plan):
    give(plan, 9, 0, 10, 10, NEXT)
    publish(plan)
    assert set(in_force(HOME)) == {WEST, EAST}
    assert set(in_force(NEXT)) == {FAR}  # the strip joined the cell that was there
    assert apart(outline(HOME), rect(0, 0, 9, 10)) < 0.01
    assert apart(outline(NEXT), shapely.union(rect(9, 0, 10, 10), rect(0, 0, 10, 10, NEXT))) < 0.01
    assert CellVersion.objects.filter(code=WEST).count() == 1
    assert not wrong_areas()


def test_a_border_that_takes_half_a_cell_makes_one_of_it(plan):
    house = Building.objects.get(code=HOME + "00003")
    give(plan, 5, 5, 10, 10, NEXT)
    publish(plan)
    assert set(in_force(HOME)) == {WEST, EAST}
    assert set(in_force(NEXT)) == {FAR, NEXT + "002"}
    house.refresh_from_db()
    assert (house.area, house.code) == (NEXT + "002", HOME + "00003")
    assert Household.objects.filter(area=NEXT + "002").count() == 4
    shares = {
        (one.before.code, one.after.code): one.share_households
        for one in Lineage.objects.select_related("before", "after")
    }
    assert shares == {(EAST, EAST): 0.5, (EAST, NEXT + "002"): 0.5}
    assert not wrong_areas()


def test_a_whole_cell_goes_over_under_a_new_code(plan, category):
    case = happen(7, 2, EAST, category)
    give(plan, 5, 0, 10, 10, NEXT)
    publish(plan)
    assert set(in_force(HOME)) == {WEST}
    assert set(in_force(NEXT)) == {FAR, NEXT + "002"}
    reported = case.cell_id
    case.refresh_from_db()
    assert (case.area, case.cell_id) == (NEXT + "002", reported)
    assert not wrong_areas()


def test_a_community_that_is_split_makes_one_with_a_local_code(plan):
    plan = step(plan, "split", cell=number_of(plan, HOME), line=[[116.655, 40.1], [116.655, 40.2]])
    step(plan, "rename", cell=plan.next_cell - 1, name="幸福东街")
    publish(plan)
    assert {WEST} == set(in_force(HOME))
    assert Area.objects.get(code=NEW).name == "幸福东街"
    assert set(in_force(NEW)) == {NEW + "001"}
    assert set(in_force(NEXT)) == {FAR}
    assert not wrong_areas()


def test_outlines_of_then_are_kept(plan):
    give(plan, 9, 0, 10, 10, NEXT)
    publish(plan)
    today = timezone.localdate()
    then, now = AreaVersion.objects.filter(area__code=HOME).order_by("pk")
    assert (then.valid.upper, now.valid.lower, now.valid.upper) == (today, today, None)
    assert apart(shapely.from_wkb(bytes(then.geometry.wkb)), rect(0, 0, 10, 10)) == 0
    assert now.geometry.equals(Area.objects.get(code=HOME).geometry)
    assert not AreaVersion.objects.filter(area__code=STREET).exists()  # its outline has not changed


def test_only_a_name(plan):
    step(plan, "rename", cell=number_of(plan, HOME), name="幸福街")
    publish(plan)
    assert Area.objects.get(code=HOME).name == "幸福街"
    assert {one.name for one in AreaVersion.objects.filter(area__code=HOME)} == {"幸福西街", "幸福街"}
    assert set(in_force(HOME)) == {WEST, EAST}


def test_the_street_is_exactly_its_communities(plan):
    give(plan, 8, 3, 12, 7, NEXT)
    give(plan, 10, 8, 13, 10, HOME)
    publish(plan)
    shapes = covered([HOME, NEXT])
    assert shapely.area(shapely.intersection(*shapes)) == 0
    assert apart(shapely.union_all(shapes), outline(STREET)) < 0.01


def test_a_new_community_is_looked_after_by_the_people_of_the_one_it_came_from(plan):
    held, other = post("zhou", HOME, "community_supervisor"), post("chen", NEXT, "community_supervisor")
    plan = step(plan, "split", cell=number_of(plan, HOME), line=[[116.655, 40.1], [116.655, 40.2]])
    step(plan, "rename", cell=plan.next_cell - 1, name="幸福东街")
    plan.refresh_from_db()
    found = impact_of_borders(plan)
    assert [(one.posting, one.to, one.ends) for one in found.offices] == [(held, NEW, False)]
    assert not found.unattended
    publish(plan)
    now = {posting.user_id: posting.area for posting in Posting.objects.on(timezone.localdate()).filter(area=NEW)}
    assert now == {held.user_id: NEW}
    assert held.user.postings.get(area=HOME).ends is None
    assert held.user.plan_notices.get().facts == {"lost": [], "given": [NEW], "redrawn": []}
    assert not other.user.plan_notices.exists()


def test_a_new_community_that_nobody_would_look_after_is_told_before(plan):
    plan = step(plan, "split", cell=number_of(plan, HOME), line=[[116.655, 40.1], [116.655, 40.2]])
    assert impact_of_borders(plan).unattended == [NEW]


def test_a_supervisor_goes_on_in_the_community_that_took_over(plan):
    held = post("zhou", NEXT, "community_supervisor")
    worker = post("wang", FAR)
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    publish(plan)
    today = timezone.localdate()
    assert held.user.postings.get(area=MERGED).starts == today
    assert held.user.postings.get(area=NEXT).ends == today
    heir = Lineage.objects.get(before__code=FAR).after.code
    assert worker.user.postings.get(area=heir).role == "grid_worker"
    assert held.user.plan_notices.get().facts == {"lost": [NEXT], "given": [MERGED], "redrawn": []}


def test_what_is_written_afterwards_with_the_code_of_an_ended_community_finds_its_cell(plan):
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    publish(plan)
    house = Building.objects.get(code=HOME + "00002")
    right = house.area
    for stale in (EAST, HOME):
        Building.objects.filter(pk=house.pk).update(area=stale, cell=None)
        assert mend([HOME, NEXT, MERGED])
        house.refresh_from_db()
        assert house.area == right
    assert not mend([HOME, NEXT, MERGED])


def test_it_is_published_once(plan):
    give(plan, 9, 0, 10, 10, NEXT)
    assert publish(plan).fresh
    assert not publish(plan).fresh
    assert Redrawing.objects.count() == 1


def test_merged_numbers_are_never_used_again(plan):
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    publish(plan)
    second = open_here(plan.owner)
    second = step(second, "split", cell=1, line=[[116.66, 40.1], [116.66, 40.2]])
    step(second, "rename", cell=2, name="义宾街")
    publish(second)
    third = open_here(plan.owner)
    step(third, "merge", cells=[1, 2])
    publish(third)
    found = Area.objects.filter(level="community", ends=None).values_list("code", flat=True)
    assert list(found) == [STREET + "602"]
    assert not wrong_areas()


def test_what_is_drawn_badly_changes_nothing(plan):
    tiles = drawing_ids(plan, NEXT)
    step(plan, "erase", tiles=tiles[:1])
    before = list(Area.objects.values("code", "name", "ends"))
    with pytest.raises(NotPublished) as refused:
        publish(plan)
    assert [fault.kind for fault in refused.value.faults] == ["uncovered"]
    assert list(Area.objects.values("code", "name", "ends")) == before
    assert not Redrawing.objects.exists()


def test_nothing_drawn_is_nothing_to_publish(plan):
    with pytest.raises(NotPublished) as refused:
        publish(plan)
    assert [fault.kind for fault in refused.value.faults] == ["nothing"]


def drawing_ids(plan, code):
    from gis.planning.keeping import drawing_of

    drawing = drawing_of(plan)
    return drawing.ids[drawing.cell == number_of(plan, code)].tolist()
