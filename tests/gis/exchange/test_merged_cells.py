"""Sheets as offices make them: a title over the table, headings of two rows, one address beside several people."""

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.exchange.reading import read_table

TITLE = ["顺义区流动人口登记表", *[None] * 4]


def sheet(path: Path, rows: list[list], merged: list[str]) -> Path:
    """A workbook with these rows; a range is merged around what stands in its first cell."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("登记表")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        for cells in merged:
            top, left = xlsxwriter.utility.xl_cell_to_rowcol(cells.split(":")[0])
            page.merge_range(cells, rows[top][left])
    return path


def read(tmp_path: Path, rows: list[list], merged: list[str]):
    return read_table(sheet(tmp_path / "表.xlsx", rows, merged))


def test_a_heading_of_two_rows_names_each_column_by_both(tmp_path) -> None:
    rows = [
        TITLE,
        ["姓名", "住址", None, None, "电话"],
        [None, "楼", "单元", "室", None],
        ["甲", "1号楼", 2, 301, "13900000000"],
    ]
    table = read(tmp_path, rows, ["A1:E1", "A2:A3", "B2:D2", "E2:E3"])
    assert list(table.frame.columns) == ["姓名", "住址 楼", "住址 单元", "住址 室", "电话"]
    assert list(table.rows) == [4]
    assert table.frame["住址 单元"].tolist() == [2]


def test_the_second_row_is_seen_where_nothing_is_merged_downwards(tmp_path) -> None:
    rows = [["姓名", "住址", None, "电话"], [None, "楼", "室", None], ["甲", "1号楼", "301", "139"]]
    table = read(tmp_path, rows, ["B1:C1"])
    assert list(table.frame.columns) == ["姓名", "住址 楼", "住址 室", "电话"]
    assert list(table.rows) == [3]


def test_a_row_of_data_below_a_wide_heading_stays_one(tmp_path) -> None:
    rows = [["姓名", "住址", None], ["甲", "1号楼", "301"], ["乙", "2号楼", "302"]]
    table = read(tmp_path, rows, ["B1:C1"])
    assert list(table.frame.columns) == ["姓名", "住址", "住址 (3)"]
    assert table.frame["姓名"].tolist() == ["甲", "乙"]


def test_an_address_beside_several_people_is_that_of_each(tmp_path) -> None:
    rows = [["姓名", "住址"], ["甲", "1号楼301"], ["乙", None], ["丙", None], ["丁", None]]
    table = read(tmp_path, rows, ["B2:B4"])
    assert table.frame["住址"].fillna("").tolist() == ["1号楼301", "1号楼301", "1号楼301", ""]


def test_a_title_with_a_note_beside_it_is_no_heading(tmp_path) -> None:
    rows = [["登记表", None, None, None, "编号 7"], list("名楼元室话"), list("甲1213")]
    assert list(read(tmp_path, rows, ["A1:D1"]).frame.columns) == list("名楼元室话")


@pytest.mark.parametrize("wide", [3, 5])
def test_a_merged_title_is_no_heading(tmp_path, wide) -> None:
    rows = [["表一", *[None] * (wide - 1)], [f"列{n}" for n in range(wide)], list(range(wide))]
    table = read(tmp_path, rows, [f"A1:{'ABCDE'[wide - 1]}1"])
    assert list(table.frame.columns) == [f"列{n}" for n in range(wide)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.integers(1, 4), min_size=3, max_size=6), downwards=st.booleans(), titles=st.integers(0, 3))
def test_every_column_is_found_under_its_group(tmp_path, groups, downwards, titles) -> None:
    upper, lower, names, merged = [], [], [], []
    for number, wide in enumerate(groups):
        left, row = len(upper), titles + 1
        upper += [f"组{number}", *[None] * (wide - 1)]
        lower += [None] if wide == 1 else [f"项{number}.{part}" for part in range(wide)]
        names += [f"组{number}"] if wide == 1 else [f"组{number} 项{number}.{part}" for part in range(wide)]
        if wide > 1:
            merged.append(f"{_letter(left)}{row}:{_letter(left + wide - 1)}{row}")
        elif downwards:
            merged.append(f"{_letter(left)}{row}:{_letter(left)}{row + 1}")
    if not any(wide > 1 for wide in groups):
        lower, merged = [], []
    above = [["表"], [None], [None]][:titles]
    values = [f"值{n}" for n in range(len(upper))]
    rows = [*above, upper, *([lower] if lower else []), values]
    table = read(tmp_path, rows, merged)
    assert list(table.frame.columns) == names
    assert table.frame.iloc[0].tolist() == values


def _letter(column: int) -> str:
    return xlsxwriter.utility.xl_col_to_name(column)
