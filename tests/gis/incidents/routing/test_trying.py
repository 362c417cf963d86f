"""A draft is tried on the cases of the past before it decides."""

import pytest

from gis.incidents.routing.asking import ordered
from gis.incidents.routing.trying import last_cases, never_reached, try_draft
from gis.models import Category, Department, Step
from tests.cast import COMMUNITY, STREET
from tests.gis.incidents.loop import civil
from tests.gis.incidents.routing.tables import a_draft, in_force

pytestmark = pytest.mark.django_db


def urban() -> Department:
    return Department.objects.get(code="urban")


def test_a_trial_counts_what_would_change_and_stores_nothing(cast):
    litter = Category.objects.get(kind="community", code="C0301")
    in_force(cast.li, {"departments": [civil().pk]})
    draft = a_draft(cast.li, {"categories": [litter.pk], "departments": [urban().pk]}, {"departments": [civil().pk]})
    steps = Step.objects.count()
    cases = list(last_cases(STREET, cast.li.access.which("incident.read"), 300))
    trial = try_draft(draft, cases)
    of_litter = sum(case.category_id == litter.pk for case in cases)
    assert len(trial.cases) == len(cases)
    assert len(trial.changed) == of_litter > 0
    ((before, after, number),) = trial.flows
    assert (before.departments, after.departments, number) == ((civil().pk,), (urban().pk,), of_litter)
    assert sorted(trial.hits.values()) == sorted([of_litter, len(cases) - of_litter])
    assert Step.objects.count() == steps


def test_a_trial_says_how_often_people_decided_alike(cast):
    draft = a_draft(cast.li, {"departments": [civil().pk]})
    cases = list(last_cases(STREET, cast.li.access.which("incident.read"), 500))
    agreed, judged = try_draft(draft, cases).agreed("after")
    sent = [case.went for case in cases if case.went]
    assert (agreed, judged) == (sent.count(civil().pk), len(sent))


def test_a_case_that_no_rule_fits_is_counted(cast):
    draft = a_draft(cast.li, {"area": COMMUNITY, "team": "community"})
    cases = list(last_cases(STREET, cast.li.access.which("incident.read"), 500))
    trial = try_draft(draft, cases)
    assert trial.unmatched("before") == len(cases)
    assert trial.unmatched("after") == sum(not case.area.startswith(COMMUNITY) for case in cases)


def test_only_cases_in_scope_are_tried(cast):
    assert not last_cases(STREET, cast.chen.access.which("incident.read"), 10)
    assert all(
        case.area.startswith(COMMUNITY) for case in last_cases(STREET, cast.zhou.access.which("incident.read"), 10)
    )


def test_a_rule_below_one_that_asks_less_is_named(cast):
    draft = a_draft(
        cast.li,
        {"name": "社区", "area": COMMUNITY, "by_hand": True},
        {"name": "社区夜间", "area": COMMUNITY, "weekdays": [6, 7], "by_hand": True},
        {"name": "街道", "by_hand": True},
    )
    found = never_reached(ordered(draft))
    assert [(str(rule), str(found[str(rule.key)])) for rule in ordered(draft) if str(rule.key) in found] == [
        ("社区夜间", "社区")
    ]
