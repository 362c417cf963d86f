"""CSV and its like: encodings, separators, and nothing evaluated."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pandas as pd

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
            f"{path.name} is neither text nor any format known here.",
            fix="Save it as GeoPackage, GeoJSON, CSV (UTF-8) or XLSX.",
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
        raise BadFile(f"Line {line} is in another encoding than the lines before it.", fix="Save it again in UTF-8.")
    tried = f"not {encoding or marked}" if encoding or marked else "neither UTF-8 nor GB18030"
    raise BadFile(
        f"The text is {tried}.",
        fix="Save it as CSV in UTF-8, or name its encoding with --encoding.",
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
        raise BadFile(f"{path.name} is empty.", fix="Name a file with a heading and rows.") from None
    except (pd.errors.ParserError, csv.Error):
        return _parse_ragged(path, text, separator)


def _parse_ragged(path: Path, text: str, separator: str) -> pd.DataFrame:
    """Rows of unequal length: too long ones keep their surplus in a column named `OVERFLOW`."""
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise BadFile(
            f"{path.name} has no readable table ({error}).", fix="Open it in a spreadsheet and save it again."
        ) from None
    width = len(rows[0])
    cut = [[*row[:width], *[None] * (width - len(row)), separator.join(row[width:]) or None] for row in rows[1:]]
    frame = pd.DataFrame(cut, columns=[*rows[0], OVERFLOW], dtype=object)
    return frame.where(frame.ne(""), None)
