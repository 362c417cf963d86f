"""An export as a heading and a stream of rows: XLSX, XLS or CSV, whatever its name says. Nothing is evaluated.

Cities put a title above the heading, merge its cells, write it in two rows, repeat it on every page of a print. The
heading is the row (or the two rows) with the most names of `columns.csv`. Rows are handed out one at a time, so that a
year of a city's calls fits beside everything else.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from gis.errors import BadFile
from gis.exchange.delimited import decode
from gis.exchange.reading import kind_of
from gis.hotline.columns import known_titles
from gis.hotline.values import Cell, as_text, in_line
from gis.hotline.workbook_guard import judge_workbook

#: Rows of one export; more are several files.
MOST_ROWS = 300_000
_MOST_COLUMNS = 300
#: Sheets of a workbook that are looked at.
_MOST_SHEETS = 12
#: Rows in which a heading is looked for.
_TOP = 15
_SEPARATORS = ",\t;|"
#: Line breaks in one row of a CSV above which a quotation mark was left open, and characters of one cell.
_MOST_LINES, _LONGEST_CELL = 300, 200_000


@dataclass(frozen=True)
class Row:
    """A row as the user's program numbers it, its cells in the order of the titles. `torn`: it has more than those."""

    number: int
    cells: Sequence[Cell]
    torn: bool = False


@dataclass
class Sheet:
    """A heading and, below it, rows to be read once."""

    titles: list[str]
    rows: Iterator[Row]
    how: str


def open_sheet(path: Path, name: str | None = None, encoding: str | None = None) -> Sheet:
    """The first sheet that has rows (or the named one) of a workbook, or the rows of a CSV. Raises BadFile."""
    kind = kind_of(path)
    if kind == "workbook":
        lines, how = _sheet_lines(path, name)
    elif kind == "text":
        lines, how = _text_lines(path, encoding)
    else:
        raise BadFile(_("这不是 XLSX、XLS 或 CSV 文件。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。"))
    top = list(islice(lines, _TOP))
    titles, below = find_heading([cells for _number, cells in top])
    return Sheet(titles, _rows(titles, chain(top[below:], lines)), how)


# ── the heading ──


def find_heading(top: list[Sequence[Cell]]) -> tuple[list[str], int]:
    """The titles of the columns, and how many of the first rows stand above the first row of data. Raises BadFile."""
    if not any(any(in_line(cell) for cell in cells) for cells in top):
        raise BadFile(_("文件里没有内容。"), fix=_("请选择有表头和数据行的文件。"))
    single = [(known_titles(filter(None, map(in_line, cells))), place) for place, cells in enumerate(top)]
    best, place = max(single, key=lambda one: (one[0], -one[1]))
    pairs = [(known_titles(filter(None, _joined(*pair))), at) for at, pair in enumerate(pairwise(top))]
    double, at = max(pairs, key=lambda one: (one[0], -one[1]), default=(0, 0))
    if double > best and _is_words(top[at + 1]):
        return _titles(_joined(top[at], top[at + 1])), at + 2
    if not best:
        place = _fullest(top)
    return _titles([in_line(cell) for cell in top[place]]), place + 1


def _is_words(cells: Sequence[Cell]) -> bool:
    """Whether a row could be one of titles: short words, no numbers."""
    filled = [in_line(cell) for cell in cells if in_line(cell)]
    return all(len(text) <= 20 and not text.isdigit() for text in filled)


def _fullest(top: list[Sequence[Cell]]) -> int:
    """The first row at least half as full as the fullest: below any title."""
    filled = [sum(bool(in_line(cell)) for cell in cells) for cells in top]
    return next(place for place, count in enumerate(filled) if count and count * 2 >= max(filled))


def _joined(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[str]:
    """Two rows of a heading as one: a title that spans several columns goes before each of theirs where it must."""
    width = max(len(upper), len(lower))
    above = [in_line(upper[at]) if at < len(upper) else "" for at in range(width)]
    below = [in_line(lower[at]) if at < len(lower) else "" for at in range(width)]
    joined, over = [], ""
    for high, low in zip(above, below, strict=True):
        over = high or (over if low else "")
        joined.append(low if low and known_titles([low]) else over + low if low else high)
    return joined


def _titles(names: list[str]) -> list[str]:
    """Each name once; a column without one is called after its place."""
    if len(names) > _MOST_COLUMNS:
        raise BadFile(_("文件有 %(n)d 列。") % {"n": len(names)}, fix=_("请只保留需要的列。"))
    while names and not names[-1]:
        names.pop()
    found: list[str] = []
    for place, name in enumerate(names, 1):
        name = name.strip("\ufeff")[:60] or _("第 %(n)d 列") % {"n": place}
        found.append(name if name not in found else f"{name} ({place})")
    return found


def _rows(titles: list[str], lines: Iterator[tuple[int, Sequence[Cell]]]) -> Iterator[Row]:
    """The rows below the heading, without empty ones and headings that come again. Raises BadFile for too many."""
    width, again = len(titles), set(titles)
    count = 0
    for number, cells in lines:
        texts = [in_line(cell) for cell in cells]
        if not any(texts) or (sum(text in again for text in texts) * 2 > width and known_titles(texts) > 2):
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadFile(_("文件超过 %(n)d 行。") % {"n": MOST_ROWS}, fix=_("请按月份分成几个文件。"))
        torn = any(texts[width:])
        yield Row(number, [*cells[:width], *[None] * (width - len(cells))], torn)


# ── workbooks ──


def _sheet_lines(path: Path, name: str | None) -> tuple[Iterator[tuple[int, Sequence[Cell]]], str]:
    judge_workbook(path)
    try:
        book = CalamineWorkbook.from_path(path)
        sheet, title = _choose(book, name)
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise BadFile(_("这个工作簿打不开，可能已损坏。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。")) from error
    return _numbered(sheet), _("工作表“%(name)s”") % {"name": title}


def _choose(book: CalamineWorkbook, name: str | None) -> tuple[CalamineSheet, str]:
    names = book.sheet_names
    if name is not None:
        if name not in names:
            raise BadFile(_("没有工作表“%(name)s”。") % {"name": name}, fix="、".join(names))
        return book.get_sheet_by_name(name), name
    best, most = None, -1
    for title in names[:_MOST_SHEETS]:
        sheet = book.get_sheet_by_name(title)
        top = [row for _place, row in zip(range(_TOP), sheet.iter_rows(), strict=False)]
        known = max((known_titles(map(in_line, row)) for row in top), default=0) if sheet.height > 1 else -1
        if known > most:
            best, most = (sheet, title), known
    if best is None:
        raise BadFile(_("文件里没有内容。"), fix=_("请选择有表头和数据行的文件。"))
    return best


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield from enumerate(sheet.iter_rows(), 1)


# ── CSV ──


def _text_lines(path: Path, encoding: str | None) -> tuple[Iterator[tuple[int, Sequence[Cell]]], str]:
    data = path.read_bytes()
    if data.count(b"\x00") * 50 > len(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(_("这不是 XLSX、XLS 或 CSV 文件。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。"))
    try:
        text, used = decode(data, encoding)
    except BadFile:
        raise BadFile(
            _("文字编码既不是 UTF-8 也不是 GB18030。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。")
        ) from None
    del data
    text = text.replace("\x00", "").removeprefix("\ufeff")
    separator = _separator(text)
    return _parsed(text, separator), f"{used}, {'TAB' if separator == chr(9) else separator}"


def _separator(text: str) -> str:
    """The one that cuts the first lines into the most known names, else into the most parts."""
    head = [line for line in text[:65536].splitlines()[:_TOP] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        rows = list(csv.reader(head, delimiter=sign))
        return max((known_titles(map(in_line, row)) for row in rows), default=0), max(map(len, rows), default=0)

    return max(_SEPARATORS, key=score)


def _parsed(text: str, separator: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows with the number of the line they begin on. Raises BadFile where a quotation mark was left open."""
    csv.field_size_limit(_LONGEST_CELL)
    source = _Lines(text)
    reader = csv.reader(source, delimiter=separator)
    while True:
        begins, source.since = reader.line_num + 1, []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _left_open(begins) from None
        if reader.line_num - begins > _MOST_LINES or (source.ended and _is_open(source.since, separator)):
            raise _left_open(begins)
        yield begins, cells


class _Lines:
    """The lines of a text, those of the present row kept, so that its end can be judged."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.since: list[str] = []
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.since.append(line)
        return line


def _is_open(lines: list[str], separator: str) -> bool:
    """Whether a last row ends inside a quotation."""
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _left_open(line: int) -> BadFile:
    return BadFile(_("第 %(n)d 行的引号没有闭合。") % {"n": line}, fix=_("请补上或去掉引号，或另存为 XLSX 再上传。"))


def sample(path: Path, most: int, name: str | None = None) -> tuple[list[str], list[list[str]], str]:
    """The titles and the first rows as text, to show."""
    sheet = open_sheet(path, name)
    return sheet.titles, [[as_text(cell) for cell in row.cells] for row in islice(sheet.rows, most)], sheet.how
