"""Units written down and looked at, by whoever may. Everything here is invented."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from gis.accounts.scope import Scope, applied
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.models import Building, Category, Code, Incident, Organisation
from gis.organisations.checking import _CLASSES, _ELSE, _SMALL_SITE, hazards
from gis.organisations.counting import Counted, count_by_area
from gis.organisations.kinds import kinds, small_kinds
from gis.people.sealing import is_of, open_seal
from tests.cast import CELL, COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.organisations.conftest import CODE, NOW

DAY = date(2026, 5, 20)
HERE = Scope.of([CELL])


def due(organisation) -> date | None:
    return Organisation.objects.with_due().get(pk=organisation.pk).due_on


def test_a_shop_is_written_down_and_its_phone_sealed(write, building):
    shop = write(credit_code=CODE.lower(), person="甲乙丙", phone="010-6944 1234", staff="3", opened_on="2024-03-01")
    assert (shop.area, shop.building, shop.credit_code, shop.staff) == (CELL, building, CODE, 3)
    assert open_seal(shop.phone_sealed) == "01069441234"
    assert is_of(shop.phone_index, "01069441234")
    assert "甲" not in str(shop)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "店" * 101}, "name"),
        ({"kind": "casino"}, "kind"),
        ({"credit_code": CODE[:17] + ("0" if CODE[17] != "0" else "1")}, "credit_code"),
        ({"credit_code": "123"}, "credit_code"),
        ({"building": ""}, "building"),
        ({"building": "1.5"}, "building"),
        ({"staff": "-3"}, "staff"),
        ({"staff": "很多"}, "staff"),
        ({"phone": "abc"}, "phone"),
        ({"opened_on": "2026-05-21"}, "opened_on"),
        ({"opened_on": "2025-05-01", "closed_on": "2025-04-01"}, "closed_on"),
    ],
)
def test_it_refuses_what_cannot_be(facts, field, write):
    with pytest.raises(Refused) as caught:
        write(**facts)
    assert field in caught.value.fields
    assert not Organisation.objects.filter(name="甲店").exists()


def test_one_code_is_one_open_unit_in_a_building(write, building):
    first = write(credit_code=CODE)
    with pytest.raises(Refused):
        write(name="乙店", credit_code=CODE)
    other = Building.objects.filter(area=CELL).exclude(pk=building.pk).first()
    assert write(name="分店", credit_code=CODE, building=other.pk)
    write(pk=first.pk, credit_code=CODE, closed_on="2026-05-01")
    assert write(name="乙店", credit_code=CODE)


def test_a_change_keeps_the_phone_that_is_not_told(write):
    shop = write(phone="13800001111")
    write(pk=shop.pk, name="乙店")
    assert Organisation.objects.get(pk=shop.pk).phone_last4 == "1111"
    write(pk=shop.pk, name="乙店", phone="")
    assert Organisation.objects.get(pk=shop.pk).phone_sealed is None


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_writes_and_checks(name, write, look):
    shop = write()
    if name in ("wang", "zhou"):
        assert write(name, name="丙店")
        assert look(shop, "fine", as_=name)
        return
    for act in (lambda: write(name, name="丙店"), lambda: look(shop, "fine", as_=name)):
        with pytest.raises((NotAllowed, OutOfScope)):
            act()


def test_the_database_shows_it_inside_its_area_only(write):
    shop = write()
    for area, shown in ((CELL, True), (STREET, True), (f"{COMMUNITY}002", False), (OTHER_STREET, False)):
        with applied(Scope.of([area])):
            assert Organisation.objects.filter(pk=shop.pk).exists() is shown


def test_it_is_due_by_the_interval_of_its_kind_after_the_last_look(write, look):
    shop, firm = write(), write(name="乙公司", kind="firm")
    assert due(shop) == DAY + timedelta(days=kinds()["shop"].every)
    assert due(firm) == DAY + timedelta(days=kinds()["firm"].every)
    look(shop, "fine", at=NOW - timedelta(days=10))
    assert due(shop) == DAY - timedelta(days=10) + timedelta(days=90)
    look(shop, "closed")
    assert due(shop) == DAY - timedelta(days=10) + timedelta(days=90)


def test_an_administrator_changes_the_interval(write):
    shop = write()
    row = Code.objects.get(table="organisation_kind", code="shop")
    row.details["check_days"] = "0"
    row.save()
    assert due(shop) is None


def test_findings_stand_until_a_look_finds_none(write, look):
    shop = write()
    look(shop, "found", findings=["gas", "storage"], at=NOW - timedelta(days=3))
    assert Organisation.objects.get(pk=shop.pk).hazards == ["gas", "storage"]
    look(shop, "refused", at=NOW - timedelta(days=2))
    assert Organisation.objects.get(pk=shop.pk).hazards == ["gas", "storage"]
    look(shop, "fine")
    assert Organisation.objects.get(pk=shop.pk).hazards == []
    look(shop, "found", findings=["gas"], at=NOW - timedelta(days=1))  # written down before, sent later
    assert Organisation.objects.get(pk=shop.pk).hazards == []


def test_a_finding_opens_a_case_at_the_building(write, look, building):
    check = look(write(), "found", findings=["fire_exit"], report=True, note="通道堆满纸箱")
    case = Incident.objects.get(pk=check.incident_id)
    assert (case.building_id, case.category.code) == (building.pk, "C0101")
    assert "通道堆满纸箱" in case.description
    assert look(write(name="乙店"), "found", findings=["storage"], report=True).incident.category.code == "C0105"


def test_a_check_is_stored_once_under_its_number(write, look):
    shop, number = write(), uuid4()
    one = look(shop, "found", findings=["gas"], report=True, number=number)
    assert look(shop, "found", findings=["gas"], report=True, number=number).pk == one.pk
    assert shop.checks.count() == 1
    assert Incident.objects.filter(pk=one.incident_id).count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"outcome": "found"}, {"outcome": "fine", "findings": ["gas"]}, {"outcome": "great"}, {"outcome": ""},
        {"outcome": "found", "findings": ["dragons"]}, {"outcome": "found", "findings": "gas"},
        {"outcome": "fine", "note": "x" * 201}, {"outcome": "fine", "note": 5},
    ],
)  # fmt: skip
def test_it_refuses_a_check_that_says_nothing_sensible(facts, write, look):
    shop = write()
    with pytest.raises(Refused):
        look(shop, facts.pop("outcome"), **facts)
    assert not shop.checks.exists()


def test_nobody_looks_at_what_has_closed_or_so_long_ago(write, look):
    shop = write(opened_on="2020-01-01", closed_on="2026-05-01")
    with pytest.raises(Refused):
        look(shop, "fine")
    with pytest.raises(Refused):
        look(write(name="乙店"), "fine", at=NOW - timedelta(days=400))


def test_it_counts_by_area_what_is_open_and_what_is_overdue(write, look):
    before = count_by_area(HERE, DAY).get(CELL, Counted())
    shop, firm = write(), write(name="乙公司", kind="firm")
    write(name="旧店", opened_on="2020-01-01", closed_on="2026-05-01")
    look(shop, "found", findings=["gas"])
    now = count_by_area(HERE, DAY)[CELL]
    assert (now.organisations, now.small, now.hazards, now.overdue) == (
        before.organisations + 2, before.small + 1, before.hazards + 1, before.overdue,
    )  # fmt: skip
    later = count_by_area(HERE, DAY + timedelta(days=91))[CELL]
    assert later.overdue >= before.overdue + 1
    assert Organisation.objects.overdue(DAY + timedelta(days=91)).filter(pk__in=[shop.pk, firm.pk]).get() == shop


def test_the_nine_small_sites_are_nine(db):
    assert len(small_kinds()) == 9


def test_every_hazard_that_opens_a_case_is_a_class_of_ours(db):
    assert set(_CLASSES) <= set(hazards())
    codes = {*_CLASSES.values(), _ELSE, _SMALL_SITE}
    assert set(Category.objects.filter(code__in=codes).values_list("code", flat=True)) == codes
