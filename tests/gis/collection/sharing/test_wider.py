"""Subscriptions about households and units: what is given, what the feed tells, who is noted as read."""

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.collection.sharing.exporting import make_export, order_export
from gis.collection.sharing.feed import changes_since
from gis.models import Building, Fact, Field, Household, Organisation, Reading, Residence
from gis.organisations.registering import write_phone
from tests.cast import CELL, COMMUNITY, OTHER_STREET
from tests.gis.collection.sharing.test_subscribing import in_force

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def told(one, since: int = 0) -> tuple[list[tuple[str, dict | None]], int]:
    scope = Scope.of([COMMUNITY])
    with applied(scope):
        page = changes_since(one, since, scope, TODAY())
    return [(entry.change, entry.values) for entry in page.entries], page.cursor


@pytest.fixture
def shop(db) -> Organisation:
    Organisation.objects.all().delete()
    building = Building.objects.filter(area=CELL).order_by("pk").first()
    made = Organisation(name="甲店", kind="shop", building=building, person="乙丙丁", staff=3, area=CELL)
    made.known_since = TODAY()
    write_phone(made, "13800004321")
    made.save()
    return made


def units(cast):
    fields = ("unit_name", "unit_kind", "unit_person", "unit_phone", "unit_staff", "unit_opened")
    return in_force(cast, *fields, subject="organisation", area=COMMUNITY)


def test_units_are_given_with_their_representative_and_phone_masked(cast, shop):
    elsewhere = Building.objects.filter(area__startswith=OTHER_STREET).first()
    Organisation.objects.create(name="远", kind="shop", building=elsewhere, known_since=TODAY(), area=elsewhere.area)
    (row,), _cursor = told(units(cast))
    assert row == (
        "added",
        {
            "unit_name": "甲店", "unit_kind": "商店", "unit_person": "乙**", "unit_phone": "***4321",
            "unit_staff": "3", "unit_opened": None,
        },
    )  # fmt: skip


def test_the_feed_tells_that_a_unit_came_changed_and_closed(cast, shop):
    one = units(cast)
    _rows, cursor = told(one)
    assert told(one, cursor)[0] == []
    Organisation.objects.filter(pk=shop.pk).update(staff=8)
    ((change, values),), cursor = told(one, cursor)
    assert (change, values["unit_staff"]) == ("changed", "8")
    Organisation.objects.filter(pk=shop.pk).update(closed_on=TODAY())
    assert told(one, cursor)[0] == [("gone", None)]


def test_the_feed_tells_of_a_household_what_is_said_of_it_and_that_it_ended(cast):
    one = in_force(cast, "household_size", subject="household", area=COMMUNITY)
    rows, cursor = told(one)
    assert len(rows) == min(500, Household.objects.filter(area__startswith=COMMUNITY).count())
    while (more := told(one, cursor))[0]:
        cursor = more[1]
    household = Household.objects.filter(area=CELL).first()
    field = Field.objects.get(code="household_size")
    Fact.objects.create(field=field, household=household, value="4", source="visit", said_on=TODAY())
    rows, cursor = told(one, cursor)
    assert rows == [("changed", {"household_size": "4"})]
    Residence.objects.filter(household=household).update(household=None)
    household.delete()
    assert told(one, cursor)[0] == [("gone", None)]


@pytest.mark.parametrize("subject", ["household", "organisation"])
def test_a_file_notes_who_is_told_of(subject, cast, shop, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one = (
        units(cast)
        if subject == "organisation"
        else in_force(cast, "household_size", subject="household", area=CELL[:12])
    )
    order = order_export(one, "csv", "核对", by=cast.he, access=cast.he.access, language="zh-hans")
    make_export(order.pk)
    order.refresh_from_db()
    assert order.stage == "done", order.trouble
    noted = Reading.objects.filter(act="export", by=cast.he)
    if subject == "organisation":
        assert noted.get().organisations == [shop.pk]
        return
    living = Residence.objects.filter(area__startswith=COMMUNITY, kind="living", ends=None).exclude(household=None)
    assert {key for row in noted for key in row.residents} == set(living.values_list("resident", flat=True))


def test_the_catalogue_holds_no_phone_of_a_unit_in_the_open(db):
    phone = Field.objects.get(code="unit_phone")
    assert phone.sealed
    assert phone.kept == "organisation.phone"
    assert {field.owner.code for field in Field.objects.filter(code__in=("unit_name", "credit_code"))} == {"market"}
