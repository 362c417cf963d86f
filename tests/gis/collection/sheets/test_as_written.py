"""A workbook as an office writes it: a title with a day, two rows of headings, 0 for women, addresses in halves."""

import datetime as dt

import pytest

from gis.collection.sheets.bringing import bring, choose_page, content_of, set_columns, set_values, values_of
from gis.collection.sheets.checking import check
from gis.collection.sheets.sheet import Sheet
from gis.models import Resident
from tests.cast import DISTRICT
from tests.gis.collection.sheets.bringing import door_of, empty_door, faults, number_of, outcomes, residents
from tests.gis.collection.sheets.tables import number, workbook

pytestmark = pytest.mark.django_db
_HEADING = (
    ["序号", "个人基本信息", "", "", "居住地址", "", "服务需求"],
    ["", "姓名", "性别", "身份证号码", "小区楼栋", "单元房号", "是否享受低保"],
)


def written(tmp_path, *rows, sheets=("Sheet1",)) -> bytes:
    merged = [(1, 0, 2, 0, "序号"), (1, 1, 1, 3, "个人基本信息"), (1, 4, 1, 5, "居住地址")]
    title = ["民政局老年人登记表（填表日期：2026年3月20日）"]
    return workbook(tmp_path / "a.xlsx", title, *_HEADING, *rows, merged=merged, sheets=sheets).read_bytes()


def home(door) -> tuple[str, str]:
    building = door.building
    return f"{building.compound.name}{building.number}", f"{door.unit}单元{door.room}" if door.unit else door.room


def checked(sheet: Sheet) -> Sheet:
    set_columns(sheet, sheet.plan["mapping"], sheet.as_of)
    columns = values_of(sheet).columns
    set_values(sheet, {target.code: {one.value: one.code or "" for one in coded} for target, _t, coded in columns})
    with content_of(sheet) as path:
        check(sheet, path, lambda share: None)
    return sheet


def test_it_is_understood_as_it_stands(he, tmp_path):
    known = [
        [place, one.name, "0" if one.sex == "2" else "1", number_of(one), *home(door_of(one)), "是"]
        for place, one in enumerate(residents(4), 1)
    ]
    fresh = [5, "欧阳新来", "1", number("1980-01-02", 11), *home(empty_door()), "否"]
    sheet = bring("登记表.xlsx", written(tmp_path, *known, fresh), DISTRICT, user=he, access=he.access)
    assert list(sheet.plan["mapping"].values()) == ["name", "sex", "identity", "address", "room", "need_subsistence"]
    assert sheet.as_of == dt.date(2026, 3, 20)
    assert [verdict for verdict, _outcome in outcomes(checked(sheet))] == ["link"] * 4 + ["new"]


def test_another_page_says_its_own_day(he, tmp_path):
    row = [1, "张三丰", "1", number("1980-01-02", 11), "某小区1号楼", "101", "否"]
    book = written(tmp_path, row, sheets=("三月", "四月"))
    sheet = bring("登记表.xlsx", book, DISTRICT, user=he, access=he.access)
    sheet.as_of = dt.date(2020, 1, 1)
    sheet.save()
    choose_page(sheet, "四月")
    assert Sheet.objects.get(pk=sheet.pk).as_of == dt.date(2026, 3, 20)


@pytest.mark.parametrize(("died", "verdict"), [("2026-03-19", "fault"), ("2026-03-20", "link")])
def test_who_had_died_before_the_day_of_the_table_is_told_and_not_written(he, tmp_path, died, verdict):
    (person,) = residents(1)
    row = [1, person.name, "0" if person.sex == "2" else "1", number_of(person), *home(door_of(person)), "是"]
    Resident.objects.filter(pk=person.pk).update(died_on=died)
    sheet = checked(bring("登记表.xlsx", written(tmp_path, row), DISTRICT, user=he, access=he.access))
    assert [found for found, _outcome in outcomes(sheet)] == [verdict]
    assert ("died" in faults(sheet)[0]) == (verdict == "fault")
