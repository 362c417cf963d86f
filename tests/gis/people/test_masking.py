"""Who sees how much of a person: the table, held against the standards note, and the masks it names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.accounts.roles import roles
from gis.accounts.scope import Access
from gis.people.masking import (
    HIDDEN,
    mask_identity,
    mask_name,
    mask_phone,
    rule,
    shown_name,
    shown_where,
)

CELL, NEXT_CELL = "110113001006001", "110113001006002"
COMMUNITY, STREET, DISTRICT = CELL[:12], CELL[:9], CELL[:6]
FIELDS = ["name", "identity", "phone", "room", "needs", "born"]


def access(*postings: tuple[str, str]) -> Access:
    class Posting:
        def __init__(self, role: str, area: str) -> None:
            self.role, self.area = role, area

    return Access.of_postings([Posting(*posting) for posting in postings])


@pytest.mark.parametrize(
    ("role", "area", "shown"),
    [
        ("grid_worker", CELL, ["full", "last4", "full", "full", "full", "full"]),
        ("community_supervisor", COMMUNITY, ["full", "masked", "full", "full", "full", "full"]),
        ("street_supervisor", STREET, ["masked", "masked", "masked", "building", "counts", "age"]),
        ("district_supervisor", DISTRICT, ["masked", "none", "none", "cell", "counts", "age"]),
        ("planner", STREET, ["none"] * 6),
        ("department_officer", DISTRICT, ["none"] * 6),
        ("administrator", DISTRICT, ["none"] * 6),
    ],
)
def test_it_shows_each_role_what_the_table_of_the_standards_says(role, area, shown):
    assert [rule(access((role, area)), field, CELL) for field in FIELDS] == shown


def test_it_shows_nothing_to_a_role_that_may_not_read_people():
    for role in roles().values():
        if "people.read" not in role.capabilities:
            reader = access((role.code, "1" * role.lengths[-1]))
            assert {rule(reader, field, "1" * 15) for field in FIELDS} == {"none"}


@pytest.mark.parametrize("field", FIELDS)
def test_it_shows_nothing_of_a_person_outside_the_posting(field):
    assert rule(access(("grid_worker", CELL)), field, NEXT_CELL) == "none"
    assert rule(access(("grid_worker", CELL)), field, COMMUNITY) == "none"
    assert rule(Access.none(), field, CELL) == "none"


def test_it_goes_by_the_posting_that_covers_the_person_and_by_the_most_open_of_those():
    both = access(("street_supervisor", STREET), ("grid_worker", CELL))
    assert rule(both, "name", CELL) == "full"
    assert rule(both, "name", NEXT_CELL) == "masked"
    assert rule(both, "name", "110113002001001") == "none"


def test_it_says_where_a_field_is_shown_as_it_says_how():
    both = access(("street_supervisor", STREET), ("grid_worker", CELL))
    for field in FIELDS:
        for way in ("full", "masked", "last4", "counts", "none"):
            for area in (CELL, NEXT_CELL):
                if rule(both, field, area) == way != "none":
                    assert shown_where(both, field, way).covers(area)


def test_it_does_not_know_a_field_outside_the_table():
    with pytest.raises(KeyError):
        rule(access(("grid_worker", CELL)), "religion", CELL)


@given(st.text(min_size=1, max_size=12))
def test_a_masked_name_keeps_the_first_sign_alone(name):
    masked = mask_name(name)
    assert masked[0] == name[0]
    assert set(masked[1:]) == {"*"}


@pytest.mark.parametrize(("name", "masked"), [("张三", "张*"), ("张三丰", "张**"), ("张", "张*"), ("𠮷田", "𠮷*")])
def test_a_masked_name_looks_like(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize("how", ["none", "counts", "cell", "building", "age", "last4", "", "anything"])
def test_a_name_under_any_other_rule_is_hidden(how):
    assert shown_name("张三丰", how) == HIDDEN


def test_a_masked_number_holds_the_last_four_and_nothing_else():
    assert mask_identity("739X") == "*" * 14 + "739X"
    assert mask_phone("8472") == "***8472"
    assert mask_identity("") == mask_phone("") == HIDDEN
