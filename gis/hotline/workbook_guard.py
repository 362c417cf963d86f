"""What a workbook would do to the machine that reads it: judged from its bytes, before any reader opens it.

A reader of sheets keeps a table from the first filled cell to the last, so one cell in the last corner of a sheet asks
for gigabytes; and an archive may unpack to more than it says.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from gis.errors import BadFile
from gis.exchange.archives import BROKEN

#: Bytes a workbook may unpack to, and cells between the first and the last filled one of a sheet.
LARGEST, MOST_CELLS = 600 * 1024**2, 15_000_000
#: Where it unpacks to more than `_SMALL`, so many times as large as it was it is no table but a bomb.
_DENSEST, _SMALL = 200, 16 * 1024**2
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BLOCK, _LONGEST_TAG = 1024**2, 64 * 1024
_USUAL, _UNUSUAL = b'<c r="', re.compile(rb"<\w+:c\s|<c[\t\r\n]")
#: Cells beyond column ZZ or row 400,000; beyond column AZ; beyond row 20,000: the latter two together are too many.
_FAR = re.compile(rb'<c r="(?:[A-Za-z]{3}|[A-Za-z]{1,2}(?:[4-9]\d{5}|\d{7}))')
_WIDE = re.compile(rb'<c r="[B-Zb-z][A-Za-z]\d')
_LONG = re.compile(rb'<c r="[A-Za-z]{1,2}(?:[2-9]\d{4}|\d{6})')
_MOST_MEMBERS = 1000
#: The element that holds the cells of a sheet, in the one spelling that readers know.
_CELLS = b"sheetData"
#: A cell that is filled: one without content closes itself.
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*\s)?r\s*=\s*["\']([A-Za-z]{1,3})(\d{1,7})["\'][^<>]*(?<!/)>')


def judge_workbook(path: Path) -> None:
    """Raise BadFile for a workbook that is locked, or larger inside than any export."""
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    if not packed:
        if _ENCRYPTED in path.read_bytes():
            raise BadFile(_("这个工作簿有密码。"), fix=_("请在表格软件里去掉密码，另存后再上传。"))
        return  # an old .xls: at most 65,536 rows of 256 columns
    try:
        with zipfile.ZipFile(path) as archive:
            _judge_members(archive)
    except BROKEN as error:
        raise BadFile(_("这个工作簿打不开，可能已损坏。"), fix=_("请另存为 XLSX 或 CSV（UTF-8）再上传。")) from error


def _judge_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise _too_large()
    expanded, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    if expanded > LARGEST or (expanded > _SMALL and expanded > _DENSEST * max(packed, 1)):
        raise _too_large()
    for one in members:
        is_sheet = one.filename.lower().startswith("xl/worksheets/") or _holds_cells(archive, one)
        with archive.open(one) as part:
            small = _seems_small(part, one.file_size) if is_sheet else _is_as_large(part, one.file_size)
        if not small:
            with archive.open(one) as part:
                _judge_cells(part)


def _holds_cells(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part is a sheet, whatever it is called: a workbook says itself where its sheets lie."""
    end = b""
    with archive.open(member) as part:
        for block in _blocks(part, member.file_size):
            if _CELLS in end + block:
                return True
            end = block[-len(_CELLS) :]
    return False


def _blocks(part: IO[bytes], announced: int) -> Iterator[bytes]:
    """What a part unpacks to, which must not be more than the archive says."""
    while block := part.read(_BLOCK):
        announced -= len(block)
        if announced < 0:
            raise _too_large()
        yield block


def _is_as_large(part: IO[bytes], announced: int) -> bool:
    return all(True for _block in _blocks(part, announced))


def _seems_small(part: IO[bytes], announced: int) -> bool:
    """Whether a sheet, written as the usual programs do, names no cell far out: a quick look that may be too strict."""
    wide = long = False
    rest = b""
    for block in _blocks(part, announced):
        text = rest + block
        begun = text.rfind(b"<")
        text, rest = text[:begun], text[begun:]
        usual = text.count(_USUAL) == text.count(b"<c ") and not _UNUSUAL.search(text)
        if len(rest) > _LONGEST_TAG or not usual or _FAR.search(text):
            return False
        wide, long = wide or bool(_WIDE.search(text)), long or bool(_LONG.search(text))
        if wide and long:
            return False
    return True


def _judge_cells(part: IO[bytes]) -> None:
    """The exact look at every filled cell."""
    rest, last = b"", (0, 0)
    while block := part.read(_BLOCK):
        rest, last = _corner(rest + block, last)


def _corner(block: bytes, last: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """The tag that the block breaks off in, and the lowest and the rightmost filled cell so far."""
    rows, columns = last
    for letters, row in _CELL.findall(block):
        rows, columns = max(rows, int(row)), max(columns, _column(letters.upper()))
    if rows * columns > MOST_CELLS:
        raise _too_large()
    begun = block.rfind(b"<")
    rest = block[begun:] if begun > block.rfind(b">") else b""
    if len(rest) > _LONGEST_TAG:
        raise _too_large()
    return rest, (rows, columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large() -> BadFile:
    return BadFile(
        _("这个文件解压后大得不像一张表。"), fix=_("请删去末尾多余的行列，另存为 XLSX 或 CSV（UTF-8）再上传。")
    )
