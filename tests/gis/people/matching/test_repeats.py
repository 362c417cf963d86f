"""It finds who stands twice in one sheet, and joins nobody through a third who cannot be both."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.people.matching.persons import PERSONS
from gis.people.matching.repeats import Repeats, find_repeats
from tests.gis.people.matching.cast import EVERYBODY, FATHER, NEIGHBOUR, SON, TWIN_ONE, TWIN_TWO, table


def repeats(*rows) -> Repeats:
    return find_repeats(table(rows), PERSONS)


def test_it_takes_each_of_a_family_for_one():
    found = repeats(*EVERYBODY)
    assert found.group.tolist() == list(range(len(EVERYBODY)))
    assert found.people == len(EVERYBODY)


def test_it_groups_a_row_with_its_repetition():
    found = repeats(NEIGHBOUR, FATHER, NEIGHBOUR | {"name": "欧阳静宜", "phone": ""}, SON)
    assert found.group.tolist() == [0, 1, 0, 2]


def test_it_has_somebody_look_at_two_names_of_one_number():
    found = repeats(TWIN_ONE, TWIN_TWO | {"identity": ""}, FATHER | {"identity": NEIGHBOUR["identity"]}, NEIGHBOUR)
    assert found.group.tolist() == [0, 1, 2, 3]
    assert [2, 3] in found.doubtful.tolist()


def test_it_joins_nobody_through_a_third():
    """The row without a number fits both of two different ones."""
    first = NEIGHBOUR | {"phone": "12910000009"}
    other = first | {"identity": "370102199002110066"}
    found = repeats(first, first | {"identity": ""}, other)
    assert found.people == 3
    assert {(0, 1), (1, 2)} <= {tuple(pair) for pair in found.doubtful.tolist()}


def test_it_finds_none_in_nothing():
    assert repeats().people == 0
    assert repeats(FATHER).group.tolist() == [0]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(len(EVERYBODY) + 2)))
def test_it_minds_no_order(order):
    rows = [*EVERYBODY, EVERYBODY[0], EVERYBODY[5] | {"phone": ""}]
    found = repeats(*(rows[at] for at in order))
    place = np.argsort(order)
    assert found.people == len(EVERYBODY)
    assert found.group[place[0]] == found.group[place[7]]
    assert found.group[place[5]] == found.group[place[8]]
