"""Visits on the phone: the round of doors that are due, what waits to be looked at, and a call that was recorded."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.codes.naming import names_in
from gis.collection.door_answers import holding, read_said
from gis.collection.submission import Envelope
from gis.errors import Refused
from gis.models import Building, Dwelling, Visit
from gis.people.call import read_call
from gis.people.due import RETRY_AFTER, where_named
from gis.people.round import DoorDue, PersonDue, plan_round
from gis.people.showing import age_on
from gis.people.visiting import record_call, withdraw_call
from web.field.asked import door_forms
from web.field.tasks import tasks_of


def receive_visit(body: dict, files: list[UploadedFile], envelope: Envelope) -> dict:
    """A call at a door, or, with `withdraw`, that an earlier one did not happen so."""
    by, access, at = envelope.user, envelope.access, envelope.at
    if "withdraw" in body:
        reason = body.get("reason", "")
        taken_back = withdraw_call(
            _uuid(body["withdraw"]), by=by, access=access, at=at, reason=reason if isinstance(reason, str) else ""
        )
        return {"withdrawn": taken_back}
    call, number = read_call(body), envelope.uuid
    also = holding(read_said(body), call, by=by, number=number)
    return {"visits": len(record_call(call, by=by, access=access, at=at, number=number, also=also))}


def _uuid(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Refused(_("没有这次走访。"), fix=_("请更新手机上的数据后再试。")) from None


def visits_part(user: User, access: Access, scope: Scope) -> dict:
    """What `#day` shows of the area `scope`: only what the field rules let this reader see.

    `named`: whether the reader is told who is due. People carry the last digits of a phone, never the whole number.
    """
    today = timezone.localdate()
    named = _both(where_named(access), scope)
    doors = plan_round(named, today)
    tasks = tasks_of(user, access, _both(access.which("incident.read"), scope))
    done = _done(named, today)
    unverified = _unverified(_both(access.which("area.read"), scope)) if named else {}
    return {
        "named": bool(named),
        "writes": bool(_both(access.which("people.write"), scope)),
        "doors": [_door(door, today) for door in doors],
        "tasks": tasks,
        "done": done,
        "retryAfter": RETRY_AFTER.days,
        "unverified": [{"building": pk, "doors": number} for pk, number in unverified.items()],
        "buildings": _buildings(
            {door.dwelling.building_id for door in doors}
            | unverified.keys()
            | {one["building"] for one in done}
            | {task["building"] for task in tasks if task["building"]}
        ),
        "needs": {code: _(name) for code, name in names_in("service_need").items()} if named else {},
        "relations": {code: pgettext("relation", name) for code, name in names_in("relation").items()} if named else {},
        "forms": door_forms(doors, access, today),
        "states": [[state.value, str(state.label)] for state in LIVED_IN],
    }


#: What a home can be where somebody was met.
LIVED_IN = (Dwelling.State.OCCUPIED, Dwelling.State.RENTED)


def _both(one: Scope, other: Scope) -> Scope:
    return Scope.of(part for code in one.areas for part in other.within(code).areas)


def _door(door: DoorDue, today) -> dict:
    dwelling = door.dwelling
    return {
        "id": dwelling.pk, "building": dwelling.building_id, "unit": dwelling.unit, "floor": dwelling.floor,
        "room": dwelling.room, "label": str(dwelling), "state": dwelling.state, "asksState": door.asks_state,
        "people": [_person(person, today) for person in door.people],
    }  # fmt: skip


def _person(person: PersonDue, today) -> dict:
    resident, owed = person.resident, person.owed
    return {
        "id": resident.pk, "name": resident.name, "sex": resident.sex, "age": age_on(resident.born, today),
        "phone": resident.phone_last4, "relation": person.stay.relation, "tags": owed.tags,
        "due": owed.due_on.isoformat(), "met": _day(owed.met_on), "tried": _day(owed.tried_on),
        "gaps": [{"field": gap.field, "was": gap.was, "tag": gap.tag} for gap in person.gaps],
    }  # fmt: skip


def _done(scope: Scope, today) -> list[dict]:
    """The calls of today, newest first: to see what is done, and to take back what was recorded wrongly."""
    visits = Visit.objects.standing().inside(scope).filter(day=today, dwelling__isnull=False)
    found = {visit.call: visit for visit in visits.select_related("dwelling").order_by("at", "pk")}
    return [
        {
            "call": str(visit.call), "building": visit.dwelling.building_id, "label": str(visit.dwelling),
            "outcome": visit.outcome, "at": visit.at.isoformat(timespec="minutes"),
        }
        for visit in reversed(found.values())
    ]  # fmt: skip


def _unverified(scope: Scope) -> dict[int, int]:
    """Buildings with doors that were never verified, and how many."""
    doors = Dwelling.objects.inside(scope).standing().filter(verified_on=None)
    return dict(doors.order_by("building").values("building").annotate(n=Count("pk")).values_list("building", "n"))


def _buildings(pks) -> dict[int, dict]:
    found = Building.objects.filter(pk__in=pks).select_related("compound").defer("drawing").order_by("pk")
    return {building.pk: {"label": building.label, "at": _centre(building)} for building in found}


def _centre(building: Building) -> list[float]:
    inside = building.geometry.point_on_surface
    return [round(inside.x, 6), round(inside.y, 6)]


def _day(day) -> str | None:
    return day.isoformat() if day else None
