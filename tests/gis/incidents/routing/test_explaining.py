"""Why a case was sent where it is, also after the rules have changed."""

import pytest
from django.utils import timezone

from gis.incidents.routing.explaining import why_sent
from gis.incidents.taking_back import undo
from gis.models import RoutingTable
from tests.gis.incidents.loop import a_case, brought_to, civil, go
from tests.gis.incidents.routing.tables import in_force

pytestmark = pytest.mark.django_db


def test_it_names_the_rule_and_those_asked_before_it(cast):
    in_force(
        cast.li,
        {"name": "消防", "majors": ["消防安全"], "by_hand": True},
        {"name": "热线", "origins": ["hotline"], "by_hand": True},
        {"name": "其余", "departments": [civil().pk]},
    )
    incident = a_case()
    go(cast, "zhou", incident, "file")
    in_force(cast.li, {"name": "新的", "by_hand": True})
    RoutingTable.objects.filter(number=2).update(begins=timezone.now())
    why = why_sent(incident)
    assert (why.rule["name"], why.ruling.rule.name) == ("其余", "其余")
    assert [(rule.name, field) for rule, field in why.ruling.passed] == [("消防", "kind"), ("热线", "origin")]


def test_it_says_when_a_person_decided(cast):
    incident = brought_to(cast, "dispatched")
    why = why_sent(incident)
    assert why.rule is None
    assert why.step.actor == cast.zhou


def test_it_says_nothing_of_what_was_taken_back(cast):
    in_force(cast.li, {"departments": [civil().pk]})
    incident = a_case()
    filed = go(cast, "zhou", incident, "file")
    undo(filed.pk, user=cast.zhou, access=cast.zhou.access)
    assert why_sent(incident) is None
