"""A person as one reader may see them. Pages show these, never the record itself."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from gis.accounts.scope import Access
from gis.people.finding import living
from gis.people.household import Residence
from gis.people.masking import HIDDEN, mask_identity, mask_phone, rule, shown_name
from gis.people.resident import Resident
from gis.people.sealing import SealBroken, open_seal
from gis.places.building import Building, Dwelling


@dataclass(frozen=True)
class Place:
    """Where a person lives, as far as the reader may know: the cell, the building, or the very door."""

    area: str
    building: Building | None = None
    dwelling: Dwelling | None = None


@dataclass(frozen=True)
class Shown:
    """Every field as it is written for this reader; "" is absent."""

    pk: int
    area: str
    name: str
    sex: str
    age: int | None
    born: date | None
    population: str
    document: str
    identity: str
    phone: str
    needs: bool  # whether the reader sees this person's needs
    place: Place | None


def show_person(
    resident: Resident,
    access: Access,
    stay: Residence | None = None,
    *,
    whole: bool = False,
    revealed: Collection[str] = (),
) -> Shown:
    """The person for this reader. `stay` brings the dwelling with its building; `whole` opens what the rule opens.

    A list shows the last digits of a phone even to who may read it whole: many at once are nobody's task. `revealed`
    are fields that the caller has noted as shown in full, with a reason (`gis.people.masking.revealable`).
    """
    how = {field: rule(access, field, resident.area) for field in ("name", "identity", "phone", "needs", "born")}
    how |= dict.fromkeys(revealed, "full")
    return Shown(
        pk=resident.pk,
        area=resident.area,
        name=shown_name(resident.name, how["name"]),
        sex=resident.sex,
        age=age_on(resident.born, resident.died_on or timezone.localdate()) if how["born"] in ("full", "age") else None,
        born=resident.born if how["born"] == "full" else None,
        population=resident.get_population_display(),
        document=resident.document,
        identity=_identity(resident, how["identity"]),
        phone=_phone(resident, how["phone"], whole),
        needs=how["needs"] == "full",
        place=show_place(stay, access) if stay else None,
    )


def _identity(resident: Resident, how: str) -> str:
    if how not in ("full", "last4", "masked"):
        return ""
    if how == "full" and resident.identity_sealed:
        return _opened(resident.identity_sealed) or mask_identity(resident.identity_last4)
    return mask_identity(resident.identity_last4)


def _opened(sealed: bytes) -> str:
    """What is sealed, "" where the key was lost: that must not take the page with it."""
    try:
        return open_seal(sealed)
    except SealBroken:
        return ""


def _phone(resident: Resident, how: str, whole: bool) -> str:
    if how == "none" or not resident.phone_last4:
        return ""
    if how == "full" and whole and resident.phone_sealed:
        return _opened(resident.phone_sealed) or mask_phone(resident.phone_last4)
    return mask_phone(resident.phone_last4)


def show_place(stay: Residence, access: Access) -> Place | None:
    """The door, the building or the cell of a stay, by the rule of its own area."""
    shown: dict[str, Callable[[], Place]] = {
        "full": lambda: Place(stay.area, stay.dwelling.building, stay.dwelling),
        "building": lambda: Place(stay.area, stay.dwelling.building),
        "cell": lambda: Place(stay.area),
    }
    made = shown.get(rule(access, "room", stay.area))
    return made() if made else None


def show_people(residents: Iterable[Resident], access: Access) -> list[Shown]:
    """The people of a list, each with where they live today."""
    listed = list(residents)
    stays = living().filter(resident__in=listed).select_related("dwelling__building__compound")
    at = {stay.resident_id: stay for stay in stays}
    return [show_person(resident, access, at.get(resident.pk)) for resident in listed]


def told_fields(people: Iterable[Shown]) -> set[str]:
    """The fields of which these show anything at all."""
    told = set()
    for person in people:
        values = {"name": person.name, "born": person.age, "identity": person.identity, "phone": person.phone}
        values |= {"needs": person.needs, "room": person.place}
        told |= {name for name, value in values.items() if value not in ("", HIDDEN, None, False)}
    return told


def age_on(born: date | None, day: date) -> int | None:
    """Full years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None
