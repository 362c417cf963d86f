"""What is wrong of a table as a workbook: row, column, what is wrong, what to do. No value of a row is in it."""

import tempfile
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from gis.collection.sheets.faults import NOTE, Fault
from gis.collection.sheets.sheet import Sheet, SheetRow, Verdict
from gis.collection.sheets.targets import targets

#: Rows a worksheet holds below its heading.
_MOST = 1_048_575


def faults_of(sheet: Sheet, *, refused: bool = False, most: int = _MOST) -> list[tuple[int, str, Fault, bool]]:
    """Row, field in words, fault, and whether the row came in; of refused rows only, if so asked."""
    labels = {code: target.label for code, target in targets().items()}
    rows = SheetRow.objects.filter(sheet=sheet).exclude(faults=[])
    if refused:
        rows = rows.filter(verdict=Verdict.FAULT)
    found = []
    for number, verdict, told in rows.order_by("row").values_list("row", "verdict", "faults")[:most]:
        for one in map(Fault.from_json, told):
            if not refused or one.grade != NOTE:
                found.append((number, labels.get(one.field, ""), one, verdict != Verdict.FAULT))
    return found[:most]


def faults_as_bytes(sheet: Sheet) -> bytes:
    """The list as a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faults.xlsx"
        _save(sheet, path)
        return path.read_bytes()


def _save(sheet: Sheet, path: Path) -> None:
    titles = {code: title for title, code in sheet.plan.get("mapping", {}).items()}
    headings = (_("行"), _("列"), _("字段"), _("问题"), _("怎么改"), _("是否收下"))
    # Nothing in it is a formula or a link, whatever the file held.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        page = book.add_worksheet(_("错误清单")[:31])
        page.set_column(0, 2, 16)
        page.set_column(3, 4, 60)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, headings, book.add_format({"bold": True}))
        for at, (number, label, fault, kept) in enumerate(faults_of(sheet), 1):
            told = _("收下") if kept else _("不收")
            page.write_row(at, 0, [number, titles.get(fault.field, ""), label, fault.reason, fault.fix, told])
