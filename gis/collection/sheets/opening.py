"""A department's file as columns: XLSX, XLS or CSV in UTF-8 or GB18030, whatever its name says. Nothing is evaluated.

Titles above the heading, headings of two rows, merged cells and headings that come again on every printed page are what
sheets are made of: a merged cell counts for every cell it covers, so one address beside three people is that of each.
"""

import csv
import io
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zipfile import is_zipfile

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from gis.collection.sheets.cells import in_line, texts_of
from gis.errors import BadFile
from gis.exchange.delimited import decode, odd_line
from gis.exchange.reading import kind_of
from gis.exchange.sheets import Merged, heading_end, heading_row, headings, spread, within
from gis.hotline.workbook_guard import judge_workbook

#: Rows and columns of one sheet; more are several files.
MOST_ROWS, MOST_COLUMNS = 300_000, 200
#: Lines of a text, empty ones too: a sheet has no more. And its cells, where every line is as wide as the widest.
_MOST_LINES, _MOST_CELLS = 1_048_576, MOST_ROWS * MOST_COLUMNS
#: What a text may be cut by, and what it is called.
_SEPARATORS = {
    ",": gettext_lazy("逗号"),
    "\t": gettext_lazy("制表符"),
    ";": gettext_lazy("分号"),
    "|": gettext_lazy("竖线"),
}
_LONGEST_CELL = 200_000
_LONGEST_TITLE = 60


@dataclass
class Opened:
    """A sheet as columns in the order of the titles: cells as they stand, and the row each has in its program.

    `above` are the texts over the heading.
    """

    titles: list[str]
    columns: list[np.ndarray]
    rows: np.ndarray
    how: str
    above: list[str] = field(default_factory=list)

    def texts(self, title: str, which: slice = slice(None)) -> np.ndarray:
        """A column as texts, or some of its rows."""
        return texts_of(self.columns[self.titles.index(title)][which])


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook that hold anything; none of a CSV. Raises BadFile."""
    if _kind(path) == "text":
        return []
    book = _book(path)
    if len(book.sheet_names) == 1:  # to see whether it is empty is to read it in full; whoever opens it will
        return list(book.sheet_names)
    return [name for name in book.sheet_names if book.get_sheet_by_name(name).height > 1]


def open_table(path: Path, name: str = "", *, opened_before: bool = False) -> Opened:
    """The named sheet, or the first that holds anything. Raises BadFile, with nothing of what the file says.

    `opened_before`: these very bytes, so that they need not be looked at once more before a reader is let at them.
    """
    if _kind(path) == "text":
        cells, how = _of_text(path)
        merged: list[Merged] = []
    else:
        cells, merged, how = _of_book(path, name, opened_before)
    if not any(any(cell not in ("", None) for cell in row) for row in cells):
        raise BadFile(_("表里没有内容。"), fix=_("请选择有表头和数据行的表。"))
    try:
        merged = within(cells, merged)
    except BadFile:
        raise BadFile(_("表里的合并单元格互相重叠。"), fix=_("请另存为 XLSX 或 CSV 再上传。")) from None
    spread(cells, merged)
    top = heading_row(cells, merged)
    below = heading_end(cells, merged, top)
    found = _columns(_titles(headings(cells[top:below])), cells, top, below, how)
    found.above = list(
        dict.fromkeys(in_line(str(cell)) for row in cells[:top] for cell in row if cell not in ("", None))
    )
    return found


def _kind(path: Path) -> str:
    kind = kind_of(path)
    if kind == "archive" and not is_zipfile(path):
        told = _("这个工作簿不完整，多半是保存或上传时中断了。")
        raise BadFile(told, fix=_("请在表格软件里打开看看，重新保存后再上传。"))
    if kind not in ("text", "workbook"):
        raise BadFile(_("这不是 XLSX、XLS 或 CSV 文件。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。"))
    return kind


def _columns(titles: list[str], cells: list[list], top: int, below: int, how: str) -> Opened:
    """The rows below the heading, without empty ones and headings that come again."""
    body = cells[below:]
    kept = [at for at, row in enumerate(body) if row.count("") + row.count(None) < len(row)]
    # a heading that comes again holds a title, or one as it stands above: looked for without reading every cell
    known = {cell for row in (titles, *cells[top:below]) for cell in row if cell not in ("", None)}
    again = {at for at, row in enumerate(body) if not known.isdisjoint(row) and _is_heading(row, titles)}
    kept = [at for at in kept if at not in again]
    if not kept:
        raise BadFile(_("表头下面没有数据行。"), fix=_("请选择有表头和数据行的表。"))
    if len(kept) > MOST_ROWS:
        raise BadFile(_("表超过 %(n)d 行。") % {"n": MOST_ROWS}, fix=_("请分成几个文件。"))
    columns = [_column(cut) for cut in islice(zip(*(body[at] for at in kept), strict=True), len(titles))]
    return Opened(titles, columns, np.array(kept) + below + 1, how)


def _column(cells: tuple) -> np.ndarray:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _is_heading(row: list, titles: list[str]) -> bool:
    same = sum(isinstance(cell, str) and cell.strip() == title for cell, title in zip(row, titles, strict=False))
    return same > 1 and same * 2 >= len(titles)


def _titles(names: list[str]) -> list[str]:
    while names and names[-1].startswith("column "):
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise BadFile(_("表有 %(n)d 列。") % {"n": len(names)}, fix=_("请只保留需要的列。"))
    found: list[str] = []
    for place, name in enumerate(names, 1):
        plain = in_line(name.replace("\ufeff", ""))[:_LONGEST_TITLE]
        if not plain or plain.startswith("column "):
            plain = _("第 %(n)d 列") % {"n": place}
        found.append(plain if plain not in found else f"{plain} ({place})")
    return found


# ── workbooks ──


def _book(path: Path, opened_before: bool = False) -> CalamineWorkbook:
    if not opened_before:
        judge_workbook(path)
    try:
        # by what it is: a reader given a path believes its ending
        return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise _unreadable() from error


def _of_book(path: Path, name: str, opened_before: bool) -> tuple[list[list], list[Merged], str]:
    book = _book(path, opened_before)
    wanted = [one for one in book.sheet_names if one == name] if name else book.sheet_names
    try:
        # one after the other, no further than needed: each is read in full
        page = next((page for one in wanted if (page := book.get_sheet_by_name(one)).height > 1), None)
        cells, merged = (page.to_python(skip_empty_area=False), page.merged_cell_ranges or []) if page else ([], [])
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise _unreadable() from error
    if page is None and name:
        raise BadFile(_("没有这张工作表，或它是空的。"), fix=_("请重新选择工作表。"))
    if page is None:
        raise BadFile(_("文件里没有内容。"), fix=_("请选择有表头和数据行的文件。"))
    return cells, merged, _("工作表“%(name)s”") % {"name": page.name[:40]}


def _unreadable() -> BadFile:
    return BadFile(_("这个工作簿打不开，可能已损坏。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。"))


# ── CSV ──


def _of_text(path: Path) -> tuple[list[list], str]:
    data = path.read_bytes()
    if data.count(b"\x00") * 50 > len(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(_("这不是 XLSX、XLS 或 CSV 文件。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。"))
    try:
        text, used = decode(data)
    except BadFile:
        raise _undecoded(data) from None
    text = text.replace("\x00", "").removeprefix("\ufeff")
    separator = _separator(text)
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list] = []
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        rows.extend(islice(lines, _MOST_LINES + 1))
    except csv.Error:
        told = _("第 %(n)d 行有一格超过 20 万字，多半是引号没有闭合。") % {"n": len(rows) + 1}
        raise BadFile(told, fix=_("请看这一行的引号和内容，或另存为 XLSX 再上传。")) from None
    if len(rows) > _MOST_LINES:
        raise BadFile(_("表超过 %(n)d 行。") % {"n": _MOST_LINES}, fix=_("请分成几个文件。"))
    width = max(map(len, rows), default=0)
    if width > MOST_COLUMNS * 5 or width * len(rows) > _MOST_CELLS:
        raise BadFile(_("表有 %(n)d 列。") % {"n": width}, fix=_("请只保留需要的列。"))
    encoding = used.removesuffix("-sig").upper()  # whether it begins with a mark is nobody's concern
    how = _("%(encoding)s，以%(sign)s分列") % {"encoding": encoding, "sign": _SEPARATORS[separator]}
    return [row + [""] * (width - len(row)) for row in rows], how


def _undecoded(data: bytes) -> BadFile:
    line = odd_line(data)
    if line:
        fix = _("请用一种编码（UTF-8）重新导出，或另存为 XLSX 再上传。")
        return BadFile(_("第 %(n)d 行的文字编码与前面的不同。") % {"n": line}, fix=fix)
    fix = _("请另存为 XLSX 或 CSV（UTF-8）再上传。")
    return BadFile(_("文字编码既不是 UTF-8 也不是 GB18030。"), fix=fix)


def _separator(text: str) -> str:
    """The one that cuts the first lines into the same number of parts, the most of them."""
    lines = [line for line in text[:65536].splitlines()[:20] if line.strip()]

    def score(sign: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(set(widths), key=widths.count, default=0)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(_SEPARATORS, key=score)
