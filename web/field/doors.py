"""Doors on the phone: what the pack holds of them, and what becomes of what is written there."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.codes.naming import names_in
from gis.collection.submission import Envelope
from gis.errors import Refused
from gis.models import Building, Dwelling, Residence
from gis.people.door_form import building_to_write, door_facts, save_door
from gis.people.due import next_due
from gis.people.finding import people_at
from gis.people.late_number import asks_number
from gis.people.masking import rule
from gis.people.showing import Shown, show_person
from gis.places.door_plans import NewDoor
from gis.places.doors import add_doors, read_door, remove_doors
from web.pages.households import open_tags
from web.pages.life_form import areas_elsewhere
from web.templatetags.words import relation, word


def doors(access: Access, scope: Scope) -> list[list]:
    """Every door: building, key, unit, floor, room, state, last answer, days verified and tried ("" for never).

    Rows, not objects: a community has 4,000. When somebody was at home says something of people, so it is told only
    where the reader may know who lives behind a door.
    """
    opened = where_doors_open(access)
    found = Dwelling.objects.inside(access.which("area.read")).inside(scope).order_by("building", "pk")
    return [_row(door, door_facts(door), opened.covers(door.area)) for door in found]


def where_doors_open(access: Access) -> Scope:
    """Where the reader may know who lives behind which door."""
    return Scope.of(code for code in access.which("people.read").areas if rule(access, "room", code) == "full")


def _row(door: Dwelling, facts: dict, told: bool) -> list:
    tries = [facts[name] if told else "" for name in ("answer", "verified_on", "tried_on")]
    return [door.building_id, *(facts[name] for name in ("id", "unit", "floor", "room", "state")), *tries]


def households(access: Access, scope: Scope) -> dict[str, list[dict]]:
    """Key of a door → who lives or is registered there, as this reader may see them; nothing where no door opens."""
    opened = where_doors_open(access)
    stays = [stay for code in opened.areas for stay in people_at(scope.within(code))]
    tags = open_tags([stay.resident for stay in stays], access)
    due = next_due([stay.resident_id for stay in stays], access, timezone.localdate())
    relations = names_in("relation")
    found: dict[str, list[dict]] = {}
    for stay in stays:
        person = show_person(stay.resident, access)
        told = _person(stay, person, relation(relations.get(stay.relation, "")), tags.get(stay.resident_id, []))
        owed = due.get(stay.resident_id)
        if owed and stay.kind == Residence.Kind.LIVING:
            told |= {"due": owed.due_on.isoformat(), "tried": owed.tried_on.isoformat() if owed.tried_on else ""}
        found.setdefault(str(stay.dwelling_id), []).append(told)
    return found


def _person(stay: Residence, person: Shown, related: str, tags: list[str]) -> dict:
    return {
        "stay": stay.pk,
        "resident": stay.resident_id,
        "kind": stay.kind,
        "name": person.name,
        "relation": related,
        "sex": person.sex,
        "age": person.age,
        "population": person.population,
        "phone": person.phone,
        "identity": person.identity,
        "confirmed": stay.confirmed_on.isoformat() if stay.confirmed_on else "",
        "needs": [word(tag) for tag in tags],
        "household": stay.household_id or 0,
    } | ({"asks": ["number"]} if asks_number(stay.resident, timezone.localdate()) else {})


def codes(access: Access, scope: Scope) -> dict:
    """The lists a door's form offers, in the reader's language; whether invented identity numbers are accepted."""
    return {
        "relation": {code: relation(name) for code, name in names_in("relation").items()},
        "document": {code: word(name) for code, name in names_in("document").items()},
        "reason": {code: word(name) for code, name in names_in("migrate_reason").items()},
        "elsewhere": [[one.code, str(one)] for one in areas_elsewhere(access.which("people.write"))],
        "invented": settings.SYNTHETIC_IDS,
    }


def save_one(body: dict, photos: list[UploadedFile], envelope: Envelope) -> dict:
    """Kind `door`."""
    return save_door(body, by=envelope.user, access=envelope.access, at=envelope.at)


def save_several(body: dict, photos: list[UploadedFile], envelope: Envelope) -> dict:
    """Kinds `floor` and `unit`: the doors that were shown before saving, or `remove`, the keys of an addition undone.

    {"building": 12, "doors": [["3", 4, "401"], …]} or {"building": 12, "remove": [345, ["3", "402"], …]}: a phone that
    was without signal knows a new door by its unit and room only.
    """
    building = building_to_write(body.get("building"), envelope.access)
    if body.get("remove"):
        removed = remove_doors(building, _keys(building, body["remove"]), by=envelope.user, at=envelope.at)
        return {"removed": removed}
    added = add_doors(building, _wanted(body.get("doors")), by=envelope.user, at=envelope.at)
    return {"added": [door_facts(door) for door in added.added], "present": [door.pk for door in added.present]}


def _wanted(rows: object) -> list[NewDoor]:
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == 3 for row in rows):
        raise Refused(_("无法识别填写的内容。"), fix=_("请联网刷新页面后再发送。"))
    return [read_door(*row) for row in rows]


def _keys(building: Building, named: object) -> list[int]:
    if not isinstance(named, list) or not all(map(_is_a_name, named)):
        raise Refused(_("无法识别填写的内容。"), fix=_("请联网刷新页面后再发送。"))
    by_name = {(door.unit, door.room): door.pk for door in building.dwellings.all()}
    keys = (one if isinstance(one, int) else by_name.get((one[0], one[1])) for one in named)
    return [key for key in keys if key is not None]


def _is_a_name(one: object) -> bool:
    if isinstance(one, list):
        return len(one) == 2 and all(isinstance(part, str) for part in one)
    return isinstance(one, int) and not isinstance(one, bool)
