"""The form of one door, saved whole or not at all: its name and state, who answered, and who lives there.

Kind `door` of the field's submissions, and the form of the building's page. What is sent says what changes, and beside
it what the worker knew (`was…`), so that two who wrote about one household are told apart fact by fact: Conflict holds
theirs, and nothing of mine is stored until one side is chosen.

    {"building": 12, "door": 345 or ["3", "402"], "answer": "answered", "state": "rented", "was": "unknown",
     "rename": {"unit": "3", "floor": 4, "room": "402A"}, "named": {"unit": "3", "floor": 4, "room": "402"},
     "end": "merged", "restore": true,
     "people": [{"stay": 7, "confirmed": true}, {"stay": 8, "left": "2026-05-01"}, {"stay": 8, "back": true},
                {"stay": 7, "phone": "13800000000", "was": "1234"}, {"stay": 9, "number": "…"},
                {"add": {…newcomer…}, "another": true}]}
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.people import moving
from gis.people.household import Residence
from gis.people.late_number import give_number, read_late_number
from gis.people.life.at_doors import note_arrival, note_departure, withdraw_departure
from gis.people.newcomer import read_day, read_newcomer, refuse_wrong
from gis.places.building import Building, Dwelling
from gis.places.door_note import DoorNote, note
from gis.places.door_plans import NewDoor
from gis.places.doors import end_door, read_door, rename_door, restore_door, set_state
from gis.places.verification import record_answer, standing

#: Changes of people in one form.
_MOST_PEOPLE = 60


def building_to_write(pk: object, access: Access) -> Building:
    """The building, where its doors may be written. Raises OutOfScope, or NotAllowed where it may only be seen."""
    number = pk if isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk < 2**63 else None
    building = Building.objects.inside(access.which("area.read")).filter(pk=number).defer("drawing").first()
    if building is None:
        raise OutOfScope("There is no such building.")
    if not access.may("people.write", building.area):
        raise NotAllowed(_("您的角色不能登记户室和住户。"), fix=_("请联系这个网格的网格员。"))
    return building


@dataclass
class _Form:
    """What is being saved, by whom; the other side's facts gather in `theirs`."""

    body: dict
    by: User
    within: Scope
    at: datetime
    theirs: dict = field(default_factory=dict)
    said: list[Conflict] = field(default_factory=list)
    stays: list[int] = field(default_factory=list)

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    def attempt(self, act: Callable[[], object]) -> None:
        """Do one part; where it conflicts go on, so that all that differs is told at once."""
        try:
            with transaction.atomic():
                act()
        except Conflict as conflict:
            self.said.append(conflict)
            people = self.theirs.get("people", {}) | conflict.theirs.get("people", {})
            self.theirs |= conflict.theirs
            if people:
                self.theirs["people"] = people


@transaction.atomic
def save_door(body: dict, *, by: User, access: Access, at: datetime) -> dict:
    """Save the form; what became of the door, and nothing of a person. Raises Refused, Conflict, OutOfScope."""
    building = building_to_write(body.get("building"), access)
    door = _door_of(building, body.get("door"))
    form = _Form(body, by, access.which("people.write"), min(at, timezone.now()))
    for act in _acts(door, form):
        form.attempt(act)
    if form.said:
        raise Conflict(form.said[0].message, fix=form.said[0].fix, theirs=form.theirs)
    door.refresh_from_db()
    return {"door": door_facts(door), "stays": form.stays}


def door_facts(door: Dwelling) -> dict:
    """A door as the field page knows it; nothing of who lives there."""
    return {
        "id": door.pk,
        "unit": door.unit,
        "floor": door.floor,
        "room": door.room,
        "state": door.state,
        "answer": door.answer,
        "verified_on": door.verified_on.isoformat() if door.verified_on else "",
        "tried_on": door.tried_on.isoformat() if door.tried_on else "",
        "standing": standing(door).value,
    }


def _door_of(building: Building, named: object) -> Dwelling:
    """The door by its key, or by unit and room: a door added without a network has no key yet. Locked."""
    doors = Dwelling.objects.select_for_update().filter(building=building)
    found = None
    if isinstance(named, list) and len(named) == 2 and all(isinstance(part, str) for part in named):
        found = doors.filter(unit=named[0], room=named[1]).first()
    elif isinstance(named, int) and not isinstance(named, bool) and 0 < named < 2**63:
        found = doors.filter(pk=named).first()
    if found is None:
        raise Refused(_("没有找到这一户。"), fix=_("它可能已被撤销，请回到楼栋重新选择。"))
    return found


def _acts(door: Dwelling, form: _Form) -> Iterator[Callable[[], object]]:
    """The parts of the form in the order in which they make sense: people before what the door then is."""
    body = form.body
    if body.get("restore"):
        yield lambda: restore_door(door, by=form.by, at=form.at)
    if body.get("rename"):
        yield lambda: rename_door(
            door,
            _named(body["rename"]),
            was=_named(body["named"]) if body.get("named") else None,
            by=form.by,
            at=form.at,
        )
    for change in _people(body):
        yield lambda change=change: _change_person(door, change, form)
    if body.get("answer") or body.get("state"):
        yield lambda: _record(door, form)
    elif any("add" in change for change in _people(body)):
        yield lambda: _now_lived_in(door, form)
    if body.get("end"):
        yield lambda: end_door(door, body["end"], by=form.by, at=form.at)


def _named(facts: object) -> NewDoor:
    facts = facts if isinstance(facts, dict) else {}
    return read_door(facts.get("unit"), facts.get("floor"), facts.get("room"))


def _people(body: dict) -> list[dict]:
    people = body.get("people") or []
    fits = isinstance(people, list) and len(people) <= _MOST_PEOPLE and all(isinstance(one, dict) for one in people)
    if not fits:
        raise Refused(_("无法识别填写的内容。"), fix=_("请重新填写。"))
    # Who leaves goes first: a head of household may follow another.
    return sorted(people, key=lambda change: "add" in change)


def _record(door: Dwelling, form: _Form) -> None:
    answer, state, was = (form.body.get(name) for name in ("answer", "state", "was"))
    if answer:
        record_answer(door, answer, by=form.by, at=form.at, state=state or "", was=was)
    else:
        set_state(door, state, was=was, by=form.by, at=form.at)


def _now_lived_in(door: Dwelling, form: _Form) -> None:
    """Somebody moved in behind a door that was thought empty, and the form says nothing else of it."""
    if Dwelling.objects.filter(pk=door.pk, state__in=(Dwelling.State.EMPTY, Dwelling.State.UNKNOWN)).exists():
        set_state(door, Dwelling.State.OCCUPIED, by=form.by, at=form.at)


def _change_person(door: Dwelling, change: dict, form: _Form) -> None:
    if "add" in change:
        _add_person(door, change, form)
        return
    stay = moving.stay_at(door, change.get("stay"), form.within)
    if change.get("confirmed"):
        moving.confirm(stay, form.day)
    if "phone" in change and moving.correct_phone(stay, change["phone"], change.get("was")):
        note(door, DoorNote.What.CORRECTED, by=form.by, at=form.at)
    if change.get("number"):
        _give_number(door, stay, str(change["number"])[:40], form)
    _come_or_go(door, stay, change, form)


def _give_number(door: Dwelling, stay: Residence, text: str, form: _Form) -> None:
    number = read_late_number(stay.resident, text, form.day, "number")
    if give_number(stay.resident, number, form.within, "number"):
        note(door, DoorNote.What.CORRECTED, by=form.by, at=form.at)


def _come_or_go(door: Dwelling, stay: Residence, change: dict, form: _Form) -> None:
    if change.get("left"):
        wrong: dict[str, str] = {}
        day = read_day(change["left"], form.day, "left", wrong)
        refuse_wrong(wrong)
        if moving.move_out(stay, day or form.day, change.get("was_left")):
            note(door, DoorNote.What.MOVED_OUT, by=form.by, at=form.at)
            note_departure(stay, by=form.by, at=form.at)
    elif change.get("back") and moving.move_back(stay):
        note(door, DoorNote.What.MOVED_IN, by=form.by, at=form.at)
        withdraw_departure(stay, by=form.by, at=form.at)


def _add_person(door: Dwelling, change: dict, form: _Form) -> None:
    facts = change["add"] if isinstance(change["add"], dict) else {}
    if Dwelling.objects.filter(pk=door.pk, state=Dwelling.State.GONE).exists():
        raise Refused(_("这一户已拆除或合并。"), fix=_("请先恢复这一户，再登记住户。"))
    newcomer = read_newcomer(facts, form.day)
    stay, new = moving.move_in(door, newcomer, form.within, another=bool(change.get("another")))
    form.stays.append(stay.pk)
    if new:
        note(door, DoorNote.What.MOVED_IN, by=form.by, at=form.at)
        note_arrival(stay, by=form.by, at=form.at)
