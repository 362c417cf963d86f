"""Unified social credit codes: every single slip is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.organisations.credit_code import Fault, check_sign, clean_code, fault_of, make_code

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
codes = st.builds(
    make_code,
    st.sampled_from(["91", "92", "51", "52", "12", "93"]),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(SIGNS, min_size=8, max_size=8),
)


@given(codes)
def test_what_is_made_is_good(code):
    assert len(code) == 18
    assert fault_of(code) == Fault.NONE


@given(codes, st.integers(0, 17), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(code, place, sign):
    other = code[:place] + sign + code[place + 1 :]
    assert (fault_of(other) == Fault.NONE) == (other == code)


@given(codes, st.integers(0, 16))
def test_two_signs_swapped_are_noticed(code, place):
    other = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (fault_of(other) == Fault.NONE) == (other == code)


@given(codes, st.integers(0, 18), st.sampled_from([" ", "-", "\t", "　"]))
def test_it_is_known_however_it_is_written(code, place, blank):
    assert clean_code(code[:place].lower() + blank + code[place:]) == code


@pytest.mark.parametrize(
    "code", ["", "9", "9" * 18, "9111011300000000OX", "91110113ABCDEFGHIJ", "９" * 18, "9" * 400, "\x00"]
)
def test_nonsense_is_none(code):
    assert fault_of(code) != Fault.NONE


@given(st.text(max_size=30))
def test_no_text_breaks_it(text):
    assert isinstance(fault_of(clean_code(text)), Fault)


def test_the_example_of_the_standard():
    """GB 32100-2015, appendix: 91350100M000100Y4 has the check sign 3."""
    assert check_sign("91350100M000100Y4") == "3"
    assert fault_of("91350100M000100Y43") == Fault.NONE
