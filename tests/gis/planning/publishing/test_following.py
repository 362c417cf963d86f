"""What names a cell by its code goes with it: postings, teams, rules, filters; each is told or recorded."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.errors import Refused
from gis.models import Assignment, PlaceAlias, PlanNotice, Posting, RoutingRule, RoutingTable, SavedFilter, Step
from gis.planning.publishing.publishing import Choices
from tests.gis.planning.publishing.paper import (
    HOME,
    build,
    draft,
    happen,
    post,
    publish_now,
    rect,
    user,
)  # fmt: skip

WEST, EAST = HOME + "001", HOME + "002"
TODAY = timezone.localdate
pytestmark = pytest.mark.usefixtures("halves")


def split_east():
    """Two households go north, one goes south."""
    build(7, 8, EAST, 2), build(7, 2, EAST, 1)
    return [draft(1, rect(0, 0, 5, 10), WEST), draft(2, rect(5, 0, 10, 5)), draft(3, rect(5, 5, 10, 10))]


def cells_of(name):
    held = Posting.objects.on(TODAY()).filter(user__username=name)
    return sorted(held.values_list("area", flat=True))


def test_a_worker_of_a_vanished_cell_takes_over_where_most_of_its_households_are():
    post("wang", EAST), post("he", WEST)
    codes = publish_now(split_east()).codes
    assert cells_of("wang") == [codes[3]]
    assert cells_of("he") == [WEST]
    assert Posting.objects.get(area=EAST).ends == TODAY()


def test_the_approver_says_who_takes_which_cell():
    wang, he = post("wang", EAST), post("he", WEST)
    choices = Choices(workers={2: (wang.user_id,), 3: (he.user_id,)})
    codes = publish_now(split_east(), choices=choices).codes
    assert cells_of("wang") == [codes[2]]
    assert cells_of("he") == [WEST, codes[3]]


def test_somebody_who_works_elsewhere_is_not_given_a_cell():
    with pytest.raises(Refused, match="不是这些社区的网格员"):
        publish_now(split_east(), choices=Choices(workers={2: (user("gu").pk,)}))
    assert not Posting.objects.exists()


def test_a_posting_that_has_an_end_keeps_it():
    post("wang", EAST)
    last = TODAY() + timedelta(days=9)
    Posting.objects.update(ends=last)
    codes = publish_now(split_east()).codes
    assert Posting.objects.get(area=codes[3]).ends == last


def test_workers_are_told_what_they_had_and_what_they_have():
    post("wang", EAST), post("he", WEST)
    codes = publish_now(split_east()).codes
    told = PlanNotice.objects.get()
    assert (told.user.username, told.facts) == ("wang", {"lost": [EAST], "given": [codes[3]], "redrawn": []})


def test_a_worker_whose_cell_is_drawn_anew_is_told():
    post("he", WEST)
    publish_now([draft(1, rect(0, 0, 6, 10), WEST), draft(2, rect(6, 0, 10, 10), EAST)])
    assert PlanNotice.objects.get(user__username="he").facts["redrawn"] == [WEST]


def give(case, team):
    step = Step.objects.create(incident=case, at=timezone.now(), after=case.state, act="dispatch")
    return Assignment.objects.create(incident=case, team=team, since=step)


def team_of(case):
    return Assignment.objects.get(incident=case, ended=None).team


def test_an_open_case_goes_to_the_team_of_the_cell_it_lies_in(category):
    case = happen(7, 2, EAST, category, state="in_progress")
    give(case, EAST)
    codes = publish_now(split_east()).codes
    assert team_of(case) == codes[2]
    step = case.steps.last()
    assert (step.facts["was_team"], step.facts["team"]) == (EAST, codes[2])
    case.refresh_from_db()
    assert step.revision == case.revision == 1


def test_a_closed_case_stays_with_who_had_it(category):
    case = happen(7, 2, EAST, category, state="closed", closed_at=timezone.now())
    give(case, EAST)
    publish_now(split_east())
    assert team_of(case) == EAST


@pytest.mark.parametrize(("keep", "team"), [(False, WEST), (True, EAST)])
def test_a_case_on_ground_that_changes_hands_goes_along_unless_it_is_to_stay(keep, team, category):
    case = happen(5, 2, EAST, category, state="in_progress")
    give(case, EAST)
    drafts = [draft(1, rect(0, 0, 6, 10), WEST), draft(2, rect(6, 0, 10, 10), EAST)]
    publish_now(drafts, choices=Choices(keep_cases=keep))
    assert team_of(case) == team


def rules(owner="110113001"):
    found = RoutingTable.objects.in_force(owner, timezone.now()).first()
    return list(found.rules.values_list("name", "area")) if found else []


def test_a_rule_that_names_a_vanished_cell_names_its_heirs_in_a_new_version():
    author = user("li")
    table = RoutingTable.objects.create(owner="110113001", made_by=author)
    for position, (name, area) in enumerate([("甲", WEST), ("乙", EAST), ("丙", "")], 1):
        RoutingRule.objects.create(table=table, position=position, name=name, area=area, team="cell")
    RoutingTable.objects.update(number=1, begins=timezone.now(), published_by=author, published_at=timezone.now())
    codes = publish_now(split_east(), by=author).codes
    assert rules() == [("甲", WEST), ("乙", codes[3]), ("乙", codes[2]), ("丙", "")]
    assert list(table.rules.values_list("area", flat=True)) == [WEST, EAST, ""]


def test_a_draft_of_rules_is_changed_itself():
    table = RoutingTable.objects.create(owner="110113001", made_by=user("li"))
    RoutingRule.objects.create(table=table, position=1, name="乙", area=EAST, team="cell")
    codes = publish_now(split_east()).codes
    assert sorted(table.rules.values_list("area", flat=True)) == sorted([codes[3], codes[2]])


def test_a_saved_filter_goes_on_with_the_heir():
    SavedFilter.objects.create(user=user("li"), name="东片", query=f"area={EAST}&state=open")
    codes = publish_now(split_east()).codes
    assert SavedFilter.objects.get().query == f"area={codes[3]}&state=open"


def test_other_names_of_houses_go_with_them():
    drafts = split_east()
    house = build(8, 8, EAST)
    PlaceAlias.objects.create(kind="building", building=house, alias="红楼", area=EAST)
    codes = publish_now(drafts).codes
    assert PlaceAlias.objects.get().area == codes[3]
