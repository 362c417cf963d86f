"""A child is born: entered from the mother's record, without an identity number where there is none yet."""

from django.utils.translation import gettext as _

from gis.people.life.acting import Telling
from gis.people.life.event import LifeEvent
from gis.people.life.happening import refused
from gis.people.life.relations import child_of
from gis.people.moving import move_in
from gis.people.newcomer import read_newcomer
from gis.people.resident import Resident
from gis.people.showing import age_on
from gis.places.door_note import DoorNote, note

#: Between these ages a woman is taken to have a child; beyond them the date or the mother is wrong.
_AGES = range(10, 66)


def bear(telling: Telling, mother: Resident) -> None:
    """The child lives with the mother, in her household, and is to its head what that makes it."""
    told, here = telling.told, telling.living(mother)
    if here is None or mother.died_on:
        raise refused({"resident": _("母亲现在不住在您的辖区内，请在孩子居住的一户登记新住户。")})
    _refuse_wrong_mother(telling, mother)
    name = told.name or _unnamed(mother, told.sex)
    facts = {
        "name": name, "sex": told.sex, "born": told.on.isoformat(), "number": told.number,
        "population": mother.population, "relation": child_of(here.relation, told.sex),
        "starts": max(told.on, here.starts).isoformat(),
    }  # fmt: skip
    newcomer = read_newcomer(facts, told.on if here.starts <= told.on else here.starts)
    if newcomer.born != told.on or newcomer.sex != told.sex:
        raise refused({"number": _("与出生日期或性别不符，请对照证件。")})
    stay, new = move_in(here.dwelling, newcomer, telling.within, another=told.another)
    if not new:
        raise refused({"number": _("这个孩子已经登记在这一户。")})
    if here.household_id and stay.household_id != here.household_id:
        stay.household = here.household
        stay.save(update_fields=["household"])
    telling.ledger.changes[stay.resident_id].append(["entered"])
    telling.asked += not newcomer.relation
    note(here.dwelling, DoorNote.What.MOVED_IN, by=telling.by, at=telling.at)
    telling.say(LifeEvent.Kind.BORN, stay.resident, told.on, here.dwelling, after=newcomer.relation, note=told.note)


def _refuse_wrong_mother(telling: Telling, mother: Resident) -> None:
    age = age_on(mother.born, telling.told.on)
    if mother.sex == "1" or (age is not None and age not in _AGES):
        raise refused({"resident": _("请从母亲的档案登记出生；请核对母亲和出生日期。")})


def _unnamed(mother: Resident, sex: str) -> str:
    """Until the child has a name (`named`)."""
    return (_("%(mother)s之子") if sex == "1" else _("%(mother)s之女")) % {"mother": mother.name[:50]}
