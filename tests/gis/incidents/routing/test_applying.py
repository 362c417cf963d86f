"""A filed case is sent on by the rules in force; what they did is told, and goes with the move that caused it."""

import pytest
from django.utils import timezone

from gis.incidents.routing.fitting import Facts
from gis.incidents.taking_back import undo
from gis.models import Assignment, Category, Department, Posting
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET
from tests.gis.incidents.loop import a_case, civil, go
from tests.gis.incidents.routing.tables import in_force

pytestmark = pytest.mark.django_db


def litter() -> Category:
    return Category.objects.get(kind="community", code="C0301")


def urban() -> Department:
    return Department.objects.get(code="urban")


def held(incident) -> list[tuple]:
    found = Assignment.objects.filter(incident=incident, ended=None).order_by("-lead", "pk")
    return [(one.department_id, one.team, one.handler_id, one.lead) for one in found]


def test_the_first_rule_that_fits_sends_the_case(cast):
    in_force(
        cast.li,
        {"name": "消防", "majors": ["消防安全"], "departments": [civil().pk]},
        {"name": "环卫", "categories": [litter().pk], "departments": [urban().pk, civil().pk]},
        {"name": "其余", "departments": [civil().pk]},
    )
    incident = a_case()
    go(cast, "zhou", incident, "file")
    assert incident.state == "dispatched"
    assert incident.department == urban()
    assert held(incident) == [(urban().pk, "", None, True), (civil().pk, "", None, False)]


def test_a_step_tells_which_rule_of_which_version_took_it_and_what_the_case_was_like(cast):
    table = in_force(cast.li, {"name": "环卫", "reason": "街道职责清单", "departments": [urban().pk]})
    incident = a_case()
    go(cast, "zhou", incident, "file")
    step = incident.steps.get(act="dispatch")
    rule = step.facts["rule"]
    assert step.actor is None
    assert (rule["name"], rule["reason"], rule["number"], rule["table"]) == ("环卫", "街道职责清单", 1, table.pk)
    facts = Facts.of_told(rule["case"])
    assert (facts.area, facts.category, facts.major) == (incident.area, litter().pk, "环境卫生")
    assert facts.at == timezone.localtime(incident.steps.get(act="file").at)


def test_where_no_rule_fits_the_case_waits_for_a_person(cast):
    in_force(cast.li, {"majors": ["消防安全"], "departments": [civil().pk]})
    incident = a_case()
    go(cast, "zhou", incident, "file")
    assert incident.state == "filed"
    assert [step.act for step in incident.steps.all()] == ["file"]


def test_a_street_goes_before_its_district_and_another_street_has_no_say(cast):
    in_force(cast.chen, {"departments": [civil().pk]}, owner=OTHER_STREET)
    in_force(cast.sun, {"departments": [civil().pk]}, owner=DISTRICT)
    first, second = a_case(), a_case()
    go(cast, "zhou", first, "file")
    assert first.department == civil()
    in_force(cast.li, {"departments": [urban().pk]})
    go(cast, "zhou", second, "file")
    assert second.department == urban()


def test_a_rule_may_send_a_case_to_the_workers_of_its_place(cast):
    in_force(cast.li, {"team": "cell"})
    incident = a_case(area=CELL)
    go(cast, "zhou", incident, "file")
    assert held(incident) == [(None, CELL, None, True)]


def test_a_cell_without_a_worker_is_looked_after_by_its_community(cast):
    Posting.objects.filter(area=CELL).delete()
    in_force(cast.li, {"team": "cell"})
    incident = a_case(area=CELL)
    go(cast, "zhou", incident, "file")
    assert held(incident) == [(None, COMMUNITY, None, True)]


def test_a_person_who_has_left_is_not_asked_and_the_case_goes_to_the_department(cast):
    cast.he.department = urban()
    cast.he.save()
    in_force(cast.li, {"departments": [urban().pk], "handler": cast.he})
    first, second = a_case(), a_case()
    go(cast, "zhou", first, "file")
    assert held(first) == [(urban().pk, "", cast.he.pk, True)]
    cast.he.is_active = False
    cast.he.save()
    go(cast, "zhou", second, "file")
    assert held(second) == [(urban().pk, "", None, True)]


def test_a_rule_may_put_a_case_on_a_higher_desk_and_leave_it_there(cast):
    in_force(cast.li, {"level": 6})
    incident = a_case()
    go(cast, "zhou", incident, "file")
    assert (incident.state, incident.level) == ("filed", 6)
    assert [step.act for step in incident.steps.all()] == ["file", "escalate", "escalate"]


def test_a_rule_may_leave_it_to_a_person(cast):
    in_force(cast.li, {"by_hand": True, "reason": "每件都要先开会"}, {"departments": [civil().pk]})
    incident = a_case()
    go(cast, "zhou", incident, "file")
    assert incident.state == "filed"
    assert incident.steps.last().note == "每件都要先开会"


def test_a_case_that_comes_back_is_not_sent_the_same_way_again(cast):
    in_force(cast.li, {"departments": [civil().pk]})
    incident = a_case()
    go(cast, "zhou", incident, "file")
    go(cast, "he", incident, "return")
    assert incident.state == "filed"


def test_taking_the_filing_back_takes_back_what_the_rules_did(cast):
    in_force(cast.li, {"departments": [civil().pk], "level": 9})
    incident = a_case()
    filed = go(cast, "zhou", incident, "file")
    undo(filed.pk, user=cast.zhou, access=cast.zhou.access)
    incident.refresh_from_db()
    assert (incident.state, incident.level, incident.department) == ("reported", 12, None)
    assert held(incident) == []


def test_a_broken_rule_leaves_a_case_filed_and_loses_nothing(cast):
    gone = Department.objects.create(code="gone", name="将撤销的部门")
    in_force(cast.li, {"departments": [gone.pk]})
    gone.delete()
    incident = a_case()
    go(cast, "zhou", incident, "file")
    assert incident.state == "filed"
