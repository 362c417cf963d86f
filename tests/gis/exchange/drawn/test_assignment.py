"""The assignment of buildings as CSV."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import BadFile
from gis.exchange.drawn.assignment import Assigned, read_assignment, write_assignment

ROWS = [("110113001001B0001", "110113001001001", "胜利一格"), ("B2", "", '=HYPERLINK("x")')]


def read(tmp_path, data: bytes):
    path = tmp_path / "assignment.csv"
    path.write_bytes(data)
    return read_assignment(path)


def test_it_comes_back_with_every_digit(tmp_path):
    data = write_assignment(ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read(tmp_path, data) == [Assigned(row, *values) for row, values in enumerate(ROWS, 2)]


def test_nothing_in_it_is_a_number_or_a_formula_to_a_spreadsheet():
    for line in write_assignment(ROWS).decode().splitlines()[1:]:
        assert not line.startswith("1")
        assert ",=" not in line
        assert ",1" not in line


def test_what_a_spreadsheet_saves_is_read(tmp_path):
    data = '楼栋编码,网格名称\n="110113001001B0001",一格\n'.encode("gb18030")
    assert read(tmp_path, data) == [Assigned(2, "110113001001B0001", "", "一格")]


def test_a_file_without_the_columns_is_refused(tmp_path):
    with pytest.raises(BadFile, match="building_code"):
        read(tmp_path, b"a,b\n1,2\n")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[0-9A-Z]{1,20}", fullmatch=True),
            st.from_regex(r"[0-9]{15}|", fullmatch=True),
            st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=10).filter(
                lambda text: '"' not in text
            ),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_rows_come_back(tmp_path, rows):
    assert [(one.building, one.code, one.name) for one in read(tmp_path, write_assignment(rows))] == rows
