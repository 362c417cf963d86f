"""Sheets as offices make them: a title over the table, headings of two rows, one address beside several people."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import BadFile
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


def bent(path: Path, rows: list[list], merged: list[str]) -> Path:
    """A workbook that says more of merged cells than any program writes."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("登记表")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    told = "".join(f'<mergeCell ref="{cells}"/>' for cells in merged)
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", f"</sheetData><mergeCells>{told}</mergeCells>".encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("merged", ["D1:E2", "E2:XFD3", "D2:XFD1048576", "A9:C9", "A5000:A6000", "C3:A1"])
def test_what_is_merged_beside_the_table_changes_nothing(tmp_path, merged) -> None:
    rows = [["姓名", "住址", "电话"], ["甲", "1号楼", "139"], ["乙", "2号楼", "138"]]
    table = read_table(bent(tmp_path / "表.xlsx", rows, [merged]))
    assert list(table.frame.columns) == rows[0]
    assert table.frame["姓名"].tolist() == ["甲", "乙"]


def test_a_mark_down_the_whole_side_is_no_heading(tmp_path) -> None:
    rows = [["某街道", "姓名", "电话"], *([None, f"甲{number}", str(number)] for number in range(8))]
    table = read_table(bent(tmp_path / "表.xlsx", rows, ["A1:A1048576"]))
    assert list(table.frame.columns) == rows[0]
    assert len(table.frame) == 8


@pytest.mark.parametrize("merged", [["A1:XFD1048576"], ["A1:C9"] * 2, ["A1:XFD1048576"] * 50_000, ["A1:XFD1"] * 50_000])
def test_cells_merged_over_one_another_are_refused_and_of_one_there_is_a_table(tmp_path, merged) -> None:
    rows = [["姓名", "住址", "电话"], *(["甲", "1号楼", "139"] for _ in range(8))]
    path = bent(tmp_path / "表.xlsx", rows, merged)
    if len(merged) > 1:
        with pytest.raises(BadFile):
            read_table(path)
    else:
        assert len(read_table(path).frame.columns) == 3


def test_a_table_far_down_is_found(tmp_path) -> None:
    rows = [*([] for _ in range(12)), ["姓名", "电话"], ["甲", "139"]]
    assert list(read_table(bent(tmp_path / "表.xlsx", rows, [])).frame.columns) == ["姓名", "电话"]


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
