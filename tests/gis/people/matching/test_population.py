"""Two thousand invented people and a sheet with all kinds of error: what is linked is right, and most is linked."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.people.identity import check_character
from gis.people.matching.linking import Links, link
from gis.people.matching.persons import PERSONS
from tests.bench.match_errors import Rates, Tried, make
from tests.gis.people.matching.cast import matched, person


@pytest.fixture(scope="module")
def tried() -> Tried:
    return make(2000, 5, Rates(no_identity=0.3))


@pytest.fixture(scope="module")
def links(tried) -> Links:
    return link(tried.sheet, tried.known, PERSONS)


def test_it_links_right_and_links_most(tried, links):
    sure = links.sure()
    known = tried.truth >= 0
    assert ((sure >= 0) & (sure != tried.truth)).sum() <= 1
    assert (sure == tried.truth)[known].mean() > 0.9


def test_it_offers_most_of_the_others_for_review(tried, links):
    offered = np.isin(np.arange(len(tried.truth)), links.row[links.known == tried.truth[links.row]])
    assert offered[tried.truth >= 0].mean() > 0.98


def test_its_people_are_nobody(tried):
    numbers = [number for number in tried.known["identity"] if number]
    assert len(set(numbers)) == len(numbers)
    assert all(check_character(number) != number[17] for number in numbers)
    assert all(phone.startswith("129") for phone in tried.known["phone"] if phone)


people = st.builds(
    lambda name, day, sex: person(name, str(day), sex),
    st.text("王李张刘陈伟芳娜敏静强磊军洋艳勇杰娟涛明超秀兰霞平刚桂英", min_size=2, max_size=4),
    st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    st.sampled_from("12"),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(people, min_size=1, max_size=12))
def test_it_is_sure_of_every_exact_copy(known):
    """Whoever has a number of their own, whatever else they share with the others."""
    known = [
        one | {"identity": f"110113{one['birth'].replace('-', '')}{at * 37:03}{at % 10}", "address": "甲园1号楼1室"}
        for at, one in enumerate(known)
    ]
    assert matched(known, known).sure().tolist() == list(range(len(known)))
