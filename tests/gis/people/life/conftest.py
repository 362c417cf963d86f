from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from gis.accounts.scope import applied
from gis.models import Building, Dwelling, Household, Residence, Resident
from gis.people.life.happening import read_happening
from gis.people.life.recording import record_life
from gis.people.life.taking_back import take_back
from tests.cast import CELL, OTHER_STREET

NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
SINCE = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def invented(settings) -> None:
    settings.SYNTHETIC_IDS = True


@pytest.fixture
def tell(cast):
    """`tell("died", person, on="2026-05-01", as_="zhou")`: the event as that account, under row-level security."""

    def told(kind: str, person: Resident | Residence, /, as_: str = "wang", **body) -> dict:
        pk = person.resident_id if isinstance(person, Residence) else person.pk
        access = cast[as_].access
        with applied(access.which("people.count")):
            whole = {"kind": kind, "resident": pk, "on": "2026-05-10"} | body
            happening = read_happening(whole, NOW.date())
            return record_life(happening, by=cast[as_], access=access, at=NOW, number=uuid4())

    return told


@pytest.fixture
def back(cast):
    """`back(event, as_="zhou")`: the event taken back by that account."""

    def taken(event, as_: str = "wang", reason: str = "") -> int:
        access = cast[as_].access
        with applied(access.which("people.count")):
            return take_back(event.pk, by=cast[as_], access=access, at=NOW, reason=reason)

    return taken


#: relation, sex, birth of an invented family: grandfather is the head.
FAMILY = {
    "grandfather": ("02", "1", date(1950, 1, 1)),
    "grandmother": ("12", "2", date(1952, 1, 1)),
    "son": ("20", "1", date(1978, 1, 1)),
    "wife": ("38", "2", date(1980, 1, 1)),
    "child": ("41", "1", date(2015, 1, 1)),
}


def door_in(area: str = CELL, room: str = "9901") -> Dwelling:
    building = Dwelling.objects.filter(area=area).first().building
    return Dwelling.objects.create(building=building, room=room, area=area)


def door_elsewhere() -> Dwelling:
    """A door in the street of another office."""
    building = Building.objects.filter(area=CELL).first()
    building.pk, building.code, building.area, building.cell = (
        None,
        f"{OTHER_STREET}00199999",
        f"{OTHER_STREET}001",
        None,
    )
    building.source_code = ""
    building.save(force_insert=True)
    return Dwelling.objects.create(building=building, room="101", area=building.area)


def settle(door: Dwelling, *names: str, starts: date = SINCE) -> dict[str, Residence]:
    """The family, or some of it, behind a door."""
    household = Household.objects.create(dwelling=door, area=door.area)
    found = {}
    for name in names or FAMILY:
        relation, sex, born = FAMILY[name]
        person = Resident.objects.create(name=f"甲{name[:5]}", sex=sex, born=born, area=door.area, phone_last4="")
        found[name] = Residence.objects.create(
            resident=person, dwelling=door, household=household, relation=relation, starts=starts, area=door.area
        )
    return found


@pytest.fixture
def family(db) -> dict[str, Residence]:
    return settle(door_in())
