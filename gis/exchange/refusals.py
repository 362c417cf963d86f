"""The account of an import: which rows were refused and why, what was repaired or doubted, and what was noticed.

Reasons and fixes never hold a value of a person: a report is mailed around.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gis.errors import WanggeError

_HEADINGS = (gettext_lazy("行"), gettext_lazy("字段"), gettext_lazy("原因"), gettext_lazy("怎么办"))


@dataclass(frozen=True)
class Line:
    """One row of the report: the row as the file counts it, the field, the reason and the fix."""

    row: int
    field: str
    reason: str
    fix: str


@dataclass
class Report:
    """What happened to each row. A row is refused once, for the first reason found; notes do not refuse it."""

    rows: np.ndarray  # row numbers as the user's program shows them
    good: np.ndarray = field(init=False)
    refused: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.good = np.ones(len(self.rows), dtype=bool)

    def refuse(self, where: np.ndarray, field_name: str, reason: str | np.ndarray, fix: str | np.ndarray) -> None:
        """Refuse the still good rows of a mask. `reason` and `fix` are one text, or one for every row of the file."""
        hit = np.flatnonzero(where & self.good)
        self.refused += self._lines(hit, field_name, reason, fix)
        self.good[hit] = False

    def note(self, where: np.ndarray, field_name: str, reason: str | np.ndarray, fix: str | np.ndarray = "") -> None:
        """Say something about the still good rows of a mask without refusing them."""
        self.notes += self._lines(np.flatnonzero(where & self.good), field_name, reason, fix)

    def remark(self, text: str) -> None:
        """Say something about the whole file."""
        self.remarks.append(text)

    def _lines(self, hit, field_name, reason, fix) -> list[Line]:
        reasons = [reason] * len(hit) if isinstance(reason, str) else reason[hit]
        fixes = [fix] * len(hit) if isinstance(fix, str) else fix[hit]
        return [
            Line(int(self.rows[i]), field_name, str(why), str(how))
            for i, why, how in zip(hit, reasons, fixes, strict=True)
        ]

    def grouped_refusals(self) -> list["Group"]:
        return _grouped(self.refused)

    def grouped_notes(self) -> list["Group"]:
        return _grouped(self.notes)


@dataclass(frozen=True)
class Group:
    """Lines of one field and reason; numbers inside the reasons are set aside."""

    field: str
    reason: str
    fix: str
    rows: list[int]

    def __str__(self) -> str:
        shown = ", ".join(str(row) for row in self.rows[:5]) + (" …" if len(self.rows) > 5 else "")
        said = ngettext("%(reason)s（第 %(rows)s 行）。", "%(reason)s（第 %(rows)s 行）。", len(self.rows))
        said %= {"reason": self.reason, "rows": shown}
        return f"{len(self.rows):>7,} × {self.field}: {said} {self.fix}".rstrip()


def _grouped(lines: list[Line]) -> list[Group]:
    """The most frequent reason first."""
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.field, _without_numbers(line.reason)), []).append(line)
    made = [
        Group(name, lines[0].reason if len(lines) == 1 else reason, lines[0].fix, sorted(line.row for line in lines))
        for (name, reason), lines in groups.items()
    ]
    return sorted(made, key=lambda group: -len(group.rows))


#: A number with what is written to it, a code among them.
_NUMBER = re.compile(r"[A-Za-z-]*\d[\dA-Za-z.,:-]*(?<![.,:])")


def _without_numbers(text: str) -> str:
    return _NUMBER.sub("…", text)


def save_report(report: Report, path: Path) -> None:
    """Write the report as a workbook of three sheets: refused rows, notes, remarks. Raises WanggeError."""
    try:
        # Nothing in a report is a formula or a link, whatever the file held.
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            bold = book.add_format({"bold": True})
            _sheet(book, _("被拒的行"), sorted(report.refused, key=lambda line: line.row), bold)
            _sheet(book, _("提示"), sorted(report.notes, key=lambda line: line.row), bold)
            remarks = book.add_worksheet(_("全文件说明"))
            remarks.set_column(0, 0, 120)
            remarks.write_column(0, 0, report.remarks)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise WanggeError(
            f"The report {path.name} cannot be written: {getattr(error, 'strerror', None) or error}.",
            fix="Name a file in a folder you may write to, and close it in other programs.",
        ) from None


#: Rows a worksheet holds below its heading.
_SHEET_ROWS = 1_048_575


def _sheet(book: xlsxwriter.Workbook, name: str, lines: list[Line], bold) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, [str(one) for one in _HEADINGS], bold)
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 3, 70)
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(lines[:_SHEET_ROWS], 1):
        sheet.write_row(number, 0, (line.row, line.field, line.reason, line.fix))
