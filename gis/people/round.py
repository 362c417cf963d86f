"""A worker's round: the doors at which somebody is due, with what is known of them and what is to be asked."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.contrib.gis.db.models.functions import Centroid
from django.db.models import Count

from gis import crs
from gis.accounts.scope import Scope
from gis.people.due import Owed, Urgency, find_owed
from gis.people.gaps import Gap, asks_state, gaps_of
from gis.people.household import Residence
from gis.people.need import Need
from gis.people.resident import Resident
from gis.places.building import Building, Dwelling
from gis.places.walking import Point, walk_tiers

#: Buildings of the largest round that is walked. Beyond it nobody walks it in one go, and it is listed by building.
_MOST_ORDERED = 150


@dataclass(frozen=True)
class PersonDue:
    """Somebody who is due, with the questions of the form."""

    resident: Resident
    stay: Residence
    owed: Owed
    gaps: list[Gap]


@dataclass(frozen=True)
class DoorDue:
    """A door to call at: one call is for all who are due there."""

    dwelling: Dwelling
    asks_state: bool
    people: list[PersonDue] = field(default_factory=list)


def plan_round(scope: Scope, today: date) -> list[DoorDue]:
    """The doors of an area at which somebody is due within the week, in walking order: buildings with somebody late
    first, in each unit from the top floor down.

    `scope` is where the reader is told who needs a visit (`gis.people.due.where_named`).
    """
    owed = find_owed(scope, today)
    stays = _stays([one.resident for one in owed])
    needs = _needs([one.resident for one in owed], today)
    doors = _doors({one.dwelling for one in owed}, today)
    living = _living(doors)
    for one in owed:
        stay, door = stays.get(one.resident), doors.get(one.dwelling)
        if stay and door and stay.dwelling_id == one.dwelling:
            mates = living.get(one.dwelling, 1) - 1
            gaps = gaps_of(stay.resident, stay, needs[one.resident], mates, today)
            door.people.append(PersonDue(stay.resident, stay, one, gaps))
    return _in_walking_order([door for door in doors.values() if door.people])


def _in_walking_order(doors: list[DoorDue]) -> list[DoorDue]:
    """A phone orders anew as doors are done (`web/frontend/src/field/day/plan.ts`); this is where it begins."""
    late = {door.dwelling.building_id for door in doors if any(one.owed.urgency == Urgency.LATE for one in door.people)}
    places = _places({door.dwelling.building_id for door in doors})
    known = list(places)
    order = (
        walk_tiers([places[pk] for pk in known], [pk in late for pk in known]) if len(known) <= _MOST_ORDERED else []
    )
    rank = {known[number]: turn for turn, number in enumerate(order)}
    return sorted(doors, key=lambda door: (rank.get(door.dwelling.building_id, 0), *_from_the_top(door.dwelling)))


def _from_the_top(dwelling: Dwelling) -> tuple:
    return dwelling.building_id, dwelling.unit, -(dwelling.floor or 0), dwelling.room


def _places(buildings: set[int]) -> dict[int, Point]:
    """Where buildings stand, whole decimetres of the local plane."""
    rows = Building.objects.filter(pk__in=buildings).order_by("pk").annotate(centre=Centroid("geometry"))
    at = dict(rows.values_list("pk", "centre"))
    if not at:
        return {}
    degrees = np.array([point.coords for point in at.values()])
    metres = crs.move(degrees, crs.STORE, crs.metric(*degrees[0]))
    return {pk: (int(x), int(y)) for pk, (x, y) in zip(at, np.rint(metres * 10), strict=True)}


def _stays(residents: list[int]) -> dict[int, Residence]:
    rows = Residence.objects.filter(resident__in=residents, kind=Residence.Kind.LIVING, ends=None)
    return {stay.resident_id: stay for stay in rows.select_related("resident")}


def _needs(residents: list[int], today: date) -> dict[int, list[Need]]:
    found: dict[int, list[Need]] = defaultdict(list)
    for need in Need.objects.filter(resident__in=residents, starts__lte=today).exclude(ends__lte=today).order_by("tag"):
        found[need.resident_id].append(need)
    return found


def _doors(pks: set[int], today: date) -> dict[int, DoorDue]:
    rows = Dwelling.objects.filter(pk__in=pks).order_by("building", "unit", "floor", "room")
    return {dwelling.pk: DoorDue(dwelling, asks_state(dwelling, today)) for dwelling in rows}


def _living(doors: dict[int, DoorDue]) -> dict[int, int]:
    """How many live behind each door."""
    stays = Residence.objects.filter(dwelling__in=list(doors), kind=Residence.Kind.LIVING, ends=None)
    return dict(stays.order_by().values("dwelling").annotate(n=Count("pk")).values_list("dwelling", "n"))
