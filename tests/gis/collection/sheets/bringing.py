"""The way of a table without a page or a queue, and people of the small town to bring it for."""

import csv
import io

from django.conf import settings

from gis.collection.sheets.bringing import bring, content_of, set_columns, set_values, start, values_of
from gis.collection.sheets.checking import check
from gis.collection.sheets.filing import file_lot
from gis.collection.sheets.sheet import Sheet, SheetRow, Stage
from gis.models import Dwelling, Residence, Resident
from gis.people.sealing import open_seal
from tests.cast import COMMUNITY, DISTRICT

TITLES = ("姓名", "身份证号", "性别", "出生日期", "联系电话", "住址", "是否低保", "学历")


def residents(count: int = 3, area: str = COMMUNITY) -> list[Resident]:
    """People with a number who live behind a door of a compound, where nobody has their name."""
    stays = Residence.objects.filter(
        area__startswith=area, kind="living", ends=None, resident__identity_sealed__isnull=False,
        resident__born__isnull=False, dwelling__building__compound__isnull=False,
    )  # fmt: skip
    return [stay.resident for stay in stays.select_related("resident").order_by("pk")[:count]]


def number_of(person: Resident) -> str:
    return open_seal(person.identity_sealed)


def address_of(door: Dwelling) -> str:
    building = door.building
    unit = f"{door.unit}单元" if door.unit else ""
    return f"{building.compound.name}{building.number}{unit}{door.room}室"


def door_of(person: Resident) -> Dwelling:
    return person.residences.get(kind="living", ends=None).dwelling


def empty_door(area: str = COMMUNITY) -> Dwelling:
    doors = Dwelling.objects.standing().filter(area__startswith=area, building__compound__isnull=False)
    return doors.exclude(pk__in=Residence.objects.filter(ends=None).values("dwelling")).order_by("pk").first()


def a_row(person: Resident | None = None, **told: str) -> dict[str, str]:
    """A row of somebody known as the record has them."""
    usual = dict.fromkeys(TITLES, "")
    if person is not None:
        usual |= {
            "姓名": person.name, "身份证号": number_of(person), "性别": {"1": "男", "2": "女"}[person.sex],
            "出生日期": person.born.isoformat(), "住址": address_of(door_of(person)),
        }  # fmt: skip
    return usual | told


def as_csv(*rows: dict[str, str]) -> bytes:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode("utf-8-sig")


def brought(user, *rows: dict[str, str], area: str = DISTRICT, name: str = "名单.csv") -> Sheet:
    return bring(name, as_csv(*rows), area, user=user, access=user.access)


def checked(user, *rows: dict[str, str], area: str = DISTRICT, mapping: dict | None = None, as_of=None) -> Sheet:
    sheet = brought(user, *rows, area=area)
    set_columns(sheet, mapping or sheet.plan["mapping"], as_of or sheet.as_of)
    columns = values_of(sheet).columns
    set_values(sheet, {target.code: {one.value: one.code or "" for one in coded} for target, _t, coded in columns})
    with content_of(sheet) as path:
        check(sheet, path, lambda share: None)
    Sheet.objects.filter(pk=sheet.pk).update(stage=Stage.READY)
    sheet.refresh_from_db()
    return sheet


def filed(user, *rows: dict[str, str], **where) -> Sheet:
    sheet = checked(user, *rows, **where)
    file_all(sheet)
    return sheet


def file_all(sheet: Sheet) -> None:
    start(sheet)
    while file_lot(sheet):
        pass
    Sheet.objects.filter(pk=sheet.pk).update(stage=Stage.DONE, ended_at=sheet.brought_at)
    sheet.refresh_from_db()


def outcomes(sheet: Sheet) -> list[tuple[str, str]]:
    return list(SheetRow.objects.filter(sheet=sheet).order_by("row").values_list("verdict", "outcome"))


def faults(sheet: Sheet) -> list[list[str]]:
    rows = SheetRow.objects.filter(sheet=sheet).order_by("row").values_list("faults", flat=True)
    return [[one[0] for one in told] for told in rows]


def synthetic() -> bool:
    return settings.SYNTHETIC_IDS
