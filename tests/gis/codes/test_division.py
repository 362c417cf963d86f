import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.codes.division import (
    ancestors_of,
    clean_codes,
    code_problems,
    is_local,
    level_of,
    mint,
    parent_of,
    reading_order,
)
from gis.errors import BadCode


def test_it_knows_the_level_by_the_length():
    assert [level_of(code) for code in ("11", "1101", "110113", "110113001", "110113001006", "110113001006003")] == [
        "province",
        "city",
        "district",
        "street",
        "community",
        "cell",
    ]


@pytest.mark.parametrize("code", ["", "1", "110", "11011300100", "11011A", "１１", None])
def test_it_refuses_what_is_no_code(code):
    with pytest.raises(BadCode):
        level_of(code)


def test_it_cuts_a_code_one_level_shorter():
    assert parent_of("110113001006003") == "110113001006"
    assert parent_of("11") == ""
    assert ancestors_of("110113001") == ["11", "1101", "110113"]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (110113001, "110113001"),
        (110113001.0, "110113001"),
        ("110113001.0", "110113001"),
        (" 110113 001", "110113001"),
        ("１１０１１３００１", "110113001"),
        ("110113001000", "110113001"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_it_undoes_what_spreadsheets_do_to_codes(raw, clean):
    assert clean_codes([raw], "street")[0] == clean


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("110113001", ""),
        ("", ""),
        ("11011300", "位"),
        ("98x113001", "数字以外"),
        ("190113001", "省级代码"),
        ("110113000", "以零结尾"),
        ("990101001", ""),
    ],
)
def test_it_says_what_is_wrong_with_a_code(code, word):
    problem = code_problems(np.array([code], dtype=object), "street")[0]
    assert (word in problem) if word else problem == ""


def test_it_mints_under_a_real_parent_where_the_bureau_assigns_nothing():
    assert mint("110113", ["110113001", "110113116"], 2) == ["110113900", "110113901"]
    assert mint("110113", ["110113900"], 1) == ["110113901"]


def test_it_mints_from_one_under_the_unassigned_province():
    assert mint("99", [], 1) == ["9901"]
    assert mint("990101", ["990101007012"], 2) == ["990101008", "990101009"]


def test_it_numbers_cells_from_one_anywhere():
    assert mint("110113001006", [], 2) == ["110113001006001", "110113001006002"]


def test_it_says_when_codes_run_out():
    with pytest.raises(BadCode, match="99 codes are left"):
        mint("110113", ["110113900"], 100)


@given(st.lists(st.integers(900, 999).map(lambda n: f"110113{n}"), max_size=20), st.integers(1, 20))
def test_it_never_mints_a_code_that_is_taken(taken, count):
    try:
        minted = mint("110113", taken, count)
    except BadCode:
        return
    assert not set(minted) & set(taken)
    assert len(set(minted)) == count
    assert all(map(is_local, minted))


def test_it_numbers_rows_from_north_to_south_each_from_west_to_east():
    x = np.array([2.0, 1.0, 2.0, 1.0])
    y = np.array([10.1, 0.0, 0.2, 10.0])
    assert list(reading_order(x, y, height=5.0)) == [3, 0, 1, 2]
