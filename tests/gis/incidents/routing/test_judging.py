"""What is refused of a rule, and under which field."""

from datetime import date, time

import pytest

from gis.errors import Refused
from gis.incidents.routing.judging import judge_rule
from gis.models import Department, RoutingRule
from tests.cast import COMMUNITY, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"area": OTHER_STREET}, "area"),
        ({"area": STREET + "999"}, "area"),
        ({"categories": [0]}, "categories"),
        ({"majors": ["没有的大类"]}, "categories"),
        ({"origins": ["鸽子"]}, "origins"),
        ({"weekdays": [0]}, "weekdays"),
        ({"since": time(8)}, "hours"),
        ({"since": time(8), "until": time(8)}, "hours"),
        ({"starts": date(2026, 3, 2), "ends": date(2026, 3, 1)}, "ends"),
        ({"by_hand": False}, "by_hand"),
        ({"level": 6}, "by_hand"),
        ({"by_hand": False, "departments": [0]}, "departments"),
    ],
)
def test_what_cannot_be_is_refused_by_field(db, said, field):
    rule = RoutingRule(**{"name": "规则", "by_hand": True} | said)
    with pytest.raises(Refused) as refusal:
        judge_rule(rule, STREET)
    assert list(refusal.value.fields) == [field]


def test_a_person_belongs_to_a_department_or_the_ground_of_the_rule(cast):
    urban = Department.objects.get(code="urban")
    for said in ({"departments": [cast.he.department_id]}, {"departments": [urban.pk], "team": "cell"}):
        judge_rule(RoutingRule(name="规则", handler=cast.he if len(said) == 1 else cast.wang, **said), STREET)
    for handler, said in ((cast.he, {"departments": [urban.pk]}), (cast.chen, {"team": "cell"})):
        with pytest.raises(Refused) as refusal:
            judge_rule(RoutingRule(name="规则", handler=handler, **said), STREET)
        assert list(refusal.value.fields) == ["handler"]


def test_a_plain_rule_of_a_community_is_kept(db):
    judge_rule(RoutingRule(name="规则", area=COMMUNITY, team="cell"), STREET)
