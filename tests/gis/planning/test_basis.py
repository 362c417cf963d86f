"""What a plan was drawn against: whatever changed there since keeps it from being handed in and published unseen."""

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis.errors import NotAllowed, Refused
from gis.models import Area, CellVersion, Plan
from gis.planning import managing
from gis.planning.basis import is_outdated
from gis.planning.deciding import decide
from gis.planning.operations import OPERATIONS
from gis.planning.publishing.plan_publishing import impact_of, order
from gis.planning.publishing.publishing import NotPublished
from gis.planning.publishing.workers import Choices
from gis.planning.stepping import go_to, redo, step, undo
from gis.planning.wishing import wish_for
from tests.cast import COMMUNITY, STREET
from tests.gis.planning.borders.paper import HOME, lay_street, open_here
from tests.gis.planning.drafts import a_plan
from tests.gis.planning.publishing.approved import approved, split_cell

pytestmark = pytest.mark.django_db


def redraw_today():
    """An import gives a cell another version today."""
    today = timezone.localdate()
    old = CellVersion.objects.on(today).filter(code__startswith=COMMUNITY).order_by("code").first()
    old.valid = DateRange(old.valid.lower, today)
    old.save()
    CellVersion.objects.create(
        cell_id=old.cell_id, code=old.code, name="改过", geometry=old.geometry, valid=DateRange(today, None)
    )


def handed_in(cast, plan, **more):
    plan.refresh_from_db()
    return decide(plan.uuid, "submit", user=cast.zhao, access=cast.zhao.access, seen=plan.revision, **more)


def test_a_plan_just_opened_is_not_outdated(cast):
    assert not is_outdated(a_plan(cast))
    assert not is_outdated(a_plan(cast, STREET))


@pytest.mark.parametrize("area", [COMMUNITY, STREET])
def test_an_import_on_the_day_it_was_opened_counts(cast, area):
    plan = a_plan(cast, area)
    redraw_today()
    assert is_outdated(plan)
    assert "changed" in {fault.kind for fault in impact_of(plan).faults}


def test_a_copy_of_an_outdated_plan_is_outdated(cast):
    plan = a_plan(cast)
    redraw_today()
    assert is_outdated(managing.copy(plan, "副本", user=cast.zhao, access=cast.zhao.access))


def test_it_is_handed_in_once_it_was_compared_with_today(cast):
    plan = a_plan(cast)
    split_cell(cast, plan)
    redraw_today()
    with pytest.raises(Refused, match="有了变化"):
        handed_in(cast, plan)
    handed_in(cast, plan, compared=True)
    plan.refresh_from_db()
    assert plan.state == Plan.State.SUBMITTED
    assert not is_outdated(plan)


def test_what_changes_after_the_approval_keeps_it_from_being_published(cast):
    plan = approved(cast)
    redraw_today()
    with pytest.raises(NotPublished, match="有了变化"):
        order(plan.uuid, user=cast.sun, access=cast.sun.access, choices=Choices(), seen=plan.revision)


def test_communities_drawn_anew_make_a_plan_of_communities_outdated(bare):
    plan = open_here(lay_street().user)
    assert not is_outdated(plan)
    area = Area.objects.get(code=HOME)
    area.geometry = MultiPolygon(area.geometry.buffer(-1e-5), srid=4326)
    area.save()
    assert is_outdated(plan)


@pytest.mark.parametrize("state", ["submitted", "approved", "published", "withdrawn"])
def test_nothing_of_a_plan_that_was_handed_in_can_be_changed(cast, state):
    plan = a_plan(cast)
    rename = {"cell": 1, "name": "新名"}
    who = {"user": cast.zhao, "access": cast.zhao.access, "seen": None}
    step(plan.uuid, "rename", rename, **who)
    Plan.objects.filter(pk=plan.pk).update(state=state)
    acts = [
        *(lambda kind=kind: step(plan.uuid, kind, rename | {"name": "再改"}, **who) for kind in OPERATIONS),
        lambda: undo(plan.uuid, **who),
        lambda: redo(plan.uuid, **who),
        lambda: go_to(plan.uuid, 0, **who),
        lambda: wish_for(plan.uuid, {"target": 9, "tolerance": 0.1, "weights": {"people": 1}}, **who),
        lambda: managing.rename(plan, "另名", access=cast.zhao.access),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    after = Plan.objects.get(pk=plan.pk)
    assert (after.revision, after.name, after.target) == (1, plan.name, plan.target)
