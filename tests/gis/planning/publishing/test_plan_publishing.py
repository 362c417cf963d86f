"""An approved plan: published by hand or on its day, once; refused with a reason that planner and approver hear."""

from datetime import timedelta

import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from gis.errors import Conflict, NotAllowed, Refused
from gis.models import CellVersion, Plan, PlanNote, PlanNotice, PublicationOrder, Redrawing
from gis.planning.opening import Start
from gis.planning.publishing.of_plan import communities_of_plan, drafts_of_plan
from gis.planning.publishing.plan_publishing import due, impact_of, order, publish_due
from gis.planning.publishing.publishing import NotPublished, publish
from gis.planning.publishing.workers import Choices
from gis.statistics.recounting import wrong_areas
from tests.cast import COMMUNITY
from tests.gis.planning.publishing.approved import a_plan, approved
from tests.gis.planning.publishing.paper import turn_back

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def by(cast, name, plan, **choices):
    user = cast[name]
    return order(plan.uuid, user=user, access=user.access, choices=Choices(**choices), seen=plan.revision)


def in_force(plan):
    return set(CellVersion.objects.on(today()).filter(code__startswith=plan.area).values_list("code", flat=True))


def test_a_plan_of_the_cells_in_force_would_change_nothing(cast):
    found = impact_of(a_plan(cast))
    assert not found.faults
    assert {one.kind for one in found.changes} == {"stays"}
    assert not found.moved


def test_the_approver_publishes_it(cast):
    plan = approved(cast)
    before = in_force(plan)
    done = by(cast, "sun", plan)
    plan.refresh_from_db()
    assert plan.state == Plan.State.PUBLISHED
    assert len(in_force(plan) - before) == 1
    assert PlanNote.objects.get(plan=plan, kind="publish").facts["redrawing"] == str(done.redrawing.uuid)
    assert not wrong_areas()


def test_the_report_says_what_then_happens(cast):
    plan = approved(cast)
    said = impact_of(plan)
    done = by(cast, "sun", plan)
    assert {one.code for one in said.of_kind("appears")} == set(done.redrawing.facts["appeared"])
    assert said.total("buildings") == done.relinked.buildings
    assert {(one.share_area, one.share_households) for one in said.lineage} == {
        (row.share_area, row.share_households) for version in done.redrawing.begun
        for row in CellVersion.objects.get(pk=version).earlier.all()
    }  # fmt: skip


def test_it_is_published_once(cast):
    plan = approved(cast)
    first, again = by(cast, "sun", plan), by(cast, "sun", plan)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.redrawing == again.redrawing
    assert Redrawing.objects.filter(plan=plan).count() == 1


@pytest.mark.parametrize("name", ["zhao", "zhou"])
def test_nobody_else_publishes_it(name, cast):
    plan = approved(cast)
    with pytest.raises(NotAllowed):
        by(cast, name, plan)


def test_it_is_not_published_before_it_is_approved(cast):
    with pytest.raises(Refused, match="还没有批准"):
        by(cast, "sun", a_plan(cast))


def test_it_is_not_published_as_another_than_was_seen(cast):
    plan = approved(cast)
    plan.revision -= 1
    with pytest.raises(Conflict):
        by(cast, "sun", plan)


def test_it_waits_for_its_day_and_is_published_then(cast):
    plan = approved(cast, starts=today() + timedelta(days=3))
    kept = by(cast, "sun", plan, keep_cases=True)
    assert isinstance(kept, PublicationOrder)
    assert publish_due() == 0
    Plan.objects.update(starts=today())
    assert publish_due() == 1
    plan.refresh_from_db()
    assert plan.state == Plan.State.PUBLISHED
    assert publish_due() == 0


def test_a_plan_approved_for_today_waits_for_the_approvers_word_until_tomorrow(cast):
    plan = approved(cast, starts=today())
    assert due() == []
    PlanNote.objects.filter(plan=plan).update(at=timezone.now() - timedelta(days=1))
    assert due() == [plan.pk]


def change_meanwhile(plan):
    """Somebody else publishes other cells in the same community."""
    publish(drafts_of_plan(plan), communities_of_plan(plan), today(), user=None)


def test_on_the_day_it_is_refused_where_the_cells_have_changed(cast):
    plan = approved(cast, starts=today())
    PublicationOrder.objects.create(plan=plan, user=cast.sun)
    change_meanwhile(plan)
    before = in_force(plan)
    assert publish_due() == 0
    plan.refresh_from_db()
    assert plan.state == Plan.State.APPROVED
    assert in_force(plan) == before
    told = PlanNotice.objects.filter(kind="refused")
    assert {one.user.username for one in told} == {"zhao", "sun"}
    assert "有了变化" in told[0].facts["reason"]
    assert publish_due() == 0
    assert told.count() == 2


def test_by_hand_it_is_refused_with_the_reason(cast):
    plan = approved(cast)
    change_meanwhile(plan)
    with pytest.raises(NotPublished, match="有了变化"):
        by(cast, "sun", plan)


def test_planner_and_approver_are_told_that_it_is_done(cast):
    by(cast, "sun", approved(cast))
    assert {one.user.username for one in PlanNotice.objects.filter(kind="published")} == {"zhao", "sun"}


def test_an_earlier_state_is_published_again_as_a_plan(cast):
    first = approved(cast)
    before = {v.code: v.cell_id for v in CellVersion.objects.on(today()).filter(code__startswith=first.area)}
    by(cast, "sun", first)
    turn_back(10)
    then = Start(day=today() - timedelta(days=11), begun_from="earlier")
    again = approved(cast, change=lambda cast, plan: None, start=then)
    assert "vanishes" in {one.kind for one in impact_of(again).changes}
    by(cast, "sun", again)
    assert {v.code: v.cell_id for v in CellVersion.objects.on(today()).filter(code__startswith=first.area)} == before
    assert not wrong_areas()


def test_cells_that_stay_meet_their_new_neighbours_corner_by_corner(cast):
    """A long edge without corners is another line in the plane of a plan, by centimetres: the cell is the same."""
    versions = CellVersion.objects.on(today()).filter(code__startswith=COMMUNITY).order_by("code")
    last = versions.last()
    thin = MultiPolygon(last.geometry.simplify(1e-7, preserve_topology=True), srid=last.geometry.srid)
    CellVersion.objects.filter(pk=last.pk).update(geometry=thin)
    assert len(versions.last().geometry.wkb) < len(last.geometry.wkb)
    by(cast, "sun", approved(cast))
    assert versions.filter(pk=last.pk).exists()
    assert shapely.coverage_is_valid(shapely.from_wkb([bytes(one.geometry.wkb) for one in versions.all()]))
