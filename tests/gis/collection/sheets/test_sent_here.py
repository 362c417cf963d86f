"""Somebody of another street in a department's table: with their record where that street sent them here, anew else."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.collection.sheets.sheet import SheetRow
from gis.models import Fact, LifeEvent, Need, Residence, Resident, User
from gis.people.doubles import likely_pairs
from tests.cast import COMMUNITY, DISTRICT, OTHER_STREET
from tests.gis.collection.sheets.bringing import a_row, address_of, empty_door, filed, number_of, outcomes, residents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def sent_from_elsewhere(to_area: str) -> Resident:
    """Somebody of another street whom its office has let leave for an area."""
    (person,) = residents(1)
    stay = person.residences.get(kind="living", ends=None)
    far, left = "110113009001001", timezone.localdate() - dt.timedelta(days=30)
    Residence.objects.filter(resident=person).update(ends=left, household=None, area=far)
    Resident.objects.filter(pk=person.pk).update(area=far)
    LifeEvent.objects.create(
        kind="left", resident=person, name=person.name, on=left, far="area", to_area=to_area, dwelling=stay.dwelling,
        area=far, by=User.objects.get(username="chen"), act=uuid4(),
    )  # fmt: skip
    return person


def test_whom_another_street_sent_here_comes_with_their_record(he):
    person = sent_from_elsewhere(COMMUNITY)
    Need.objects.create(resident=person, tag="disability", starts=dt.date(2020, 1, 1), area=person.area)
    door, people = empty_door(), Resident.objects.count()
    row = a_row(None, 姓名=person.name, 身份证号=number_of(person), 住址=address_of(door), 是否低保="是")
    sheet = filed(he, row, area=COMMUNITY, as_of=dt.date(2020, 5, 1))
    assert outcomes(sheet) == [("link", "changed")]
    assert SheetRow.objects.get(sheet=sheet).resident_id == person.pk
    assert Resident.objects.count() == people
    here = person.residences.get(kind="living", ends=None)
    assert (here.dwelling, here.area, here.starts) == (door, door.area, timezone.localdate() - dt.timedelta(days=30))
    assert (
        Resident.objects.get(pk=person.pk).area == Need.objects.get(resident=person, tag="disability").area == door.area
    )
    assert list(person.events.order_by("pk").values_list("kind", "area")) == [
        ("left", "110113009001001"),
        ("came", door.area),
    ]
    assert Fact.objects.get(resident=person, field__code="need_subsistence", source="file").value == "1"
    assert set(outcomes(filed(he, row, area=COMMUNITY))) == {("link", "same")}


@pytest.mark.parametrize("to_area", ["110113003", OTHER_STREET, ""])
def test_whom_nobody_sent_here_is_written_down_anew_and_told_of_to_nobody(he, to_area):
    person = sent_from_elsewhere(to_area)
    row = a_row(None, 姓名=person.name, 身份证号=number_of(person), 住址=address_of(empty_door()))
    sheet = filed(he, row, area=COMMUNITY)
    assert outcomes(sheet) == [("new", "made")]
    made = Resident.objects.get(pk=SheetRow.objects.get(sheet=sheet).resident_id)
    assert made.doubled
    assert made.pk != person.pk
    assert Resident.objects.get(pk=person.pk).area == "110113009001001"
    # Whoever is responsible for both is shown the two as one likely person, to move or to merge.
    assert (person.pk, made.pk) in likely_pairs(Scope.of([DISTRICT]))
    assert likely_pairs(Scope.of([COMMUNITY])) == []
