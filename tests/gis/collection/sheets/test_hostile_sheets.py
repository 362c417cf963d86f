"""Tables that attack: each is read as what it is or refused with the fix, soon, and in little memory.

The files are made here, as small as they can be for what they would unpack to. What reads them does so in a process of
its own, whose memory is bounded: what asks for more fails, whatever the machine has.
"""

import datetime as dt
import io
import os
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.sheets.opening import open_table
from gis.errors import BadFile
from gis.exchange.delimited import decode, odd_line

#: Beyond what the process holds already: bytes a table may ask for, and seconds.
_MOST_BYTES, _MOST_SECONDS = 900 * 1024**2, 20
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def made(path: Path, *rows: str, shared: Callable[[str], str] = str, more: dict[str, bytes] | None = None) -> Path:
    """A workbook of a heading and one row, with further rows as they stand in its XML."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["姓名", "住址"])
        page.write_row(1, 0, ["张三", "甲"])
    source = zipfile.ZipFile(plain)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace("</sheetData>", "".join(rows) + "</sheetData>")
            packed.writestr(name, shared(text) if name == "xl/sharedStrings.xml" else text)
        for name, content in (more or {}).items():
            packed.writestr(name, content)
    return path


def bombed(*entities: str) -> Callable[[str], str]:
    """The texts of a workbook with entities of one's own, and one of them for a name."""
    told = f"<!DOCTYPE x [{''.join(entities)}]>"
    return lambda text: text.replace(_DECLARED, _DECLARED + told).replace("张三", "&last;")


_LAUGHS = ['<!ENTITY a0 "aaaaaaaaaa">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)]
_EMPTY_ROWS = [f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 200_000)]
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
_WIDE = "".join(f'<c r="{name}3"><v>1</v></c>' for name in map(xlsxwriter.utility.xl_col_to_name, range(16_384)))

#: What it is → how it is made, and what is said of it; "" where it is read.
HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "rows that are empty": (lambda path: made(path, *_EMPTY_ROWS), ""),
    "a cell in the last row": (lambda path: made(path, _FAR.replace("XFD", "A")), ""),
    "a cell in the last corner": (lambda path: made(path, _FAR), "大得不像"),
    "16,384 columns": (lambda path: made(path, f'<row r="3">{_WIDE}</row>'), "16384 列"),
    "a zip bomb": (lambda path: made(path, more={"xl/media/x.bin": b"\0" * 60_000_000}), "大得不像"),
    "thousands of parts": (lambda path: made(path, more={f"x/{n}": b"" for n in range(1200)}), "大得不像"),
    "entities": (lambda path: made(path, shared=bombed(*_LAUGHS, '<!ENTITY last "&a8;">')), "打不开"),
    "an entity from a file": (
        lambda path: made(path, shared=bombed('<!ENTITY last SYSTEM "file:///etc/passwd">')), "打不开",
    ),
    "macros and links": (
        lambda path: made(path, more={"xl/vbaProject.bin": os.urandom(99), "xl/externalLinks/x.xml": b"<x/>"}),
        "",
    ),
    "a formula": (lambda path: made(path, '<row r="3"><c r="A3"><f>WEBSERVICE("http://x")</f></c></row>'), ""),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_workbook_is_read_or_refused_with_what_to_do_in_little_memory(what, tmp_path):
    make, said = HOSTILE[what]
    path = make(tmp_path / "x.xlsx")
    read = within_bounds(path)
    assert said in read if said else read == "姓名 住址 张三 甲"


def within_bounds(path: Path) -> str:
    """What becomes of a table in a process that may not take more memory or time: its first row, or what is said."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os.write(theirs, _told(path).encode())
        os._exit(0)
    os.close(theirs)
    with open(ours, encoding="utf-8") as told:
        said = told.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return said


def _told(path: Path) -> str:
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + _MOST_BYTES, held + _MOST_BYTES))
    spent = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + _MOST_SECONDS, spent + _MOST_SECONDS))
    try:
        opened = open_table(path)
    except BadFile as refused:
        return f"{refused.message}{refused.fix}" if refused.fix else ""
    except Exception as trouble:  # noqa: BLE001 - told to the test, which waits for a row or a refusal
        return type(trouble).__name__
    return " ".join([*opened.titles, *(opened.texts(title)[0] for title in opened.titles)])


def csv_of(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("姓名,住址\n张三,甲\n".encode() + b"x" * 300_000 + b",b\n", "第 3 行"),
        ('姓名,住址\n张三,甲\n李四,"'.encode() + b"x\n" * 200_000, "第 3 行"),
        ("姓名,住址\n张三,甲乙\n".encode() + "李四,丙丁\n".encode("gb18030"), "第 3 行"),
        ("姓名,住址\n张三,甲乙\n".encode("gb18030") + "李四,丙丁\n".encode(), "第 3 行"),
        (b"a," * 6_000, "6001 列"),
        (b"%PDF-1.7\n" + bytes(range(128, 256)) * 20, "编码"),
    ],
)
def test_a_text_that_is_no_table_is_refused_by_its_line(content, said, tmp_path):
    with pytest.raises(BadFile, match=said) as refused:
        open_table(csv_of(tmp_path, content))
    assert refused.value.fix


def test_a_few_signs_of_nothing_are_left_out_of_a_text(tmp_path):
    rows = "姓名,住址\n" + "张三,甲乙丙丁\n" * 20
    opened = open_table(csv_of(tmp_path, rows.encode() + "李\x00四,戊\n".encode()))
    assert opened.texts("姓名")[-1] == "李四"


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_day_is_the_day_that_the_sheet_shows_whenever_its_count_begins(tmp_path, since_1904):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": since_1904}) as book:
        page, days = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["姓名", "出生日期"])
        page.write(1, 0, "张三")
        page.write_datetime(1, 1, dt.datetime(1990, 3, 7), days)  # noqa: DTZ001
        page.write(2, 0, "李四")
        page.write_number(2, 1, -5, days)
    assert open_table(path).texts("出生日期").tolist()[0] == "1990-03-07"


_HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)


@given(st.lists(_HAN, min_size=1, max_size=12), st.lists(_HAN.filter(lambda text: len(text) > 1), min_size=1))
def test_lines_of_one_encoding_are_never_taken_for_two_and_of_two_always(lines, others):
    ours, theirs = "\n".join(lines), "\n".join(others)
    assert odd_line(ours.encode()) == 0
    assert decode(ours.encode()) == (ours, "utf-8")
    both = ours.encode("gb18030") + b"\n" + theirs.encode()
    try:
        both.decode()
    except UnicodeDecodeError:
        assert odd_line(both) == len(lines) + 1
