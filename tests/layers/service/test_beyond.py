"""Who walks too far, and who may be told: a street of three cells on paper and the small town."""

import numpy as np
import pytest

from gis.accounts.scope import Scope, applied
from gis.models import Building, ServicePoint, User
from gis.places.service.kinds import AGE_BANDS, service_kinds
from layers.service import demand, ground
from layers.service.beyond import who_is_beyond
from layers.service.candidates import candidates_of, thinned
from layers.service.loads import loads_of
from layers.service.question import Known, Question, Walk, know
from layers.service.sites import best_sites, effect_of
from tests.cast import COMMUNITY
from tests.web.pages.street import EAST, STREET, WEST, A, B, build_street

#: Slow walkers go 720 m in 15 minutes: 553 m in a straight line where no road is near. A cell is 853 m wide.
QUARTER = Walk()


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a test wrote is taken back, so what was kept of it must go too."""
    yield
    ground.forget()
    demand.forget()


@pytest.fixture
def street(db):
    """A canteen at the first building of cell A."""
    build_street()
    home = Building.objects.get(area=A, number="1号楼").geometry.centroid
    return ServicePoint.objects.create(kind="canteen", name="东园食堂", position=home, area=A, capacity=1)


def known_to(name: str, group: str = "", walk: Walk = QUARTER, area: str = "", kind: str = "canteen") -> Known:
    access = User.objects.get(username=name).access
    asked = Scope.of([area]) if area else access.which("area.read")
    with applied(access.which("people.count")):
        return know(Question(service_kinds()[kind], asked, walk, group), access)


def figures(known: Known) -> dict[str, tuple]:
    found = who_is_beyond(known)
    return {one.code: (one.people, one.beyond) for one in [*found.places, *found.ages, *found.needs]} | {
        "total": (found.total.people, found.total.beyond)
    }


def test_it_counts_who_is_beyond_by_place_age_and_need(street):
    said = figures(known_to("paper-street"))
    assert (said["total"], said[EAST], said[WEST]) == ((36, 25), (24, 10), (12, 12))
    assert (said["65-79"], said["80+"], said["elder_80plus"]) == ((18, 10), (18, 10), (18, 10))
    assert said["15-34"] == (18, 10)  # usual walkers reach 831 m in a straight line: cell C, and half of B


def test_its_own_staff_is_told_to_the_person(street):
    said = figures(known_to("paper-community", area=EAST))
    assert (said["total"], said[A], said[B]) == ((24, 12), (12, 0), (12, 12))


def test_speed_and_minutes_are_the_askers(street):
    assert figures(known_to("paper-street", walk=Walk(minutes=60)))["total"] == (36, 0)
    assert figures(known_to("paper-street", walk=Walk(minutes=15, slow=1.4)))["total"][1] < 24


def test_ground_without_buildings_is_nobodys(street):
    known = known_to("paper-community", area=EAST + "009")
    assert figures(known) == dict.fromkeys(AGE_BANDS, (0, 0)) | {"total": (0, 0)}
    assert [load.people for load in loads_of(known)] == [0]
    assert effect_of(known, np.array([[116.61, 40.105]])).together.people == 0
    assert best_sites(known, 1, median=False, seconds=1).choice.chosen == []


def test_a_side_of_a_few_people_is_withheld_outside_their_own_staff(street):
    """Three over 80 live within two minutes, three beyond: either would give the other away."""
    near = Walk(minutes=2)
    assert figures(known_to("paper-street", "80+", near, area=EAST))[A] == (None, None)
    assert figures(known_to("paper-worker", "80+", near))[A] == (6, 3)


def test_the_rest_of_a_row_does_not_give_a_withheld_figure_away(street):
    near = Walk(minutes=2)
    said = who_is_beyond(known_to("paper-street", "", near, area=EAST))
    shown = [one for one in said.ages if one.people]
    assert all(one.beyond is None or one.beyond >= 5 or one.beyond == 0 for one in [*shown, *said.places])
    withheld = [one for one in said.places if one.people is None]
    assert len(withheld) != 1


def test_who_may_not_count_people_sees_minutes_only(street):
    known = known_to("paper-admin")
    assert who_is_beyond(known) is None
    assert [load.people for load in loads_of(known)] == [None]
    assert effect_of(known, np.array([[116.61, 40.1]])) is None
    assert np.isfinite(known.nearest.metres).all()


def test_neither_points_nor_people_of_another_area_count(street):
    known = known_to("paper-other")
    assert (known.points, len(known.ground)) == ([], 2)
    assert figures(known)["total"] == (12, 12)


@pytest.mark.parametrize("shared", [False, True])
def test_loads_add_up_to_the_people_within(shared, street, db):
    ServicePoint.objects.create(
        kind="canteen",
        name="西园食堂",
        position=Building.objects.filter(area=B)[0].geometry.centroid,
        area=B,
        capacity=9,
    )
    known = known_to("paper-worker") if not shared else known_to("paper-community", area=EAST)
    loads = loads_of(known, shared)
    total = who_is_beyond(known).total
    assert sum(load.people for load in loads) == pytest.approx(total.people - total.beyond, abs=1)


def test_a_full_point_says_how_full(street):
    load = loads_of(known_to("paper-worker"))[0]
    assert (load.people, load.capacity, load.usual) == (12, 1, False)
    assert load.percent == round(100 * 12 * 0.12)  # 12 % of the old come on a day


def test_the_gain_of_a_tried_place_is_what_a_point_there_changes(street):
    at = Building.objects.filter(area=B)[0].geometry.centroid
    effect = effect_of(known_to("paper-community", area=EAST), np.array([at.coords]))
    before = figures(known_to("paper-community", area=EAST))["total"][1]
    ServicePoint.objects.create(kind="canteen", name="新食堂", position=at, area=B)
    after = figures(known_to("paper-community", area=EAST))["total"][1]
    assert effect.together.people == before - after == sum(effect.each[0].ages.values()) == 12
    assert (effect.beyond, effect.rounded) == (after, False)


def test_what_is_dragged_is_rounded_for_all_but_the_own_staff(street):
    at = Building.objects.filter(area=B)[0].geometry.centroid
    effect = effect_of(known_to("paper-street"), np.array([at.coords]))
    assert effect.rounded
    assert {effect.together.people % 5, effect.beyond % 5, *(n % 5 for n in effect.each[0].ages.values())} == {0}


def test_places_a_person_do_not_count_the_catchment_for_others(street):
    ServicePoint.objects.update(capacity=10_000)
    load = loads_of(known_to("paper-street"))[0]
    fives = 100 * load.capacity / load.per_hundred / 5
    assert fives == pytest.approx(round(fives), abs=1e-3)


def test_the_best_place_reaches_as_many_as_the_best_of_all_candidates(db):
    known = known_to("zhou", walk=Walk(minutes=2), kind="kindergarten")
    lonlat, names = candidates_of(known.ground, known.question.area)
    assert len(lonlat) == len(names) > 5
    most = max(effect_of(known, one[None]).together.people for one in lonlat)
    best = best_sites(known, 1, median=False, seconds=120)
    assert effect_of(known, best.lonlat).together.people == best.choice.gain == most > 0
    both = best_sites(known, 2, median=False, seconds=120)
    pairs = [effect_of(known, lonlat[[a, b]]).together.people for a in range(len(lonlat)) for b in range(a)]
    assert both.choice.gain == max(pairs)


def test_walking_less_in_all_is_another_aim(db):
    known = known_to("zhou", kind="kindergarten", walk=Walk(minutes=3))
    best = best_sites(known, 2, median=True, seconds=120)
    assert best.choice.gain > 0
    assert best.choice.how in ("exact", "interchange")


def test_candidates_are_thinned_evenly_and_the_first_stays():
    xy = np.array([[x, y] for x in range(0, 1000, 10) for y in range(0, 1000, 10)], dtype=float)
    kept = thinned(xy, 50)
    assert 25 <= len(kept) <= 50
    assert kept[0] == 0


def test_the_network_is_kept_while_nobody_writes_and_read_by_who_does(db):
    scope = Scope.of([COMMUNITY])
    first = ground.ground_of(scope)
    assert ground.ground_of(scope) is first
    beside = Building.objects.filter(area__startswith=COMMUNITY).earliest("pk")
    beside.pk, beside.code = None, f"{COMMUNITY}99999"
    beside.save(force_insert=True)
    assert len(ground.ground_of(scope)) == len(first) + 1


def test_too_large_an_area_says_what_to_do(street):
    from gis.errors import WanggeError

    with pytest.raises(WanggeError, match="太大"):
        ground.read_ground(Scope.of([STREET]), most=2)
