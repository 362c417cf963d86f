"""New people of a table: registered at the door their row names, many at a time.

Somebody whose number is registered out of sight is written down anew (`Resident.doubled`), as at a door: whoever brings
the table learns nothing of it, neither from what is answered nor from the keys that are given out.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from gis.accounts.users import User
from gis.collection.kept import code_of
from gis.collection.sheets.storing import add_rows
from gis.exchange.copying import reserve_ids
from gis.people.household import Household, Residence
from gis.people.identity import CITIZEN
from gis.people.life.at_doors import note_arrival
from gis.people.life.handing_over import left_on, take_over_all
from gis.people.resident import Resident
from gis.people.sealing import before_all, index_all, seal_all
from gis.places.building import Dwelling

_HEADS = ("01", "02")


@dataclass(frozen=True)
class Newcomer:
    """What a row says of somebody new, by the codes of the catalogue, and their door."""

    values: dict[str, str]
    door: int

    def get(self, code: str) -> str:
        return self.values.get(code, "")


def register(people: list[Newcomer], *, source: str, day: date) -> list[int]:
    """Write them down; their keys. A door that is gone meanwhile has the key 0 in its place."""
    areas = _areas_of(people)
    here = [one for one in people if one.door in areas]
    keys = reserve_ids(Resident, len(here)).tolist()
    columns = _columns(here, keys, areas, source)
    made = _insert(columns)
    doubled = [place for place, key in enumerate(keys) if key not in made]
    if doubled:
        again = {name: [values[place] for place in doubled] for name, values in columns.items()}
        _insert(again | {"doubled": [True] * len(doubled)})
    move_in(here, keys, areas, day)
    given = iter(keys)
    return [next(given) if one.door in areas else 0 for one in people]


def _columns(people: list[Newcomer], keys: list[int], areas: dict[int, str], source: str) -> dict[str, list]:
    numbers, phones = [one.get("identity") for one in people], [one.get("phone") for one in people]
    count = len(people)
    return {
        "id": keys,
        "name": [one.get("name") for one in people],
        "sex": [one.get("sex") or "0" for one in people],
        "born": [one.get("born") or None for one in people],
        "population": [code_of("resident.population", one.get("population")) or "registered" for one in people],
        "document": [one.get("document") or CITIZEN for one in people],
        "identity_sealed": seal_all(numbers),
        "identity_index": index_all(numbers),
        "identity_before": before_all(numbers),
        "identity_last4": [text[-4:] for text in numbers],
        "doubled": [False] * count,
        "phone_sealed": seal_all(phones),
        "phone_index": index_all(phones),
        "phone_last4": [text[-4:] for text in phones],
        "area": [areas[one.door] for one in people],
        "source": [source[:80]] * count,
        "source_code": [""] * count,
    }


def _insert(columns: dict[str, list]) -> set[int]:
    """Keys of those that were written: not of those whose number somebody has."""
    return add_rows(Resident, columns, unless_there=True, now=("updated_at",))


def take_in_sent(people: list[Newcomer], *, by: User, day: date) -> dict[int, int]:
    """Those whom the office of another street or community has sent to where their door is: place → key.

    Their record comes with them, as at a door, and they live behind it from the day on, or from when they had left.
    """
    areas = _areas_of(people)
    told = [(one.get("identity"), one.get("name"), areas.get(one.door, "")) for one in people]
    asked = [place for place, (number, _name, area) in enumerate(told) if number and area]
    came = {asked[at]: one for at, one in take_over_all([told[place] for place in asked]).items()}
    for place, person in came.items():
        move_in([people[place]], [person.pk], areas, max(day, left_on(person) or day))
        note_arrival(person.residences.get(kind=Residence.Kind.LIVING, ends=None), by=by, at=timezone.now())
    return {place: person.pk for place, person in came.items()}


def _areas_of(people: list[Newcomer]) -> dict[int, str]:
    """The areas of their doors, of those that stand."""
    doors = Dwelling.objects.standing().filter(pk__in={one.door for one in people})
    return dict(doors.values_list("pk", "area"))


def move_in(people: list[Newcomer], keys: list[int], areas: dict[int, str], day: date) -> None:
    """Let people live behind their doors, in a household there."""
    households = _households(people, areas)
    count = len(people)
    add_rows(
        Residence,
        {
            "resident_id": keys,
            "dwelling_id": [one.door for one in people],
            "household_id": households,
            "relation": [one.get("relation") for one in people],
            "kind": [Residence.Kind.LIVING.value] * count,
            "starts": [day] * count,
            "area": [areas[one.door] for one in people],
        },
    )


def _households(people: list[Newcomer], areas: dict[int, str]) -> list[int]:
    """The household of each door, the first of several; one of their own for a head beside another head."""
    first, headed = _there({one.door for one in people})
    made: list[tuple[int, int]] = []
    fresh = iter(reserve_ids(Household, len(people)).tolist())
    found = []
    for one in people:
        is_head = one.get("relation") in _HEADS
        if one.door not in first or (is_head and headed[one.door]):
            key = next(fresh)
            first.setdefault(one.door, key)
            made.append((key, one.door))
            found.append(key)
        else:
            found.append(first[one.door])
        headed[one.door] |= is_head
    add_rows(
        Household,
        {
            "id": [key for key, _door in made],
            "dwelling_id": [door for _key, door in made],
            "area": [areas[door] for _key, door in made],
        },
    )
    return found


def _there(doors: set[int]) -> tuple[dict[int, int], dict[int, bool]]:
    """The first household of each door, and whether somebody heads one there."""
    sql = "SELECT dwelling_id, min(id) FROM grid_household WHERE dwelling_id = ANY(%s) GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(doors)])
        first = dict(cursor.fetchall())
    heads = Residence.objects.filter(dwelling__in=doors, ends=None, kind=Residence.Kind.LIVING, relation__in=_HEADS)
    headed: dict[int, bool] = defaultdict(bool)
    headed.update(dict.fromkeys(heads.values_list("dwelling", flat=True), True))
    return first, headed
