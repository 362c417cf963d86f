"""Tables as departments have them, written for tests, and the fields they are mapped to. Nobody in them exists."""

from pathlib import Path

import numpy as np
import xlsxwriter

from gis.collection.field import Field
from gis.collection.sheets.judging import Rows, judge
from gis.collection.sheets.opening import open_table
from gis.collection.sheets.targets import PLACES, Target
from gis.people.identity import check_character

TITLES = ["姓名", "身份证号", "性别", "联系电话", "住址", "是否低保"]


def number(day: str, order: int, *, right: bool = True) -> str:
    """An identity number of a district that does not exist; `order` odd for a man."""
    text = f"999999{day.replace('-', '')}{order:03}"
    check = check_character(text)
    return text + (check if right else "10"[check == "1"])


def workbook(path: Path, *rows, merged=(), sheets=("Sheet1",)) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name in sheets:
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
            for first_row, first, last_row, last, text in merged:
                page.merge_range(first_row, first, last_row, last, text)
    return path


def csv_text(*rows) -> str:
    return "".join(",".join(str(cell) for cell in row) + "\n" for row in rows)


def field(code: str, name: str, kind: str = "text", *, synonyms: str = "", options=(), subject="person") -> Field:
    return Field(code=code, name=name, synonyms=synonyms, kind=kind, subject=subject, options=list(options))


def all_targets() -> dict[str, Target]:
    fields = [
        field("name", "姓名"),
        field("identity", "公民身份号码", synonyms="身份证号 身份证号码 证件号码"),
        field("sex", "性别", "code"),
        field("born", "出生日期", "date", synonyms="生日 出生年月"),
        field("phone", "联系电话", synonyms="电话 手机 手机号"),
        field("education", "学历", "choice", synonyms="文化程度", options=[["本科", "Bachelor"], ["初中", ""]]),
        field("need_subsistence", "是否低保", "yes_no", synonyms="低保"),
        field("family_income", "家庭年收入（元）", "number", subject="household"),
        field("landlord", "房东姓名", synonyms="房主姓名", subject="dwelling"),
        field("tenure", "产权性质", "code", subject="dwelling"),
    ]
    from gis.collection.same import names_of
    from gis.exchange.columns import fields_of

    places = {
        code: Target(code, str(label), frozenset(fields_of("residents")[code].names)) for code, label in PLACES.items()
    }
    return places | {one.code: Target(one.code, one.name, frozenset(names_of(one)), one) for one in fields}


def judged(path: Path, mapping: dict[str, str], codes=None, *, today, synthetic: bool = False) -> Rows:
    return judge(open_table(path), mapping, codes or {}, all_targets(), today=today, synthetic=synthetic)


def array(*texts) -> np.ndarray:
    made = np.empty(len(texts), dtype=object)
    made[:] = texts
    return made
