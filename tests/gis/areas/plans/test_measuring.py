"""Figures of some cells are those of all cells, to the last digit, whatever has been drawn before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gis.areas.plans.measuring import measures, rows_of_cells
from tests.gis.areas.plans.acts import NAMES, Session, grounds
from tests.gis.areas.plans.planned import WEIGHTS

GROUNDS = grounds()
_part = st.floats(0, 1, allow_nan=False).map(lambda part: round(part, 3))
_act = st.tuples(st.sampled_from(NAMES), st.tuples(_part, _part, _part, _part))


@given(
    ground=st.sampled_from(sorted(GROUNDS)),
    acts=st.lists(_act, max_size=6),
    some=st.sets(st.integers(0, 12), max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_some_cells_are_measured_as_among_all(ground, acts, some):
    session = Session(GROUNDS[ground])
    for name, at in acts:
        session.act(name, at)
    drawing = session.drawing
    whole = {row["number"]: row for row in measures(drawing, WEIGHTS, 20.0).rows()}
    known = {number for number in some if number in whole}
    assert rows_of_cells(drawing, WEIGHTS, 20.0, some) == [whole[number] for number in sorted(known)]
