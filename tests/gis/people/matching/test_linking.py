"""It links who is the same, has somebody look at who may be, and lets nobody take a brother's place."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.people.matching.linking import link
from gis.people.matching.persons import FIELDS, PERSONS
from tests.gis.people.matching.cast import (
    DOTTED,
    EVERYBODY,
    FATHER,
    MOTHER,
    NEIGHBOUR,
    SON,
    TWIN_ONE,
    TWIN_TWO,
    decided,
    matched,
    person,
    table,
)

SURE, UNSURE, NEW = "sure", "unsure", "new"


def test_it_links_every_copy_to_itself():
    links = matched(EVERYBODY)
    assert links.sure().tolist() == list(range(len(EVERYBODY)))


@pytest.mark.parametrize(
    "change",
    [
        {"name": "欧阳静宜"},  # same sound
        {"name": "歐陽靜怡"},
        {"name": "欧阳怡静"},
        {"name": "欧阳靜"},
        {"birth": "1990-11-02"},  # day and month
        {"birth": "1990"},
        {"birth": "1990-02-17"},
        {"identity": "130102199002110084"},  # neighbours swapped
        {"identity": "13010219900211004"},  # one lost
        {"identity": "130102********0048"},
        {"identity": "", "address": "建新北区12-3-401"},
        {"identity": "", "phone": ""},
        {"phone": "13912345678", "address": "别处花园1号楼101"},
        {"name": "欧阳静怡（女）", "phone": "+86 129-1000-0009"},
    ],
)
def test_it_links_a_row_with_one_error(change):
    assert decided(NEIGHBOUR | change) == (SURE, EVERYBODY.index(NEIGHBOUR))


@pytest.mark.parametrize(
    "name", ["艾合买提吐尔逊", "艾合买提•吐尔逊", "艾合买提．吐尔逊", "艾合买提", "艾合麦提·吐尔逊"]
)
def test_it_links_names_with_a_dot_however_they_are_written(name):
    assert decided(DOTTED | {"name": name}) == (SURE, EVERYBODY.index(DOTTED))


@pytest.mark.parametrize(
    "row",
    [
        FATHER | {"identity": NEIGHBOUR["identity"]},  # a number belongs to another
        TWIN_ONE | {"identity": TWIN_TWO["identity"]},
        TWIN_ONE | {"identity": "", "name": "赵子晨"},  # which twin, or a third
        FATHER | {"identity": "", "birth": ""},  # he or his son
        SON | {"identity": "110113198309200059"},  # another number
        NEIGHBOUR | {"identity": "", "birth": "", "sex": ""},
    ],
)
def test_it_has_somebody_look(row):
    assert decided(row)[0] == UNSURE


def test_it_shows_both_persons_whose_number_and_name_are_told_in_one_row():
    links = matched([FATHER | {"identity": NEIGHBOUR["identity"]}])
    assert {EVERYBODY.index(FATHER), EVERYBODY.index(NEIGHBOUR)} <= set(links.known.tolist())


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (TWIN_TWO | {"identity": ""}, [TWIN_ONE]),
        (TWIN_TWO, [TWIN_ONE]),
        (SON | {"identity": ""}, [FATHER]),
        (SON | {"identity": "", "birth": ""}, [FATHER]),
        (SON | {"identity": "", "birth": "1983", "phone": FATHER["phone"]}, [FATHER]),
        (person("赵小梅", "1984-02-02", "2", "", FATHER["phone"], FATHER["address"]), EVERYBODY),
        (MOTHER | {"name": "孙秀芳", "birth": "1960-08-01", "identity": ""}, [MOTHER]),
    ],
)
def test_it_never_surely_links_a_relative(row, known):
    assert decided(row, known)[0] != SURE


@pytest.mark.parametrize(
    "row",
    [
        person("钱多多", "2001-01-05", "1", "370102200101050019", "12999999999", "光明花园1号楼1单元101室"),
        person("赵子轩", "1988-12-12", "1", "370102198812120014"),
        person("", ""),
    ],
)
def test_it_finds_a_stranger_new(row):
    assert decided(row) == (NEW, -1)


def test_it_takes_no_number_alone_for_a_person_of_another_birth():
    assert decided({"identity": SON["identity"]})[0] == SURE
    assert decided({"identity": SON["identity"], "birth": "1950-01-05"})[0] == UNSURE


def test_it_matches_nothing_with_nothing():
    assert len(matched([]).sure()) == 0
    assert matched([FATHER], []).judged.decision.tolist() == [NEW]
    assert len(link({}, {}, PERSONS).sure()) == 0


def test_it_may_have_each_known_person_once_only():
    twice = [NEIGHBOUR, NEIGHBOUR | {"phone": ""}]
    assert matched(twice).sure().tolist() == [5, 5]
    assert link(table(twice), table(EVERYBODY), PERSONS, single=True).sure().tolist() == [5, -1]


odd = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.floats(allow_nan=True),
    st.integers(),
    st.dates(),
    st.sampled_from([row[field] for row in EVERYBODY for field in FIELDS]),
    st.just(float("nan")),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, odd)), max_size=6), st.booleans())
def test_it_takes_whatever_stands_in_a_cell(rows, among_themselves):
    links = matched(rows, rows if among_themselves else EVERYBODY)
    assert len(links.judged.decision) == len(rows)
    assert np.isfinite(links.probability).all()
    assert ((links.probability >= 0) & (links.probability <= 1 + 1e-9)).all()


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(len(EVERYBODY))), st.permutations(range(len(EVERYBODY))))
def test_it_minds_no_order(rows, known):
    worse = [row | {"phone": "", "identity": "" if at % 2 else row["identity"]} for at, row in enumerate(EVERYBODY)]
    plain, other = matched(worse), matched([worse[at] for at in rows], [EVERYBODY[at] for at in known])
    for place, at in enumerate(rows):
        best = other.judged.best[place]
        assert other.judged.decision[place] == plain.judged.decision[at]
        assert (known[best] if best >= 0 else -1) == plain.judged.best[at]
        assert other.judged.probability[place] == pytest.approx(plain.judged.probability[at], abs=1e-3)
