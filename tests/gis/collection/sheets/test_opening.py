"""Files as departments have them, and files that are none."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.cells import as_text, in_line, is_lost, texts_of
from gis.collection.sheets.opening import open_table, sheet_names
from gis.errors import BadFile
from tests.gis.collection.sheets.tables import TITLES, csv_text, workbook

ZHANG = ["张三", "A1", "男", "12900000001", "建新北区1号楼1单元101室", "是"]
LI = ["李四", "A2", "女", "12900000002", "建新北区1号楼1单元101室", "否"]


def told(opened):
    return opened.titles, [list(row) for row in zip(*(opened.texts(title) for title in opened.titles), strict=True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encoding_it_has(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes(csv_text(TITLES, ZHANG, LI).encode(encoding))
    opened = open_table(path)
    assert told(opened) == (TITLES, [ZHANG, LI])
    assert opened.rows.tolist() == [2, 3]
    assert opened.how == f"{encoding.removesuffix('-sig').upper()}，以逗号分列"


@pytest.mark.parametrize(("sign", "called"), [("\t", "制表符"), (";", "分号"), ("|", "竖线")])
def test_what_cuts_the_columns_is_called_by_its_name(tmp_path, sign, called):
    path = tmp_path / "x.csv"
    path.write_text(csv_text(TITLES, ZHANG, LI).replace(",", sign), encoding="utf-8")
    opened = open_table(path)
    assert told(opened) == (TITLES, [ZHANG, LI])
    assert opened.how == f"UTF-8，以{called}分列"


def test_a_title_above_the_heading_and_empty_rows_are_left_out(tmp_path):
    path = workbook(tmp_path / "x.xlsx", ["低保人员名单（2026年）"], [], TITLES, ZHANG, [], LI)
    opened = open_table(path)
    assert told(opened) == (TITLES, [ZHANG, LI])
    assert opened.rows.tolist() == [4, 6]


def test_a_merged_cell_counts_for_every_row_it_covers(tmp_path):
    rows = [TITLES, [*ZHANG[:4], "", "是"], [*LI[:4], "", "否"]]
    path = workbook(tmp_path / "x.xlsx", *rows, merged=[(1, 4, 2, 4, "建新北区1号楼1单元101室")])
    assert open_table(path).texts("住址").tolist() == ["建新北区1号楼1单元101室"] * 2


def test_a_heading_of_two_rows_is_one(tmp_path):
    top, below = ["姓名", "住址", "", "电话"], ["", "楼号", "房号", ""]
    path = workbook(
        tmp_path / "x.xlsx", top, below, ["张三", "12", "402", "1"],
        merged=[(0, 0, 1, 0, "姓名"), (0, 1, 0, 2, "住址"), (0, 3, 1, 3, "电话")],
    )  # fmt: skip
    assert open_table(path).titles == ["姓名", "住址 楼号", "住址 房号", "电话"]


def test_a_heading_that_comes_again_on_every_page_is_no_person(tmp_path):
    path = workbook(tmp_path / "x.xlsx", TITLES, ZHANG, TITLES, LI)
    assert told(open_table(path))[1] == [ZHANG, LI]


def test_the_sheets_of_a_workbook_can_be_chosen(tmp_path):
    path = workbook(tmp_path / "x.xlsx", TITLES, ZHANG, sheets=("说明", "名单"))
    assert sheet_names(path) == ["说明", "名单"]
    assert open_table(path, "名单").how.endswith("“名单”")
    with pytest.raises(BadFile):
        open_table(path, "没有")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 500,
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        b"\xff\xff\xff\x81\x30",
        b"only a heading,and nothing else\n",
        b"a,b\n" + b'"open,' + b"x" * 300_000,
        b'{"type": "FeatureCollection", "features": []}',
        b"\n\n\n",
    ],
)
def test_what_is_no_table_is_refused_and_says_what_to_do(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        open_table(path)
    assert refused.value.fix


def test_half_a_workbook_is_called_half_a_workbook(tmp_path):
    path = workbook(tmp_path / "x.xlsx", TITLES, ZHANG)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BadFile, match="不完整"):
        open_table(path)


def test_a_file_is_judged_by_what_it_is_not_by_its_name(tmp_path):
    path = tmp_path / "x.csv"
    workbook(path, TITLES, ZHANG)
    assert told(open_table(path))[1] == [ZHANG]


def test_numbers_and_dates_are_written_as_a_clerk_reads_them():
    cells = [12.0, 3.5, True, None, float("nan"), dt.date(2026, 1, 2), dt.datetime(2026, 1, 2), " １２　a\n"]  # noqa: DTZ001
    assert [as_text(cell) for cell in cells] == ["12", "3.5", "1", "", "", "2026-01-02", "2026-01-02", "12 a"]
    assert is_lost(1.1011319900307e17)
    assert is_lost("1.10113E+17")
    assert not is_lost("110113199003071234")


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-9, 9), st.floats(), st.booleans()), max_size=12))
def test_a_column_is_read_as_its_cells_are(cells):
    assert texts_of(cells).tolist() == [as_text(cell) for cell in cells]


@given(st.text(max_size=30))
def test_one_spelling_is_one_spelling(text):
    once = in_line(text)
    assert in_line(once) == once


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), max_size=5), max_size=8))
def test_no_csv_ends_otherwise_than_read_or_refused(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8", newline="")
    try:
        opened = open_table(path)
    except BadFile:
        return
    assert all(len(column) == len(opened.rows) for column in opened.columns)
    assert len(set(opened.titles)) == len(opened.titles)


def test_empty_lines_without_end_ask_for_no_memory(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(csv_text(TITLES, ZHANG) + "\n" * 1_100_000)
    with pytest.raises(BadFile, match="行"):
        open_table(path)
    path.write_text("," * 900 + "\n" + csv_text(TITLES, ZHANG) + "\n" * 70_000)
    with pytest.raises(BadFile, match="列"):
        open_table(path)
