"""A form at the door: it knows the person again among the few a query brought."""

import pytest

from gis.people.matching.door import likely
from gis.people.matching.persons import PERSONS
from tests.gis.people.matching.cast import EVERYBODY, FATHER, NEIGHBOUR, SON, TWIN_ONE, TWIN_TWO, person

CITY = 5_000_000


def test_it_knows_somebody_again_with_an_error():
    found = likely(NEIGHBOUR | {"name": "欧阳静宜", "identity": ""}, EVERYBODY, PERSONS, CITY)
    assert (found[0].place, found[0].sure) == (EVERYBODY.index(NEIGHBOUR), True)


@pytest.mark.parametrize(
    ("row", "candidate"),
    [
        (TWIN_TWO | {"identity": ""}, TWIN_ONE),
        (FATHER | {"identity": "", "birth": ""}, SON),
        (NEIGHBOUR, NEIGHBOUR | {"identity": "370102199002110066"}),
        (FATHER | {"identity": NEIGHBOUR["identity"]}, NEIGHBOUR),
    ],
)
def test_it_is_not_sure_of_a_relative(row, candidate):
    assert not any(one.sure for one in likely(row, [candidate], PERSONS, CITY))


def test_it_shows_a_number_that_is_anothers():
    assert likely(FATHER | {"identity": NEIGHBOUR["identity"]}, [NEIGHBOUR], PERSONS, CITY)


def test_it_says_the_less_the_more_have_the_name():
    row = person("王伟", "1980-05-03", "1")
    rare, often = (likely(row, [row], PERSONS, CITY, {"name": count})[0] for count in (2, 20_000))
    assert rare.probability > often.probability
    assert not often.sure


def test_it_shows_nobody_where_nobody_is_like():
    assert likely(person("钱多多", "2001-01-05"), EVERYBODY, PERSONS, CITY) == []
    assert likely(person("", ""), EVERYBODY, PERSONS, CITY) == []
    assert likely(FATHER, [], PERSONS, CITY) == []
