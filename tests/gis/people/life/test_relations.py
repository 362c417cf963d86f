"""Who is what to a new head. Families drawn on paper."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.codes.loading import read_table
from gis.people.life.relations import HEAD, SPOUSES, UNRELATED, Kin, child_of, propose_head, relations_under

CODES = sorted(row["code"] for row in read_table("relation"))
MEN = {
    "11",
    *(f"2{n}" for n in range(10)),
    "46",
    "57",
    "41",
    "43",
    "47",
    "51",
    "53",
    "55",
    "61",
    "63",
    "71",
    "73",
    "76",
    "78",
    "81",
    "83",
    "85",
    "93",
    "95",
}
WOMEN = {
    "12",
    *(f"3{n}" for n in range(10)),
    "45",
    "58",
    "42",
    "44",
    "48",
    "52",
    "54",
    "56",
    "62",
    "64",
    "72",
    "74",
    "75",
    "77",
    "88",
    "90",
    "94",
    "96",
}
DAY = date(2026, 5, 20)


def kin(key: int, relation: str, sex: str, year: int) -> Kin:
    return Kin(key, relation, sex, date(year, 1, 1))


FATHER, MOTHER = kin(1, "02", "1", 1950), kin(2, "12", "2", 1952)
SON, WIFE, GRANDSON = kin(3, "20", "1", 1975), kin(4, "38", "2", 1977), kin(5, "41", "1", 2005)
DAUGHTER, LODGER = kin(6, "30", "2", 1978), kin(7, "99", "1", 1990)


def test_a_widow_keeps_her_children_and_grandchildren():
    assert relations_under(MOTHER, FATHER, [MOTHER, SON, WIFE, GRANDSON, DAUGHTER, LODGER]) == {
        2: "02", 3: "20", 4: "38", 5: "41", 6: "30", 7: "99",
    }  # fmt: skip


def test_a_son_has_his_mother_wife_and_son_and_a_sister():
    assert relations_under(SON, FATHER, [MOTHER, SON, WIFE, GRANDSON, DAUGHTER, LODGER]) == {
        2: "52", 3: "02", 4: "12", 5: "20", 6: "77", 7: "99",
    }  # fmt: skip


def test_it_asks_whose_wife_and_child_where_there_are_two_sons():
    brother = kin(8, "23", "1", 1980)
    found = relations_under(SON, FATHER, [MOTHER, SON, brother, WIFE, GRANDSON])
    assert (found[4], found[5], found[8]) == ("", "", "73")


def test_a_daughter_knows_her_brothers_wife_and_child():
    found = relations_under(DAUGHTER, FATHER, [MOTHER, SON, WIFE, GRANDSON, DAUGHTER])
    assert found == {2: "52", 3: "71", 4: "72", 5: "93", 6: "02"}


def test_parents_and_parents_in_law_change_places():
    husbands_father, own_mother = kin(8, "51", "1", 1925), kin(9, "56", "2", 1930)
    assert relations_under(MOTHER, FATHER, [MOTHER, husbands_father, own_mother]) == {2: "02", 8: "53", 9: "52"}


def test_an_old_head_who_stays_is_turned_round():
    assert relations_under(SON, FATHER, [FATHER, MOTHER, SON])[1] == "51"
    assert relations_under(MOTHER, FATHER, [FATHER, MOTHER])[1] == "11"
    assert relations_under(WIFE, FATHER, [FATHER, MOTHER, SON, WIFE, GRANDSON]) == {
        1: "53", 2: "54", 3: "11", 4: "02", 5: "20",
    }  # fmt: skip


def test_a_stepchild_is_asked_about():
    step = kin(8, "27", "1", 1999)
    assert relations_under(MOTHER, FATHER, [MOTHER, step])[8] == ""
    assert relations_under(step, FATHER, [MOTHER, step])[2] == ""


def test_a_flatmate_knows_nobody():
    other = kin(8, "99", "1", 1991)
    assert relations_under(LODGER, FATHER, [MOTHER, LODGER, other]) == {2: "", 7: "02", 8: ""}


@pytest.mark.parametrize(
    ("left", "head"),
    [
        ([MOTHER, SON, DAUGHTER], 2), ([DAUGHTER, SON], 3), ([GRANDSON, WIFE], 4), ([LODGER, DAUGHTER], 6),
        ([kin(9, "41", "1", 2015)], None), ([], None), ([Kin(9, "12", "2")], 9),
    ],
)  # fmt: skip
def test_it_proposes_the_spouse_then_the_eldest_child(left, head):
    assert propose_head(left, DAY) == head


@pytest.mark.parametrize(
    ("mother", "boy", "girl"),
    [("02", "20", "30"), ("12", "20", "30"), ("38", "41", "42"), ("32", "43", "44"), ("99", "99", "99"), ("", "", "")],
)
def test_a_newborn_is_what_the_mother_makes_it(mother, boy, girl):
    assert (child_of(mother, "1"), child_of(mother, "2")) == (boy, girl)


people = st.builds(
    Kin,
    key=st.integers(2, 9),
    relation=st.sampled_from([code for code in CODES if code not in ("01", "02")] + [""]),
    sex=st.sampled_from(["0", "1", "2"]),
    born=st.none() | st.dates(date(1930, 1, 1), date(2020, 1, 1)),
)
households = st.lists(people, min_size=1, max_size=6, unique_by=lambda one: one.key)


@given(households, st.sampled_from(["0", "1", "2"]), st.booleans())
def test_it_never_invents_a_relation(members, sex, stays):
    old = Kin(1, HEAD, sex, date(1940, 1, 1))
    new = members[0]
    found = relations_under(new, old, [*members, *([old] if stays else [])])
    assert found.keys() == {one.key for one in members} | ({1} if stays else set())
    assert found[new.key] == HEAD
    assert set(found.values()) <= {*CODES, ""}
    assert list(found.values()).count(HEAD) == 1


def _agrees(one: Kin) -> bool:
    """Whether a code says the sex that is written down: files hold others."""
    return one.relation not in {"1": WOMEN, "2": MEN}.get(one.sex, set())


@given(households.filter(lambda all_: all(map(_agrees, all_))), st.sampled_from(["1", "2"]))
def test_no_woman_becomes_somebodys_brother(members, sex):
    old = Kin(1, HEAD, sex, date(1940, 1, 1))
    found = relations_under(members[0], old, [*members, old])
    changed = [one for one in [*members, old] if found[one.key] != one.relation]
    assert all(_agrees(Kin(one.key, found[one.key], one.sex)) for one in changed)


@given(st.lists(people, max_size=5, unique_by=lambda one: one.key), st.sampled_from(["1", "2"]))
def test_a_headship_passed_on_and_back_changes_nothing_but_what_is_asked(others, sex):
    """Head to spouse and back: who was somebody's child, parent or lodger is that again, or is asked."""
    old, new = Kin(1, HEAD, sex), Kin(10, "12" if sex == "1" else "11", "2" if sex == "1" else "1")
    away = [one for one in others if one.relation not in SPOUSES]
    there = relations_under(new, old, [old, new, *away])
    moved = {one.key: Kin(one.key, there[one.key], one.sex, one.born) for one in [old, new, *away]}
    back = relations_under(moved[1], moved[10], moved.values())
    assert back[1] == HEAD
    assert back[10] == new.relation
    kept = {"20", "22", "30", "32", "28", "38", "41", "42", "43", "44", UNRELATED}
    assert all(back[one.key] == one.relation for one in away if one.relation in kept)
