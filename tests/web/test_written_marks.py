"""Marked numbers and phones written through every door of the product: a dump of the database, the media folder and
the logs hold none of them, in no spelling in which a column might keep one.

A new door is added to `DOORS`; each says what it wrote, and the test first looks whether it is there, unsealed by the
product itself.
"""

import base64
import logging
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from gis.collection.correction import Claim, propose
from gis.commons.wishing import post_wish
from gis.models import (
    Building,
    Correction,
    Dwelling,
    Field,
    Neighbour,
    Organisation,
    Reporter,
    Resident,
    SheetRow,
    User,
)
from gis.organisations.registering import read_unit, register
from gis.people.door_form import save_door
from gis.people.identity import check_character
from gis.people.life.happening import read_happening
from gis.people.life.recording import record_life
from gis.people.sealing import blind_indexes
from tests.browsing import Browser, as_server
from tests.cast import CELL, COMMUNITY
from tests.databases import address_of
from tests.gis.collection.sheets import bringing as sheets
from tests.gis.hotline import bringing as hotline
from tests.web.residents.form import filled
from web.logs import JsonFormatter
from web.start.postgres import find_postgres

NOW = timezone.now


def identity(born: str, order: int) -> str:
    """A number that nobody can have: its check character is wrong."""
    body = f"990113{born}{order:03}"
    return body + ("0" if check_character(body) != "0" else "1")


def phone(order: int) -> str:
    return f"1397777{order:04}"


def user(name: str) -> User:
    return User.objects.get(username=name)


def at_a_door() -> list[str]:
    marks, wang = [identity("19800307", 11), phone(1111)], user("wang")
    door = Dwelling.objects.filter(area=CELL, residences=None).order_by("pk").first()
    told = {"name": "欧阳门里", "number": marks[0], "phone": marks[1], "relation": "02"}
    body = {"building": door.building_id, "door": door.pk, "people": [{"add": told}]}
    save_door(body, by=wang, access=wang.access, at=NOW())
    return marks


def at_a_birth() -> list[str]:
    mark, wang = identity(timezone.localdate().strftime("%Y%m%d"), 21), user("wang")
    mother = Resident.objects.filter(
        area=CELL, sex="2", born__range=("1985-01-01", "2000-01-01"), residences__ends=None, residences__kind="living"
    ).first()
    told = {"kind": "born", "resident": mother.pk, "on": timezone.localdate().isoformat(), "name": "欧阳新生"}
    happening = read_happening(told | {"number": mark, "sex": "1"}, timezone.localdate())
    record_life(happening, by=wang, access=wang.access, at=NOW(), number=uuid4())
    return [mark]


def in_a_sheet() -> list[str]:
    """Of somebody new, of somebody who is looked at, and of a row that is refused."""
    he, door = user("he"), sheets.empty_door()
    marks = [identity("19810307", 31), phone(3333), identity("19820307", 33), phone(3334), phone(3335)]
    usual = {"住址": sheets.address_of(door)}
    known = sheets.residents(1)[0]
    sheet = sheets.checked(
        he,
        sheets.a_row(None, 姓名="欧阳表里", 身份证号=marks[0], 联系电话=marks[1], **usual),
        sheets.a_row(None, 姓名="欧阳无门", 身份证号=marks[2], 联系电话=marks[3], 住址="没有这个地方"),
        sheets.a_row(known, 姓名="皇甫无关", 出生日期="", 联系电话=marks[4]),
    )
    assert SheetRow.objects.filter(sheet=sheet).count() == 3
    sheets.file_all(sheet)
    return marks


def in_an_import(folder: Path) -> list[str]:
    marks, building = (
        [identity("19830307", 41), phone(4441)],
        Building.objects.filter(area=CELL, compound__isnull=False),
    )
    told = building.order_by("pk").first()
    path = folder / "people.csv"
    path.write_text(
        "姓名,身份证号,联系电话,小区,楼号,单元,室号\n"
        f"欧阳导入,{marks[0]},{marks[1]},{told.compound.name},{told.number},1,101\n"
    )
    call_command("import_residents", str(path))
    path.unlink()
    return marks


def in_a_report() -> list[str]:
    with as_server():
        visitor = Browser()
        answer = visitor.post("/report/", filled(visitor, name="欧阳上报", phone=phone(5551)))
    assert answer.status_code == 302, answer.content.decode()
    return [phone(5551)]


def in_a_wish() -> list[str]:
    with as_server():
        post_wish(COMMUNITY, "想学用手机挂号", name="欧阳愿", phone=phone(6661), uuid=uuid4())
    return [phone(6661)]


def at_an_organisation() -> list[str]:
    wang, building = user("wang"), Building.objects.filter(area=CELL).order_by("pk").first()
    told = {"name": "甲店", "kind": "shop", "building": building.pk, "person": "欧阳店主", "phone": phone(7771)}
    register(read_unit(told, timezone.localdate()), access=wang.access, at=NOW())
    return [phone(7771)]


def as_a_correction() -> list[str]:
    wang, person = user("wang"), sheets.residents(2)[1]
    claims = [
        Claim(Field.objects.get(code=code), person.pk, value, date(2026, 1, 2))
        for code, value in (("emergency_phone", phone(8881)), ("identity", identity("19840307", 81)))
    ]
    propose(claims, source=Correction.Source.PAGE, department=wang.department, by=wang)
    return [phone(8881), identity("19840307", 81)]


def in_work_orders() -> list[str]:
    hotline.filed(user("li"), hotline.an_order("T-1", 联系人="欧阳来电", 联系电话=phone(9991)))
    return [phone(9991)]


def in_searches() -> list[str]:
    """Typed into every box that finds people; nobody has them."""
    marks, browser = [identity("19850307", 91), phone(1234)], Browser()
    browser.force_login(user("zhou"), backend="web.sign_in.PostingsBackend")
    for mark in marks:
        for page in ("/residents/", "/organisations/", "/incidents/"):
            assert browser.post(page, {"text": mark}, follow=True).status_code == 200
        assert browser.post("/search/people/", {"q": mark, "text": mark}).status_code < 500
    return marks


DOORS: list[Callable[[], list[str]]] = [
    at_a_door, at_a_birth, in_a_sheet, in_a_report, in_a_wish, at_an_organisation, as_a_correction, in_work_orders,
    in_searches,
]  # fmt: skip


class Kept(logging.Handler):
    """Every line that any part logs, however unimportant, as standard error would get it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged():
    kept, root = Kept(), logging.getLogger()
    root.addHandler(kept)
    yield kept.lines
    root.removeHandler(kept)


def spellings(mark: str) -> list[bytes]:
    """As text, as the hexadecimal digits of bytes, and in base 64 wherever it begins."""
    plain = mark.encode()
    shifted = (base64.b64encode(b"\0" * before + plain)[(4 * before + 2) // 3 : -4] for before in range(3))
    return [plain, plain.hex().encode(), *(part[1:] for part in shifted)]


def found_in(told: bytes, marks: list[str]) -> list[str]:
    return [mark for mark in marks if any(spelling in told for spelling in spellings(mark))]


def dump(name: str) -> bytes:
    program = find_postgres()[0].programs / "pg_dump"
    return subprocess.run([program, "--dbname", address_of(name)], check=True, capture_output=True).stdout


def sessions() -> bytes:
    """What the sessions hold, unpacked: a dump shows them signed and packed, not sealed."""
    return repr([one.get_decoded() for one in Session.objects.all()]).encode()


def test_nothing_that_must_be_sealed_is_in_a_dump_a_file_or_a_log(own_town, tmp_path, settings, logged):
    settings.MEDIA_ROOT, settings.SYNTHETIC_IDS = tmp_path / "media", True
    marks = [mark for door in DOORS for mark in door()] + in_an_import(tmp_path)
    _are_there()
    held = {
        "dump": dump(own_town),
        "sessions": sessions(),
        "files": b"\n".join(path.read_bytes() for path in (tmp_path / "media").rglob("*") if path.is_file()),
        "logs": "\n".join(logged).encode(),
    }
    assert all(held.values())
    assert {where: found_in(told, marks) for where, told in held.items()} == {where: [] for where in held}


def _are_there() -> None:
    """The doors did write: whom each told of is there, found by the number that was sealed."""
    names = {"欧阳门里", "欧阳新生", "欧阳表里", "欧阳导入"}
    found = set(Resident.objects.filter(name__in=names, identity_index__isnull=False).values_list("name", flat=True))
    assert found == names
    assert Resident.objects.filter(phone_index__in=blind_indexes(phone(1111))).exists()
    assert Reporter.objects.filter(name__in=("欧阳上报", "欧阳来电"), phone_sealed__isnull=False).count() == 2
    assert Neighbour.objects.filter(phone_sealed__isnull=False, name="欧阳愿").exists()
    assert Organisation.objects.filter(phone_index__in=blind_indexes(phone(7771))).exists()
    assert Correction.objects.filter(value_index__in=blind_indexes(phone(8881))).exists()


def test_it_would_see_one_in_every_spelling(own_town):
    mark, person = identity("19860307", 99), Resident.objects.earliest("pk")
    for spelling in (mark, mark.encode().hex(), base64.b64encode(b"x" + mark.encode() + b"xx").decode()):
        Resident.objects.filter(pk=person.pk).update(source_code=spelling, source="x")
        assert found_in(dump(own_town), [mark]) == [mark]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_resident SET phone_sealed = %s WHERE id = %s", [mark.encode(), person.pk])
    assert found_in(dump(own_town), [mark]) == [mark]
