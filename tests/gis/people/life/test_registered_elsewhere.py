"""Who lives here and is registered (户籍) on another office's ground, out of sight of who writes here."""

import pytest
from django.db import IntegrityError, transaction

from gis.errors import Refused
from gis.models import Dwelling, Residence, Resident
from gis.people.life.ledger import Ledger
from tests.cast import CELL, OTHER_STREET
from tests.gis.people.test_due import lodger

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db) -> Resident:
    here = Dwelling.objects.filter(area=CELL, residences=None).order_by("pk").first()
    there = Dwelling.objects.filter(area__startswith=OTHER_STREET).order_by("pk").first()
    one = lodger(here)
    Resident.objects.filter(pk=one.pk).update(population=Resident.Population.REGISTERED)
    Residence.objects.create(resident=one, dwelling=there, kind="registered", starts="2020-01-01", area=there.area)
    return one


@pytest.mark.parametrize("registration", ["stays", "moves"])
def test_they_leave_and_stay_registered_there(tell, back, person, registration):
    tell("left", person, far="away", registration=registration)
    assert not person.residences.filter(kind="living", ends=None).exists()
    assert person.residences.get(kind="registered").ends is None
    assert back(person.events.get(kind="left")) == 1
    assert person.residences.filter(ends=None).count() == 2


def test_their_registration_is_not_brought_here_while_it_is_held_elsewhere(tell, person):
    door = Dwelling.objects.filter(area=person.area, residences=None).order_by("pk").last()
    with pytest.raises(Refused):
        tell("registered", person, to={"building": door.building_id, "door": door.pk})
    assert person.residences.get(kind="registered", ends=None).area.startswith(OTHER_STREET)


def test_only_a_stay_elsewhere_is_taken_for_one(person):
    """A row that breaks another rule is a fault of ours, and is heard of."""
    door = Dwelling.objects.filter(area=person.area).first()
    backwards = Residence(
        resident=person, dwelling=door, kind="registered", starts="2026-02-01", ends="2026-01-01", area=door.area
    )
    with pytest.raises(IntegrityError, match="residence_ends_after_start"), transaction.atomic():
        Ledger().begin_unless_there(backwards)
    second = Residence(resident=person, dwelling=door, kind="registered", starts="2026-02-01", area=door.area)
    assert Ledger().begin_unless_there(second) is False
