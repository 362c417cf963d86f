# ruff: noqa: DTZ001 - spreadsheets know no zones
"""Headings and rows of exports as cities write them, and files that are none."""

import zipfile
from datetime import datetime

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import BadFile
from gis.hotline.sheet import find_heading, open_sheet
from gis.hotline.workbook_guard import judge_workbook

TITLES = ["工单编号", "来电时间", "诉求内容", "诉求地址", "联系电话"]
ORDER = ["R1", "2026-03-05 09:30", "井盖坏了", "建新北区12号楼", "13800138000"]


def workbook(path, *rows, merged=(), sheet="Sheet1"):
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
        for first_row, first, last_row, last, text in merged:
            page.merge_range(first_row, first, last_row, last, text)
    return path


def text(path, content: str, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


def read(path):
    sheet = open_sheet(path)
    return sheet.titles, list(sheet.rows)


def csv_of(*rows, ends="\n"):
    return ends.join(",".join(row) for row in rows) + ends


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encoding_it_has(tmp_path, encoding):
    titles, rows = read(text(tmp_path / "x.csv", csv_of(TITLES, ORDER), encoding))
    assert titles == TITLES
    assert [(row.number, row.cells) for row in rows] == [(2, ORDER)]


def test_a_workbook_is_read_whatever_its_name(tmp_path):
    titles, rows = read(workbook(tmp_path / "x.csv", TITLES, ORDER))
    assert (titles, rows[0].cells, rows[0].number) == (TITLES, ORDER, 2)


def test_a_title_above_the_heading_and_empty_rows_are_left_out(tmp_path):
    path = workbook(tmp_path / "x.xlsx", ["顺义区 12345 工单", "", "", "", ""], [], TITLES, [], ORDER, [], ORDER)
    titles, rows = read(path)
    assert titles == TITLES
    assert [row.number for row in rows] == [5, 7]


def test_rows_are_numbered_as_the_sheet_shows_them_where_it_begins_lower_down(tmp_path):
    titles, rows = read(workbook(tmp_path / "x.xlsx", [], [], TITLES, ORDER))
    assert (titles, [row.number for row in rows]) == (TITLES, [4])


def test_a_heading_of_two_rows_with_merged_cells_is_one_heading(tmp_path):
    path = workbook(
        tmp_path / "x.xlsx",
        ["", "", "", "", "", ""],
        ["", "", "", "", "姓名", "电话"],
        [*ORDER[:4], "王女士", "13800138000"],
        merged=[(0, n, 1, n, TITLES[n]) for n in range(4)] + [(0, 4, 0, 5, "诉求人")],
    )
    titles, rows = read(path)
    assert titles == [*TITLES[:4], "姓名", "电话"]
    assert len(rows) == 1


def test_two_names_alike_are_told_apart_by_what_stands_above_them():
    titles, below = find_heading(
        [
            ["工单编号", "来电时间", "诉求内容", "一级", "", "区"],
            ["", "", "", "分类", "二级分类", "县"],
            ["1", "2", "3", "4", "5", "6"],
        ]
    )
    assert below == 2
    assert titles[:5] == ["工单编号", "来电时间", "诉求内容", "分类", "二级分类"]


def test_a_heading_that_comes_again_on_every_page_is_no_row(tmp_path):
    _titles, rows = read(workbook(tmp_path / "x.xlsx", TITLES, ORDER, TITLES, ORDER))
    assert [row.number for row in rows] == [2, 4]


def test_a_formula_is_what_it_last_gave_and_in_a_csv_a_text(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        page.write_row(1, 0, ORDER)
        page.write_formula(1, 2, '=HYPERLINK("x","y")', None, "井盖")
    assert read(tmp_path / "x.xlsx")[1][0].cells[2] == "井盖"
    _titles, rows = read(text(tmp_path / "x.csv", csv_of(TITLES, [*ORDER[:2], "=1+1", *ORDER[3:]])))
    assert rows[0].cells[2] == "=1+1"


def test_dates_of_a_sheet_are_dates(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        page.write_row(1, 0, ORDER)
        page.write_datetime(1, 1, datetime(2026, 3, 5, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    assert read(tmp_path / "x.xlsx")[1][0].cells[1] == datetime(2026, 3, 5, 9, 30)


def test_a_row_with_more_cells_than_the_heading_is_marked(tmp_path):
    _titles, rows = read(text(tmp_path / "x.csv", csv_of(TITLES, [*ORDER, "more"], ORDER)))
    assert [row.torn for row in rows] == [True, False]


def test_nuls_in_a_csv_are_left_out(tmp_path):
    _titles, rows = read(text(tmp_path / "x.csv", csv_of(TITLES, [*ORDER[:2], "井\x00盖", *ORDER[3:]])))
    assert rows[0].cells[2] == "井盖"


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path):
    _titles, rows = read(text(tmp_path / "x.csv", csv_of(TITLES, [*ORDER[:2], '"一\n二"', *ORDER[3:]], ORDER)))
    assert rows[0].cells[2] == "一\n二"
    assert rows[1].number == 4


@pytest.mark.parametrize("after", [1, 5, 500, 200_000])
def test_a_quote_left_open_is_said_with_its_line(tmp_path, after):
    broken = [*ORDER[:2], '"井盖', *ORDER[3:]]
    path = text(tmp_path / "x.csv", csv_of(TITLES, ORDER, broken, *[ORDER] * after))
    with pytest.raises(BadFile, match="3"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 200, b"%PDF-1.7\x00\x00\x00" + b"\x00\x01" * 50, b'{"type": "FeatureCollection"}', b"\n\n,,\n"],
    ids=["empty", "nuls", "pdf", "json", "blank"],
)
def test_what_is_no_export_is_refused_with_a_fix(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        read(path)
    assert refused.value.fix


def test_a_locked_workbook_is_called_so(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(BadFile, match=r"密码|password"):
        read(path)


def test_a_cell_in_the_last_corner_does_not_cost_gigabytes(tmp_path):
    path = workbook(tmp_path / "x.xlsx", TITLES, ORDER)
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, TITLES)
        page.write(1_048_575, 16_383, "x")
    with pytest.raises(BadFile):
        judge_workbook(path)


def sheet_of(path, cells: str, name: str = "xl/worksheets/sheet1.xml"):
    """A workbook whose one sheet says just that."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(name, f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return path


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576"><v>1</v></c>', "<c r='XFD1048576'><v>1</v></c>", '<x:c r="XFD1048576"><v>1</v></x:c>',
        '<c s="1" r="XFD1048576" t="n"><v>1</v></c>', '<c\nr="XFD1048576"><v>1</v></c>',
        '<c r="xfd1048576"><v>1</v></c>',
        '<c r="BA1"><v>1</v></c><c r="A1048576"><v>1</v></c>', "<c " + " " * 70_000 + 'r="XFD1048576"><v>1</v></c>',
    ],
)  # fmt: skip
def test_however_a_far_cell_is_written_it_is_seen(tmp_path, cell):
    with pytest.raises(BadFile):
        judge_workbook(sheet_of(tmp_path / "x.xlsx", cell))


@pytest.mark.parametrize(
    "cell", ['<c r="XFD1048576" s="3"/>', '<c r="A300000"><v>1</v></c>', '<c r="CZ9000"><v>1</v></c>']
)
def test_empty_cells_far_out_and_honest_tables_are_let_in(tmp_path, cell):
    judge_workbook(sheet_of(tmp_path / "x.xlsx", cell))


@pytest.mark.parametrize("name", ["xl/others/sheet1.xml", "sheet1.xml", "xl/media/image1.png"])
def test_a_sheet_is_judged_wherever_it_lies(tmp_path, name):
    with pytest.raises(BadFile, match="解压"):
        judge_workbook(sheet_of(tmp_path / "x.xlsx", '<c r="XFD1048576"><v>1</v></c>', name))


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    with pytest.raises(BadFile):
        judge_workbook(path)


def test_a_torn_archive_is_no_workbook(tmp_path):
    path = workbook(tmp_path / "x.xlsx", TITLES, *[ORDER] * 500)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(BadFile):
        read(path)


@given(st.binary(max_size=400))
def test_whatever_bytes_come_they_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "x.csv"
    path.write_bytes(data)
    try:
        sheet = open_sheet(path)
        rows = list(sheet.rows)
    except BadFile:
        return
    assert all(len(row.cells) == len(sheet.titles) for row in rows)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_what_was_written_as_csv_is_read_again(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("csv") / "x.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([TITLES, *rows])
    found = [row.cells for row in open_sheet(path).rows]
    kept = [row for row in rows if any(" ".join(cell.split()).strip() for cell in row)]
    assert len(found) == len(kept)
