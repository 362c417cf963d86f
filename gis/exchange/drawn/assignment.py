"""Which building is in which cell, as CSV that a spreadsheet does not spoil: both ways."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gis.errors import BadFile
from gis.exchange.delimited import read_delimited

HEADING = ("building_code", "cell_code", "cell_name")
#: What a heading may be called instead.
_WORDS = {
    "building_code": ("building_code", "building", "楼栋编码", "建筑编码", "楼栋代码"),
    "cell_code": ("cell_code", "cell", "网格编码", "网格代码"),
    "cell_name": ("cell_name", "name", "网格名称", "网格"),
}


@dataclass(frozen=True)
class Assigned:
    row: int  # as a spreadsheet counts, the heading is 1
    building: str
    code: str
    name: str


def write_assignment(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """Building code, cell code, cell name. UTF-8 with its mark; a tab before digits keeps them text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADING)
    writer.writerows([_text(value) for value in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _text(value: str) -> str:
    """As a spreadsheet takes it for text: neither for a number nor for a formula."""
    return f"\t{value}" if value[:1].isdigit() or (value[:1] in "=+-@" and value) else value


def read_assignment(path: Path) -> list[Assigned]:
    """The rows of a CSV. Raises BadFile where a column is missing."""
    frame, _how = read_delimited(path)
    names = {str(column).strip().strip("\ufeff").lower(): column for column in frame.columns}
    columns = {key: next((names[word] for word in words if word in names), None) for key, words in _WORDS.items()}
    if columns["building_code"] is None or (columns["cell_code"] is None and columns["cell_name"] is None):
        said = _("%(file)s 缺少 building_code 列，或 cell_code、cell_name 两列都没有。") % {"file": path.name}
        raise BadFile(said, fix=_("请下载方案的楼栋归属表，保留它的表头。"))
    values = {key: _values(frame, column) for key, column in columns.items()}
    return [
        Assigned(row, building, code, name)
        for row, (building, code, name) in enumerate(
            zip(values["building_code"], values["cell_code"], values["cell_name"], strict=True), 2
        )
        if building or code or name
    ]


def _values(frame, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(frame)
    return [value.strip().removeprefix('="').removesuffix('"').strip() for value in frame[column].fillna("")]
