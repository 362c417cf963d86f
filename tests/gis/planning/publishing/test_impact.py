"""What a publication would do, told before anything is done."""

import pytest
from django.utils import timezone

from gis.models import Incident
from gis.planning.publishing.impact import Moved, impact
from tests.gis.planning.publishing.paper import HOME, build, draft, happen, rect

WEST, EAST = f"{HOME}001", f"{HOME}002"

pytestmark = pytest.mark.usefixtures("halves")


def test_it_tells_houses_homes_and_open_cases_by_pair_of_cells(category):
    build(6, 5, EAST, households=2)
    for i in (4, 5, 6, 6, 8):
        happen(i, 5, WEST if i < 5 else EAST, category)
    happen(6, 5, EAST, category, state="closed")
    wider = [draft(1, rect(0, 0, 7, 10), WEST), draft(2, rect(7, 0, 10, 10), EAST)]
    found = impact(wider, [HOME], timezone.localdate())
    assert found.moved == [Moved(EAST, WEST, buildings=1, households=2, cases=3)]
    assert Incident.objects.filter(area=WEST).count() == 1  # nothing was changed


def test_a_plan_of_what_is_moves_nothing(category):
    happen(4, 5, WEST, category)
    same = [draft(1, rect(0, 0, 5, 10), WEST), draft(2, rect(5, 0, 10, 10), EAST)]
    assert impact(same, [HOME], timezone.localdate()).moved == []
