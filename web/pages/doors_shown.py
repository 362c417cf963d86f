"""What the page of a building shows of its doors: the grid, how far it is verified, a household, new doors planned."""

import json
from dataclasses import dataclass

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from gis.codes.naming import names_in
from gis.errors import Refused
from gis.models import Building, Dwelling, Resident
from gis.people.life.timeline import Told, who_left
from gis.people.masking import rule
from gis.people.reading import Act, note_reading
from gis.places.door_plans import NewDoor, goes_on, next_unit, plan_building, plan_floor, plan_unit
from gis.places.doors import read_door
from gis.places.storeys import Elevation, elevation
from gis.places.verification import FOUND, Completeness
from web.pages.households import household_at
from web.pages.looking_up import note
from web.pages.paging import read_number


@dataclass(frozen=True)
class Plan:
    """New doors, shown before they are added; or why there are none."""

    doors: list[NewDoor]
    refused: Refused | None = None

    @property
    def wire(self) -> str:
        """What the form sends: exactly what is shown."""
        return json.dumps([[door.unit, door.floor, door.room] for door in self.doors])

    @property
    def units(self) -> dict[str, list[str]]:
        """Unit → rooms."""
        found: dict[str, list[str]] = {}
        for door in self.doors:
            found.setdefault(door.unit, []).append(door.room)
        return found


def doors_context(request: HttpRequest, building: Building) -> dict:
    """Everything the templates of doors need; of people only what this reader may see."""
    doors = list(building.dwellings.all())
    view = elevation(doors)
    opened = rule(request.access, "room", building.area) == "full"
    door = _chosen(request, building) if opened else None
    household = household_at(door, request.access) if door else None
    if household:
        note(request, Act.HOUSEHOLD, (member.person for member in household))
    writes = request.access.may("people.write", building.area)
    context = {
        "elevation": view,
        "completeness": Completeness.of(doors) if opened else None,
        "by_unit": _by_unit(view, doors) if opened else [],
        "gone": [one for one in doors if one.state == Dwelling.State.GONE] if opened else [],
        "doors_open": opened,
        "door": door,
        "household": household,
        "gone_people": _gone(request, door) if door else [],
        "writes_doors": writes,
    }
    return context | (_form(request, building, doors) if writes else {})


def _gone(request: HttpRequest, door: Dwelling) -> list[Told]:
    """Who lived there and does not any more, as far as events tell."""
    gone = who_left(door, request.access)
    if gone:
        pairs = {(told.event.resident_id, told.event.area) for told in gone}
        note_reading(Act.HOUSEHOLD, request.user, request.access, pairs, fields={"name", "room"})
    return gone


def _by_unit(view: Elevation, doors: list[Dwelling]) -> list[tuple[str, Completeness]]:
    if len(view.units) < 2:
        return []
    return [(unit, Completeness.of(door for door in doors if door.unit == unit)) for unit in view.units]


def _chosen(request: HttpRequest, building: Building) -> Dwelling | None:
    asked = read_number(request.GET.get("door"))
    return get_object_or_404(building.dwellings, pk=asked) if asked is not None else None


def _form(request: HttpRequest, building: Building, doors: list[Dwelling]) -> dict:
    there = [door for door in doors if door.state != Dwelling.State.GONE]
    return {
        "answers": Dwelling.Answer.choices,
        "states": [(state.value, state.label) for state in FOUND],
        "relations": names_in("relation"),
        "documents": names_in("document"),
        "populations": Resident.Population.choices,
        "plan": read_plan(request, doors),
        "asked": request.GET,
        "next_unit": next_unit(there) or "1",
        "goes_on": goes_on(there),
        "next_floor": max((door.floor or 0 for door in there), default=0) + 1,
        "added": _added(request, building),
    }


def read_plan(request: HttpRequest, doors: list[Dwelling]) -> Plan | None:
    """The plan an address asks for, None where it asks for none."""
    get = request.GET.get
    there = [door for door in doors if door.state != Dwelling.State.GONE]
    plans = {
        "floor": lambda: plan_floor(there, _number(get("floor"))),
        "unit": lambda: plan_unit(there, get("from", ""), get("to", "").strip(), get("order") == "on"),
        "one": lambda: [read_door(get("unit"), get("floor"), get("room"))],
        "building": lambda: plan_building(_number(get("units")), _number(get("floors")), _number(get("each"))),
    }
    made = plans.get(get("add", ""))
    if made is None:
        return None
    try:
        return Plan(made())
    except Refused as refused:
        return Plan([], refused)


def _number(text: str | None) -> int:
    """A whole number as typed; one that fits nothing where it is none."""
    try:
        return int((text or "").replace("−", "-"))
    except ValueError:
        return -1000


def _added(request: HttpRequest, building: Building) -> list[int]:
    """The keys of the doors that were added a moment ago (`added=120-131`), to take them back."""
    first, _, last = request.GET.get("added", "").partition("-")
    bounds = read_number(first), read_number(last or first)
    if None in bounds:
        return []
    return list(building.dwellings.filter(pk__gte=bounds[0], pk__lte=bounds[1]).values_list("pk", flat=True))
