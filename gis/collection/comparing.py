"""Corrections side by side for the department that owns the field: what the record holds, and what was said against it.

The owner sees values of its own fields by the column `owner` of `field_rules.csv`; of the person no more than is
needed to find them in its own records. A masked value is opened one correction at a time, with a reason.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gis.collection.correction import Correction
from gis.collection.showing import shown_as
from gis.collection.standing import Standing, kept_in, standing_of
from gis.people.household import Residence
from gis.people.masking import AS_OWNER, mask_name, revealable_as, rule_as
from gis.people.showing import age_on
from gis.places.building import Building, Dwelling


@dataclass(frozen=True)
class Whom:
    """Of whom a correction is, as far as the owner of a field is told. `door` only where the home itself is meant."""

    area: str
    name: str = ""
    sex: str = ""
    age: int | None = None
    building: Building | None = None
    door: Dwelling | None = None


@dataclass(frozen=True)
class Compared:
    """One correction beside the record. `agrees`: the record says so by now. `people`: of whom its values tell."""

    correction: Correction
    whom: Whom
    holds: str
    stands: Standing
    says: str
    agrees: bool
    opens: bool  # whether the values are masked and may be opened
    people: tuple[tuple[int, str], ...]


def compare(corrections: Iterable[Correction], today: date, *, opened: bool = False) -> list[Compared]:
    """Each beside what the record holds today; `opened` shows masked values in full, which the caller has noted."""
    rows = list(corrections)
    stands = _standing(rows, today)
    homes = _Homes(rows)
    return [_compared(one, stands[one.field_id, one.subject[1]], homes, today, opened) for one in rows]


def _standing(rows: list[Correction], today: date) -> dict[tuple[int, int], Standing]:
    by_field: dict[int, list[Correction]] = defaultdict(list)
    for one in rows:
        by_field[one.field_id].append(one)
    found = {}
    for field_id, some in by_field.items():
        held = standing_of(some[0].field, {one.subject[1] for one in some}, today)
        found |= {(field_id, key): value for key, value in held.items()}
    return found


def _compared(one: Correction, stands: Standing, homes: "_Homes", today: date, opened: bool) -> Compared:
    said, how = kept_in(one), rule_as(AS_OWNER, one.field.rule)
    opens = revealable_as(AS_OWNER, one.field.rule) and not opened
    how = "full" if opened and revealable_as(AS_OWNER, one.field.rule) else how
    before = kept_in(one.held) if one.held else stands
    return Compared(
        one,
        homes.whom(one, today),
        shown_as(one.field, stands if one.state == Correction.State.OPEN else before, how),
        stands if one.state == Correction.State.OPEN else before,
        shown_as(one.field, said, how),
        stands.says(said.plain()),
        opens,
        homes.people(one),
    )


class _Homes:
    """Where the people of some corrections live today, and who lives in their homes."""

    def __init__(self, rows: list[Correction]) -> None:
        people = [one.resident_id for one in rows if one.resident_id]
        doors = [one.dwelling_id for one in rows if one.dwelling_id]
        doors += [one.household.dwelling_id for one in rows if one.household_id]
        living = Residence.objects.filter(kind=Residence.Kind.LIVING, ends=None)
        around = living.select_related("dwelling__building__compound", "resident")
        self.stays = {stay.resident_id: stay for stay in around.filter(resident__in=people)}
        self.doors = {
            door.pk: door for door in Dwelling.objects.filter(pk__in=doors).select_related("building__compound")
        }
        self.living: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for stay in living.filter(dwelling__in=doors).select_related("resident").order_by("pk"):
            self.living[stay.dwelling_id].append((stay.resident_id, stay.resident.area))

    def whom(self, one: Correction, today: date) -> Whom:
        if one.resident_id:
            person, stay = one.resident, self.stays.get(one.resident_id)
            name = person.name if one.field.rule == "name" else mask_name(person.name)
            building = stay.dwelling.building if stay else None
            return Whom(person.area, name, person.sex, age_on(person.born, today), building)
        if one.building_id:
            return Whom(one.building.area, building=one.building)
        door = self._door(one)
        return Whom(door.area, building=door.building, door=door)

    def people(self, one: Correction) -> tuple[tuple[int, str], ...]:
        if one.resident_id:
            return ((one.resident_id, one.resident.area),)
        return () if one.building_id else tuple(self.living[self._door(one).pk])

    def _door(self, one: Correction) -> Dwelling:
        return self.doors[one.household.dwelling_id if one.household_id else one.dwelling_id]
