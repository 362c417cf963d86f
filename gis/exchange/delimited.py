"""CSV and its like: encodings, separators, and nothing evaluated."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pandas as pd
from django.utils.translation import gettext as _

from gis.errors import BadFile

#: The ladder that was exact on every file tried: byte order mark, UTF-8, then GB18030, which contains GBK and GB2312.
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",;\t|"
_CHINESE = re.compile("[\u4e00-\u9fff]")
#: Column of what a row holds beyond its heading.
OVERFLOW = "\x00overflow"


def read_delimited(path: Path, encoding: str | None = None) -> tuple[pd.DataFrame, str]:
    """Every cell as text (missing where empty), and a sentence on how the file was read. Raises BadFile."""
    data = path.read_bytes()
    text, used = decode(data, encoding)
    if "\x00" in text[:65536]:
        raise BadFile(
            _("%(file)s 既不是文本，也不是这里认识的格式。") % {"file": path.name},
            fix=_("请另存为 GeoPackage、GeoJSON、CSV（UTF-8）或 XLSX。"),
        )
    separator = _separator(text)
    frame = _parse(path, text, separator)
    return frame, f"read as {used}, separated by {'tab' if separator == chr(9) else separator}"


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Text and the encoding that fits it wholly. Raises BadFile when none does."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    for name in [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]:
        if name == "gb18030" and not encoding and odd_line(data):
            break
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    if not (encoding or marked) and (line := odd_line(data)):
        raise BadFile(_("第 %(n)d 行的文字编码与前面的不同。") % {"n": line}, fix=_("请重新保存为 UTF-8。"))
    said = _("文字编码不是 %(name)s。") % {"name": encoding or marked}
    raise BadFile(
        said if encoding or marked else _("文字编码既不是 UTF-8 也不是 GB18030。"),
        fix=_("请另存为 UTF-8 的 CSV；用命令导入时也可以用 --encoding 指明编码。"),
    )


def odd_line(data: bytes) -> int:
    """Number of the first line in another encoding than those before it; 0 where all lines are in one.

    Two files put together are UTF-8 in some lines and GB18030 in others, which GB18030 would read as a whole, as other
    words. A line of GB18030 is hardly ever valid UTF-8 that spells two Chinese characters.
    """
    first: dict[bool, int] = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            if len(_CHINESE.findall(line.decode())) < 2:
                continue
            is_utf8 = True
        except UnicodeDecodeError:
            is_utf8 = False
        first.setdefault(is_utf8, number)
        if len(first) == 2:
            return number
    return 0


def empty_file(path: Path) -> BadFile:
    return BadFile(_("%(file)s 是空的。") % {"file": path.name}, fix=_("请选择有表头和数据行的文件。"))


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of parts, the most parts winning."""
    lines = [line for line in text[:65536].splitlines()[:20] if line.strip()]
    if not lines:
        return ","

    def score(sign: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        width, agreeing = counts.most_common(1)[0]
        return (agreeing if width > 1 else 0, width)

    return max(_SEPARATORS, key=score)


def _parse(path: Path, text: str, separator: str) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=separator,
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            skip_blank_lines=False,
            index_col=False,
        )
    except pd.errors.EmptyDataError:
        raise empty_file(path) from None
    except (pd.errors.ParserError, csv.Error):
        return _parse_ragged(path, text, separator)


def _parse_ragged(path: Path, text: str, separator: str) -> pd.DataFrame:
    """Rows of unequal length: too long ones keep their surplus in a column named `OVERFLOW`."""
    rows: list[list[str]] = []
    try:
        rows += csv.reader(io.StringIO(text), delimiter=separator)
    except csv.Error:
        said = _("%(file)s 第 %(n)d 行起读不成表。") % {"file": path.name, "n": len(rows) + 1}
        raise BadFile(said, fix=_("请用电子表格打开，检查这一行，再重新保存。")) from None
    width = len(rows[0])
    cut = [[*row[:width], *[None] * (width - len(row)), separator.join(row[width:]) or None] for row in rows[1:]]
    frame = pd.DataFrame(cut, columns=[*rows[0], OVERFLOW], dtype=object)
    return frame.where(frame.ne(""), None)
