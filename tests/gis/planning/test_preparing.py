"""Plans of large areas: ordered, prepared aside, and never half there."""

from contextlib import nullcontext, suppress

import pytest
import shapely

from gis.accounts.scope import applied
from gis.areas.plans.annealing import nobody
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.models import Area, Plan, PlanOpening, PlanSnapshot, Posting
from gis.planning import preparing
from gis.planning.keeping import drawing_of
from gis.planning.opening import Start
from gis.planning.preparing import Opening, again, cancel, open_or_order, prepare
from tests.cast import COMMUNITY, OTHER_STREET, STREET
from tests.gis.areas.plans.planned import assert_same
from tests.gis.planning.drafts import a_plan

pytestmark = pytest.mark.django_db
CELLS, COMMUNITIES = Plan.Kind.CELLS, Plan.Kind.COMMUNITIES


@pytest.fixture(autouse=True)
def _large(monkeypatch):
    monkeypatch.setattr(preparing, "AT_ONCE", 1)


def ordered(cast, area=COMMUNITY, kind=CELLS, start=None, name="zhao", **wish):
    wanted = Opening(area, "春季调整", kind, start or Start(), wish)
    user = cast[name]
    with applied(user.access.which("people.count")):
        return open_or_order(wanted, user=user, access=user.access)


def at_work(opening: PlanOpening) -> PlanOpening:
    PlanOpening.objects.filter(pk=opening.pk).update(stage="working")
    return opening


def test_a_small_area_is_opened_at_once(cast, monkeypatch):
    monkeypatch.setattr(preparing, "AT_ONCE", 10_000)
    assert isinstance(ordered(cast), Plan)


def test_what_is_prepared_is_what_is_opened_at_once(cast):
    opening = at_work(ordered(cast, target=250.0, tolerance=0.2, weights={"people": 1.0}))
    assert not Plan.objects.exists()
    prepare(opening, nobody)
    plan = Plan.objects.get(uuid=opening.uuid)
    assert (plan.target, plan.tolerance, plan.weights, plan.owner) == (250, 0.2, {"people": 1.0}, cast.zhao)
    assert_same(drawing_of(plan), drawing_of(a_plan(cast)))
    assert not PlanOpening.objects.exists()


def test_a_plan_of_communities_is_prepared_too(cast):
    opening = at_work(ordered(cast, STREET, COMMUNITIES))
    prepare(opening, nobody)
    plan = Plan.objects.get(uuid=opening.uuid)
    standing = Area.objects.filter(level="community", code__startswith=STREET).exclude(geometry=None)
    assert {one.code for one in drawing_of(plan).cells.values()} == set(standing.values_list("code", flat=True))


@pytest.mark.parametrize("when", ["waits", "is cut", "is written"])
def test_one_that_is_cancelled_leaves_nothing(cast, when):
    opening = ordered(cast)
    if when != "waits":
        at_work(opening)

    def tell(share: float) -> None:
        if share == {"is cut": 0.05, "is written": 0.95}.get(when):
            cancel(opening.uuid, cast.zhao.access)

    if when == "waits":
        cancel(opening.uuid, cast.zhao.access)
    prepare(opening, tell)
    assert not PlanOpening.objects.exists()
    assert not Plan.objects.exists()


def test_one_that_dies_while_it_is_written_leaves_no_half_and_can_be_begun_anew(cast, monkeypatch):
    opening = at_work(ordered(cast))

    def died(plan, drawing, **how):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("gis.planning.opening.store", died)
        with pytest.raises(KeyboardInterrupt):
            prepare(opening, nobody)
    assert not Plan.objects.exists()
    assert PlanOpening.objects.get().stage == "working"
    prepare(opening, nobody)
    prepare(opening, nobody)  # a second worker, which thought the first one dead
    assert (Plan.objects.count(), PlanSnapshot.objects.count(), PlanOpening.objects.count()) == (1, 1, 0)


def test_how_far_it_is_only_grows(cast):
    heard: list[float] = []
    prepare(at_work(ordered(cast)), heard.append)
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] <= 1


@pytest.mark.parametrize(
    ("name", "area"), [("chen", COMMUNITY), ("li", COMMUNITY), ("wang", COMMUNITY), ("zhao", OTHER_STREET)]
)
def test_only_a_planner_of_the_area_orders(cast, name, area):
    with pytest.raises(NotAllowed):
        ordered(cast, area, name=name)


def test_only_who_plans_there_cancels_or_tries_again(cast):
    opening = ordered(cast)
    for act in (cancel, again):
        with pytest.raises(OutOfScope):
            act(opening.uuid, cast.chen.access)
        with pytest.raises(NotAllowed):
            act(opening.uuid, cast.li.access)
    assert PlanOpening.objects.filter(pk=opening.pk).exists()


def test_it_is_not_prepared_for_whoever_no_longer_plans_there(cast):
    opening = at_work(ordered(cast))
    Posting.objects.filter(user=cast.zhao).delete()
    with pytest.raises(NotAllowed):
        prepare(PlanOpening.objects.get(pk=opening.pk), nobody)


def test_a_few_at_a_time(cast):
    for _time in range(3):
        ordered(cast)
    with pytest.raises(Refused, match="正在准备"):
        ordered(cast)


def test_an_area_without_an_outline_is_refused_before_anybody_waits(cast):
    Area.objects.filter(code=COMMUNITY).update(geometry=None)
    with pytest.raises(Refused, match="还没有边界"):
        ordered(cast)


@pytest.mark.parametrize(
    ("part", "wkt"),
    [
        ("lines", "LINESTRING (0 0, NaN 5, 9 9)"),
        ("lines", "LINESTRING EMPTY"),
        ("footprints", "POLYGON ((0 0, 9 9, 9 0, 0 9, 0 0))"),
        ("footprints", "POLYGON ((0 0, 0 0, 0 0, 0 0))"),
        ("footprints", "POLYGON EMPTY"),
        ("outlines", "POLYGON ((0 0, 900 900, 900 0, 0 900, 0 0))"),
        ("outlines", "POLYGON ((0 0, NaN 9, 9 0, 0 0))"),
        ("outlines", "POLYGON EMPTY"),
    ],
)
def test_broken_ground_is_cut_or_refused_in_words(cast, monkeypatch, part, wkt):
    opening = at_work(ordered(cast))
    site_of = preparing.site_of

    def broken(area, today):
        site = site_of(area, today)
        getattr(site, part)[0] = shapely.from_wkt(wkt)
        return site

    monkeypatch.setattr(preparing, "site_of", broken)
    refused = suppress(Refused) if part == "outlines" else nullcontext()
    with refused:
        prepare(opening, nobody)
    made = Plan.objects.filter(uuid=opening.uuid).first()
    assert made is None or shapely.coverage_is_valid(drawing_of(made).shapes)
    assert made or part == "outlines"
