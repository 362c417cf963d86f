"""Open cases that may be one are offered in groups, each like the first of its group."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.incidents.duplicates.grouping import find_groups, grouped
from gis.models import Category, Incident
from tests.gis.incidents.loop import a_case, go
from tests.gis.incidents.reported import NOON

pytestmark = pytest.mark.django_db
#: Degrees of longitude to a metre, at the town's latitude.
METRE = 1 / 85_200


def cases(*metres: float, code: str = "C0404", **said) -> list[Incident]:
    """Cases of a burst pipe, so many metres along a street that runs east."""
    category = Category.objects.get(kind="community", code=code)
    made = [a_case(lon=116.66 + metre * METRE, **said) for metre in metres]
    Incident.objects.filter(pk__in=[one.pk for one in made]).update(category=category)
    return list(Incident.objects.filter(pk__in=[one.pk for one in made]).select_related("category").order_by("pk"))


def sizes(groups) -> list[int]:
    return [len(group.members) for group in groups]


def test_near_reports_of_one_kind_are_a_group(db):
    assert sizes(grouped(cases(0, 10, 60))) == [3]


def test_a_street_full_of_neighbours_is_no_chain(db):
    """Each is 60 m from the next, so one would lead to the other along the whole street."""
    assert sizes(grouped(cases(*range(0, 600, 60)))) == [2] * 5


def test_another_kind_far_or_much_later_is_another_matter(db):
    pipe = cases(0)
    assert sizes(grouped(pipe + cases(0, code="C0601"))) == [1, 1]
    assert sizes(grouped(pipe + cases(150))) == [1, 1]
    assert sizes(grouped(pipe + cases(10, at=NOON + timedelta(days=30)))) == [1, 1]


def test_the_one_furthest_on_its_way_is_kept(db):
    first, second, third = cases(0, 5, 9)
    second.state = "in_progress"
    (group,) = grouped([first, second, third])
    assert group.kept.incident == second
    assert [one.incident for one in group.others] == [first, third]


def test_only_what_one_may_merge_is_offered(cast):
    Incident.objects.all().update(state="closed")
    now = timezone.now()
    cases(0, 5, 9, at=now)
    assert sizes(find_groups(cast.li.access, now)) == [3]
    assert find_groups(cast.chen.access, now) == []
    assert find_groups(cast.wang.access, now) == []


def test_what_has_gone_above_ones_desk_is_not_offered(cast):
    Incident.objects.all().update(state="closed")
    now = timezone.now()
    for one in cases(0, 5, at=now):
        go(cast, "zhou", one, "escalate")
    assert find_groups(cast.zhou.access, now) == []
    assert sizes(find_groups(cast.li.access, now)) == [2]
