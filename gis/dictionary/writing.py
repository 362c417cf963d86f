"""The dictionary as Markdown, and as rows for a workbook."""

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from gis.dictionary.describing import Table

#: Heads by language.
_HEADS = {
    "zh": ("列", "含义", "类型", "单位", "代码", "指向", "主管部门", "保密", "必填"),
    "en": ("Column", "Meaning", "Type", "Unit", "Codes", "Refers to", "Owner", "Sealed", "Required"),
}
_TABLE_HEADS = {
    "zh": ("表", "含义", "说明", "所属部分", "行级安全", "保存期限"),
    "en": ("Table", "Meaning", "About", "Room", "Row-level security", "Kept"),
}
_TITLES = {"zh": "网格 Wangge 数据字典", "en": "Wangge data dictionary"}
_SEALED = {
    "zh": {"sealed": "加密", "index": "盲索引", "": ""},
    "en": {"sealed": "encrypted", "index": "blind index", "": ""},
}
_YES = {"zh": "是", "en": "yes"}


def heads(language: str) -> tuple[str, ...]:
    return _HEADS[_short(language)]


def rows(table: Table, language: str) -> Iterable[tuple[str, ...]]:
    """The columns of a table, cell by cell under `heads`."""
    short = _short(language)
    for one in table.columns:
        required = _YES[short] if one.required else ""
        sealed = _SEALED[short][one.sealed]
        yield one.name, one.words, one.type, one.unit, one.codes, one.refers, one.owner, sealed, required


def markdown(tables: list[Table], language: str) -> str:
    """One section a table."""
    lines = [f"# {_TITLES[_short(language)]}", ""]
    for table in tables:
        lines += [f"## {table.table} · {table.words}", "", *_facts(table, language), ""]
        lines += [_line(heads(language)), _line("---" for _ in heads(language))]
        lines += [*map(_line, rows(table, language)), ""]
    return "\n".join(lines)


def _facts(table: Table, language: str) -> list[str]:
    names = _TABLE_HEADS[_short(language)][2:]
    walled = _YES[_short(language)] if table.walled else ""
    told = zip(names, (table.about, table.room, walled, table.kept), strict=True)
    return [f"- {name}: {text}" for name, text in told if text]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def write_workbook(tables: list[Table], language: str, path: Path) -> None:
    """A sheet of the tables and one of all columns, filters on."""
    short = _short(language)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        listed = [
            (one.table, one.words, one.about, one.room, _YES[short] if one.walled else "", one.kept) for one in tables
        ]
        columns = [(table.table, *row) for table in tables for row in rows(table, language)]
        _sheet(book, _TABLE_HEADS[short][0], _TABLE_HEADS[short], listed)
        _sheet(book, _HEADS[short][0], (_TABLE_HEADS[short][0], *heads(language)), columns)


def _sheet(book: xlsxwriter.Workbook, name: str, head: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 22)
    for row, cells in enumerate([head, *lines]):
        sheet.write_row(row, 0, cells, bold if row == 0 else None)
    sheet.autofilter(0, 0, max(len(lines), 1), len(head) - 1)


def _short(language: str) -> str:
    return "en" if language.startswith("en") else "zh"
