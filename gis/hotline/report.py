"""The faults and notes of a file as a workbook: row, field, what is wrong, what to do. No value of a row is in it."""

import tempfile
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from gis.accounts.scope import applied
from gis.errors import WanggeError
from gis.hotline.faults import Fault
from gis.hotline.hotline_file import HotlineFile

#: Rows a worksheet holds below its heading.
_MOST = 1_048_575


def faults_of(file: HotlineFile, *, stopping: bool = False, most: int = _MOST) -> list[tuple[int, str, Fault]]:
    """Row, number of the work order and fault of every row that has one; notes too, unless only what stops is asked."""
    with applied(file.scope):
        rows = file.rows.exclude(faults=[]).order_by("row").values_list("row", "number", "faults")
        told = [(row, number, Fault.from_json(one)) for row, number, faults in rows[:most] for one in faults]
    return [one for one in told if one[2].stops or not stopping][:most]


def save_faults(file: HotlineFile, path: Path) -> None:
    """Write the list of faults. Raises WanggeError."""
    headings = (_("行"), _("工单编号"), _("列"), _("字段"), _("问题"), _("怎么改"), _("是否收下"))
    try:
        # Nothing in it is a formula or a link, whatever the file held.
        options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
        with xlsxwriter.Workbook(path, options) as book:
            sheet = book.add_worksheet(_("错误清单")[:31])
            sheet.set_column(0, 3, 16)
            sheet.set_column(4, 5, 60)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
            for at, (row, number, fault) in enumerate(faults_of(file), 1):
                kept = _("不收") if fault.stops else _("收下")
                title = file.chosen.get(fault.field, "")
                sheet.write_row(at, 0, (row, number, title, fault.of, fault.reason, fault.fix, kept))
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise WanggeError(
            f"The report {path.name} cannot be written.", fix="Name a file in a folder you may write to."
        ) from error


def faults_as_bytes(file: HotlineFile) -> bytes:
    with tempfile.TemporaryDirectory(prefix="wangge-faults-") as folder:
        path = Path(folder) / "faults.xlsx"
        save_faults(file, path)
        return path.read_bytes()
