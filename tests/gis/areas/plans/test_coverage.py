"""Whatever a planner does, the cells of a plan cover its outline exactly, and every act can be taken back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.packing import pack_drawing, unpack_drawing
from tests.gis.areas.plans.acts import ACTS, NAMES, Session, checked_act, grounds, worst_fault_m2
from tests.gis.areas.plans.planned import assert_same

GROUNDS = grounds()
_part = st.floats(0, 1, allow_nan=False).map(lambda part: round(part, 3))
_act = st.tuples(st.sampled_from(NAMES), st.tuples(_part, _part, _part, _part))


@given(ground=st.sampled_from(sorted(GROUNDS)), acts=st.lists(_act, min_size=1, max_size=9))
@settings(max_examples=500, deadline=None)
def test_any_acts_leave_a_coverage_and_can_be_taken_back(ground, acts):
    start = GROUNDS[ground]
    session = Session(start)
    for name, at in acts:
        checked_act(session, name, at)
    assert_same(unpack_drawing(pack_drawing(session.drawing)), session.drawing)
    while session.act("undo", (0, 0, 0, 0)):
        pass
    assert_same(session.drawing, start)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_is_done_at_least_once(name):
    """So that the test above is not one of refusals."""
    tried = 0
    for ground in ("river", "communities"):
        for number in range(60):
            session = Session(GROUNDS[ground])
            if name in ("fill", "gather", "passage"):
                session.act("paint", (0.3, 0.4, 0.6, 0.3))
            at = tuple((0.137 * (number + 1) * k) % 1 for k in (1, 2.3, 3.7, 5.9))
            tried += session.act(name, at)
    assert tried >= 5


def test_the_measure_of_the_bench_is_nothing():
    assert worst_fault_m2(8, 6) == 0
