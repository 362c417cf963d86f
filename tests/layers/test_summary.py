"""The figures of a place, on a street drawn on paper where each can be counted by hand."""

import pytest

from gis.accounts.scope import Access
from gis.models import Building, Dwelling, Posting, Residence, User
from layers.summary import summarise_area, summarise_building, trail_of, workers_of
from tests.web.pages.street import DISTRICT, EAST, OTHER_STREET, STAFF, STREET, WEST, A, B, C, build_street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


def access(name: str) -> Access:
    return User.objects.get(username=name).access


def ages(summary) -> dict:
    return {group.name: group.total for group in summary.people.ages}


def test_it_counts_the_people_of_a_cell_by_age():
    summary = summarise_area(A, access("paper-worker"))
    assert summary.people.total == 18
    assert ages(summary) == {"0–14": 0, "15–34": 6, "35–64": 0, "65–79": 6, "80+": 6}


def test_it_counts_both_sexes_so_that_they_add_up():
    summary = summarise_area(A, access("paper-worker"))
    for group in summary.people.ages:
        assert group.male + group.female == group.total
    assert summary.people.male + summary.people.female == 18


def test_it_counts_households_dwellings_and_buildings():
    summary = summarise_area(A, access("paper-worker"))
    assert (summary.people.households, summary.dwellings.total, summary.buildings) == (6, 8, 2)
    assert summary.dwellings.by_state == {"occupied": 6, "empty": 2}
    assert summary.dwellings.vacancy == 25.0


def test_it_has_no_vacancy_where_there_is_no_dwelling():
    Residence.objects.filter(area=A).delete()
    Dwelling.objects.filter(area=A).delete()
    assert summarise_area(A, access("paper-worker")).dwellings.vacancy is None


def test_it_counts_open_late_and_recent_incidents():
    incidents = summarise_area(A, access("paper-worker")).incidents
    assert (incidents.open, incidents.late, incidents.recent) == (2, 1, 2)


def test_it_rolls_up_to_the_community_and_the_street():
    assert summarise_area(EAST, access("paper-street")).people.total == 36
    assert summarise_area(STREET, access("paper-street")).people.total == 54


def test_it_sums_a_district_from_the_kept_figures_to_the_same_numbers():
    district = summarise_area(DISTRICT, access("paper-district")).people
    live = [summarise_area(code, access("paper-district")).people for code in (STREET, OTHER_STREET)]
    assert (district.total, district.households) == (72, 24)
    assert [age.total for age in district.ages] == [sum(parts) for parts in zip(*_totals(live), strict=True)]
    assert district.populations == (("registered", 48), ("floating", 24), ("left_behind", 0), ("overseas", 0))


def _totals(counted) -> list[list[int]]:
    return [[age.total for age in people.ages] for people in counted]


def test_it_counts_who_lives_there_today_only():
    Residence.objects.filter(area=A).update(ends="2021-01-01")
    assert summarise_area(A, access("paper-worker")).people.total == 0


def test_it_names_the_needs_and_their_numbers():
    assert summarise_area(A, access("paper-worker")).needs.shown == (("elder_80plus", 6),)


def test_it_withholds_a_small_age_group_and_its_complement_from_those_above():
    Residence.objects.filter(area=A, resident__born__year__lt=1950).order_by("pk").exclude(
        pk__in=Residence.objects.filter(area=A).order_by("pk")[:2]
    ).delete()
    small = summarise_area(A, access("paper-street"))
    assert ages(small)["80+"] is None
    assert [total for total in ages(small).values() if total is None] != [None]
    assert small.people.withheld
    assert None not in ages(summarise_area(A, access("paper-worker"))).values()


def test_it_withholds_a_small_need_without_naming_it():
    from gis.models import Need

    Need.objects.filter(pk__in=Need.objects.filter(area=A).values("pk")[:4]).delete()
    needs = summarise_area(A, access("paper-street")).needs
    assert needs.shown == ()
    assert not needs.whole
    assert summarise_area(A, access("paper-worker")).needs.shown == (("elder_80plus", 2),)
    Need.objects.filter(area=A).delete()
    assert summarise_area(A, access("paper-street")).needs == needs  # nor whether anybody has any


def test_it_withholds_a_siblings_count_from_which_the_small_one_follows():
    """B has two people left: from A's number and the community's total theirs would follow, so A's goes too."""
    Residence.objects.filter(pk__in=Residence.objects.filter(area=B).values("pk")[:16]).delete()
    assert summarise_area(B, access("paper-street")).people.total is None
    assert summarise_area(A, access("paper-street")).people.total is None
    assert summarise_area(EAST, access("paper-street")).people.total == 20


def test_it_shows_the_small_count_to_the_communitys_own_supervisor():
    Residence.objects.filter(pk__in=Residence.objects.filter(area=B).values("pk")[:16]).delete()
    assert summarise_area(B, access("paper-community")).people.total == 2


def test_it_withholds_a_small_building_and_what_would_give_it_away():
    one, other = Building.objects.filter(area=A).order_by("code")
    stays = Residence.objects.filter(dwelling__building=one)
    Residence.objects.filter(pk__in=stays.values("pk")[:6]).delete()
    assert summarise_building(one, access("paper-street")).people.total is None
    assert summarise_building(other, access("paper-street")).people.total is None
    assert summarise_building(one, access("paper-worker")).people.total == 3


def test_it_counts_a_building():
    summary = summarise_building(Building.objects.filter(area=A).first(), access("paper-worker"))
    assert (summary.people.total, summary.people.households, summary.dwellings.total) == (9, 3, 4)


@pytest.mark.parametrize(
    ("who", "people", "needs", "incidents"),
    [
        ("paper-worker", True, True, True),
        ("paper-street", True, True, True),
        ("paper-planner", True, False, False),
        ("paper-officer", True, False, True),
        ("paper-admin", False, False, False),
    ],
)
def test_it_leaves_out_what_the_role_does_not_hold(who, people, needs, incidents):
    summary = summarise_area(A, access(who))
    assert (summary.people is not None, summary.needs is not None, summary.incidents is not None) == (
        people,
        needs,
        incidents,
    )


def test_it_names_the_worker_first_then_the_community_supervisor():
    assert [worker.role for worker in workers_of(A)] == ["网格员", "社区主管"]
    assert [worker.here for worker in workers_of(A)] == [True, False]


def test_it_names_nobody_whose_posting_has_ended():
    Posting.objects.filter(area=A).update(ends="2024-06-01")
    assert [worker.role for worker in workers_of(A)] == ["社区主管"]


def test_it_names_nobody_who_may_no_longer_sign_in():
    User.objects.filter(username="paper-worker").update(is_active=False)
    assert [worker.role for worker in workers_of(A)] == ["社区主管"]


def test_it_gives_the_trail_and_says_which_of_it_may_be_opened():
    trail = trail_of(A, access("paper-community").which("area.read"))
    assert [(area.code, opens) for area, opens in trail] == [(DISTRICT, False), (STREET, False), (EAST, True)]


@pytest.mark.parametrize("code", [A, C, EAST, WEST, STREET])
@pytest.mark.parametrize("who", STAFF)
def test_it_answers_for_every_role(who, code):
    assert summarise_area(code, access(who)).dwellings.total >= 0


def test_it_counts_nothing_of_another_street():
    assert summarise_area(OTHER_STREET, access("paper-street")).people is None


def test_it_prints_nothing_that_the_map_withholds(cast):
    """Every community and cell of the small town, as the street's supervisor reads it."""
    from gis.models import Area, CellVersion
    from layers.on_map import withheld_on_map

    access, hidden = cast.li.access, 0
    scope = access.which("people.count")
    codes = [*Area.objects.inside(scope).filter(level="community").values_list("code", flat=True)]
    codes += CellVersion.objects.inside(scope).values_list("code", flat=True)[:6]
    for code in codes:
        withheld, found = withheld_on_map(code, access), summarise_area(code, access)
        hidden += sum(withheld.values())
        assert withheld["residents"] is False or found.people.total is None
        assert all(number is None or not withheld[kind] for kind, number in found.people.populations if number)
        assert not withheld["elders80"] or not found.people.ages[4].total
        assert not {tag for tag, _ in found.needs.shown} & {name for name, gone in withheld.items() if gone}
    assert hidden  # or the test would say nothing
