"""Acts on the doors of a building: added, renamed, ended, restored, taken away again. Each is noted with the one who
did it. The caller has made sure that they may."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.errors import Conflict, OutOfScope, Refused
from gis.places.building import Building, Dwelling
from gis.places.door_note import DoorNote, note, note_all
from gis.places.door_plans import HIGHEST, LOWEST, MOST_DOORS, NewDoor
from gis.places.verification import FOUND

_What, _State = DoorNote.What, Dwelling.State
#: Why a door is gone.
ENDINGS = ("demolished", "merged")


@dataclass(frozen=True)
class Added:
    """The doors that were made or restored, and those that somebody had added before."""

    added: list[Dwelling]
    present: list[Dwelling]


def read_door(unit: object, floor: object, room: object) -> NewDoor:
    """What was typed for a door, in one spelling: 3单元 → 3, ４０２室 → 402. Raises Refused, naming the field."""
    cleaned_unit = _one_spelling(unit).removesuffix("单元")
    cleaned_room = _one_spelling(room).removesuffix("室")
    fields = {}
    if len(cleaned_unit) > 10:
        fields["unit"] = _("最多 10 个字。")
    if not 1 <= len(cleaned_room) <= 20:
        fields["room"] = _("请填写室号，最多 20 个字。")
    number, fits = _read_floor(floor)
    if not fits:
        fields["floor"] = _("楼层是 −9 到 200 的整数，可以不填。")
    if fields:
        raise Refused(_("户室填写不完整。"), fix=_("请改正标出的内容。"), fields=fields)
    return NewDoor(cleaned_unit, number, cleaned_room)


def _read_floor(floor: object) -> tuple[int | None, bool]:
    if floor is None or floor == "":
        return None, True
    try:
        number = int(str(floor).replace("−", "-"))
    except ValueError:
        return None, False
    return number, LOWEST <= number <= HIGHEST


def _one_spelling(text: object) -> str:
    plain = unicodedata.normalize("NFKC", text if isinstance(text, str) else "")
    return "".join(sign for sign in plain if sign.isprintable() and not sign.isspace())


@transaction.atomic
def add_doors(building: Building, wanted: Iterable[NewDoor], *, by: User, at: datetime) -> Added:
    """Add doors, restore those that were gone; what is there already on the same floor stays as it is.

    Two who add the same floor at once get the same floor. Raises Conflict where a door of that number stands on
    another floor, Refused for too many at once.
    """
    new = list(dict.fromkeys(wanted))
    if len(new) > MOST_DOORS or not new:
        raise Refused(_("请新增 1 到 %(most)s 户。") % {"most": MOST_DOORS}, fix=_("请分几次新增。"))
    there = {(door.unit, door.room): door for door in _locked(building)}
    _refuse_elsewhere(new, there)
    present = [door for one in new if (door := there.get((one.unit, one.room))) and door.state != _State.GONE]
    restored = [_again(there[one.unit, one.room], one) for one in new if _is_gone(there.get((one.unit, one.room)))]
    made = Dwelling.objects.bulk_create(
        Dwelling(building=building, unit=one.unit, floor=one.floor, room=one.room, area=building.area)
        for one in new
        if (one.unit, one.room) not in there
    )
    note_all(made, _What.ADDED, by=by, at=at)
    note_all(restored, _What.RESTORED, by=by, at=at)
    return Added([*made, *restored], present)


def _is_gone(door: Dwelling | None) -> bool:
    return door is not None and door.state == _State.GONE


def _again(door: Dwelling, wanted: NewDoor) -> Dwelling:
    door.state, door.floor = _State.UNKNOWN, wanted.floor
    door.verified_on = door.tried_on = None
    door.answer = ""
    door.save(update_fields=["state", "floor", "verified_on", "tried_on", "answer"])
    return door


def _refuse_elsewhere(new: list[NewDoor], there: dict[tuple[str, str], Dwelling]) -> None:
    moved = [
        door
        for one in new
        if (door := there.get((one.unit, one.room))) and door.state != _State.GONE and door.floor != one.floor
    ]
    if moved:
        raise Conflict(
            _("其中有的室号已登记在别的楼层。"),
            fix=_("请核对楼层，去掉已有的室号再新增。"),
            theirs={"doors": [[door.unit, door.floor, door.room] for door in moved]},
        )


def _locked(building: Building) -> list[Dwelling]:
    """The building's doors, while nobody else adds to them."""
    Building.objects.select_for_update(no_key=True).filter(pk=building.pk).values_list("pk").get()
    return list(Dwelling.objects.select_for_update().filter(building=building.pk).order_by("pk"))


@transaction.atomic
def remove_doors(building: Building, keys: Sequence[int], *, by: User, at: datetime) -> int:
    """Undo an addition: only doors to which nothing has happened since. Those restored by it are gone again.

    Doors that are not there any more are passed over, so that it may be asked twice. How many went.
    """
    doors = [door for door in _locked(building) if door.pk in set(keys) and not _is_gone(door)]
    used = [
        door for door in doors if _last_act(door) not in _COMING or (_last_act(door) == _What.ADDED and _is_used(door))
    ]
    if used:
        raise Refused(
            _("%(door)s 已有登记，不能撤销新增。") % {"door": used[0]}, fix=_("请改为标记拆除或合并，或保留这一户。")
        )
    for door in doors:
        if _last_act(door) == _What.RESTORED:
            _into(door, _State.GONE, _What.GONE, by, at)
        else:
            note(door, _What.REMOVED, by=by, at=at)
            # Not `delete()`, which empties every table that might point here: requests may not write some of them.
            Dwelling.objects.filter(pk=door.pk)._raw_delete("default")
    return len(doors)


#: Acts by which a door comes to be there.
_COMING = (_What.ADDED, _What.RESTORED)


def _is_used(door: Dwelling) -> bool:
    """Whether any table holds something of the door: people, households, visits …"""
    pointing = [relation for relation in Dwelling._meta.related_objects if relation.field.db_constraint]
    return any(one.related_model.objects.filter(**{one.field.name: door.pk}).exists() for one in pointing)


def _last_act(door: Dwelling) -> str:
    return DoorNote.objects.filter(dwelling=door.pk).order_by("-pk").values_list("what", flat=True).first() or ""


@transaction.atomic
def rename_door(door: Dwelling, to: NewDoor, *, was: NewDoor | None = None, by: User, at: datetime) -> Dwelling:
    """Give a door another unit, floor or room. `was` is what the worker knew; Conflict holds what it is now."""
    doors = _locked(door.building)
    door = _the_one(doors, door.pk)
    now = NewDoor(door.unit, door.floor, door.room)
    if now == to:
        return door
    if was is not None and now != was:
        raise Conflict(
            _("别人已经更改了这一户的室号。"),
            fix=_("请比较两边的内容，再决定保留哪一个。"),
            theirs={"unit": now.unit, "floor": now.floor, "room": now.room},
        )
    if any((other.unit, other.room) == (to.unit, to.room) and other.pk != door.pk for other in doors):
        raise Refused(_("这栋楼已有相同的室号。"), fix=_("请填写另一个室号。"), fields={"room": _("已有这个室号。")})
    before = _label(now)
    door.unit, door.floor, door.room = to.unit, to.floor, to.room
    door.save(update_fields=["unit", "floor", "room"])
    note(door, _What.RENAMED, by=by, at=at, before=before, after=_label(to))
    return door


def _label(door: NewDoor) -> str:
    return str(Dwelling(unit=door.unit, room=door.room))


@transaction.atomic
def end_door(door: Dwelling, reason: str, *, by: User, at: datetime) -> Dwelling:
    """A door that was demolished or merged into another. Raises Refused while somebody lives or is registered there."""
    if reason not in ENDINGS:
        raise Refused(_("请选择拆除或合并。"), fix=_("请重新选择。"), fields={"end": _("请重新选择。")})
    door = _the_one(_locked(door.building), door.pk)
    if door.residences.filter(ends=None).exists():
        raise Refused(_("这一户还有登记的住户，不能标记拆除或合并。"), fix=_("请先把住户逐一登记迁出。"))
    return _into(door, _State.GONE, _What.GONE, by, at, reason)


@transaction.atomic
def restore_door(door: Dwelling, *, by: User, at: datetime) -> Dwelling:
    """A door that is there after all."""
    door = _the_one(_locked(door.building), door.pk)
    return _into(door, _State.UNKNOWN, _What.RESTORED, by, at) if _is_gone(door) else door


@transaction.atomic
def set_state(door: Dwelling, state: str, *, was: str | None = None, by: User, at: datetime) -> Dwelling:
    """Correct a door's state without a visit, which verifies nothing."""
    if state not in FOUND:
        raise Refused(_("无法识别填写的内容。"), fix=_("请重新选择。"), fields={"state": _("请重新选择。")})
    door = _the_one(_locked(door.building), door.pk)
    if was is not None and door.state not in (was, state):
        raise Conflict(
            _("别人已经更改了这一户的居住状态。"),
            fix=_("请比较两边的内容，再决定保留哪一个。"),
            theirs={"state": door.state},
        )
    return door if door.state == state else _into(door, state, _What.STATE, by, at, state)


def _into(door: Dwelling, state: str, what: str, by: User, at: datetime, after: str = "") -> Dwelling:
    before, door.state = door.state, state
    door.save(update_fields=["state"])
    note(door, what, by=by, at=at, before=before, after=after)
    return door


def _the_one(doors: list[Dwelling], pk: int) -> Dwelling:
    found = next((door for door in doors if door.pk == pk), None)
    if found is None:
        raise OutOfScope("There is no such door.")
    return found
