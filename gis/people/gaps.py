"""What is not known of a person, or was last said long ago: all that a visit asks for."""

from dataclasses import dataclass
from datetime import date, timedelta

from gis.people.household import Residence
from gis.people.late_number import asks_number
from gis.people.need import Need
from gis.people.resident import Resident
from gis.people.showing import age_on
from gis.places.building import Dwelling

#: What was last confirmed longer ago than this is asked again.
STALE = timedelta(days=180)
#: Who was born when has these needs; nobody is asked whether they are still eighty.
_BY_AGE = frozenset({"elder_80plus"})
#: Younger children are reached through those they live with.
_OWN_PHONE_FROM = 14


@dataclass(frozen=True)
class Gap:
    """One question. `field`: born, phone, number, relation, or need with its `tag`; `was` is what stands there now."""

    field: str
    was: str = ""
    tag: str = ""


def gaps_of(resident: Resident, stay: Residence, needs: list[Need], housemates: int, today: date) -> list[Gap]:
    """What to ask a person, in the order of the form. `needs` are those in force; `housemates` live at the door too."""
    asked = [need for need in needs if need.tag not in _BY_AGE or resident.born is None]
    found = [Gap("need", tag=need.tag) for need in asked if _stale(need.confirmed_on or need.starts, today)]
    if resident.born is None:
        found.append(Gap("born"))
    age = age_on(resident.born, today)
    if not resident.phone_last4 and (age is None or age >= _OWN_PHONE_FROM):
        found.append(Gap("phone"))
    if asks_number(resident, today):
        found.append(Gap("number"))
    if not stay.relation and housemates:
        found.append(Gap("relation"))
    return found


def asks_state(dwelling: Dwelling, today: date) -> bool:
    """Whether it is to be asked how the dwelling is lived in."""
    return dwelling.state == Dwelling.State.UNKNOWN or _stale(dwelling.verified_on, today)


def _stale(said_on: date | None, today: date) -> bool:
    return said_on is None or today - said_on > STALE
