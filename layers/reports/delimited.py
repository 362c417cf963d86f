"""Sheets as CSV: with the mark by which a spreadsheet knows UTF-8, or in GB18030 for programs that know no other."""

from collections.abc import Callable
from pathlib import Path

from gis.exchange.plain import END, shown_as_is
from layers.reports.sheets import Told, packed

#: Rows that are written at once.
_AT_ONCE = 20_000


def write_utf8(told: Told, path: Path, progress: Callable[[int], None]) -> Path:
    return _write(told, path, progress, "utf-8-sig")


def write_gb18030(told: Told, path: Path, progress: Callable[[int], None]) -> Path:
    return _write(told, path, progress, "gb18030")


def _write(told: Told, path: Path, progress: Callable[[int], None], encoding: str) -> Path:
    files = {}
    for sheet in told.sheets:
        frame, file = sheet.headed, path.with_name(f"{len(files)}.csv")
        with file.open("w", encoding=encoding, newline="") as out:
            frame.iloc[:0].rename(columns=shown_as_is).to_csv(out, index=False, lineterminator=END)
            for first in range(0, len(frame), _AT_ONCE):
                part = frame.iloc[first : first + _AT_ONCE].map(shown_as_is)
                part.to_csv(out, index=False, lineterminator=END, header=False, date_format="%Y-%m-%d %H:%M")
                progress(95 * (first + len(part)) // len(frame))
        files[f"{sheet.title}.csv"] = file
    return packed(files, told, path)
