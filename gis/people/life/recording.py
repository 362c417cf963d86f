"""Doing what a life event says, and writing it down: all of it in one transaction, or nothing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict, Refused
from gis.people.household import Household, Residence
from gis.people.identity import CITIZEN
from gis.people.life.acting import Telling, head_of, kin_of, members_of, under
from gis.people.life.birth import bear
from gis.people.life.happening import Happening, Kind, refused
from gis.people.life.relations import HEADS
from gis.people.life.taking_back import take_back
from gis.people.moving import household_for
from gis.people.resident import Resident
from gis.people.visit import Visit
from gis.places.building import Dwelling
from gis.places.door_note import DoorNote, note
from gis.places.doors import set_state

_LIVING, _REGISTERED = Residence.Kind.LIVING, Residence.Kind.REGISTERED


@transaction.atomic
def record_life(told: Happening, *, by: User, access: Access, at: datetime, number: UUID) -> dict:
    """Record one event; what became of it, naming nobody. `number` is that of the act, made where it was written.

    Raises OutOfScope or NotAllowed where the person is not the teller's to write, Refused for what cannot be, and
    Conflict, with the other date, where somebody has recorded the same death or departure on another day.
    """
    telling = Telling(by, min(at, timezone.now()), number, told=told, access=access)
    telling.hold()
    person = telling.person(told.resident)
    if _is_told(telling, person):
        return {"act": "", "people": 0, "asked": 0, "alone": False}
    if told.kind != Kind.BORN:
        telling.in_time(person)
    _ACTS[told.kind](telling, person)
    return telling.store()


def _is_told(telling: Telling, person: Resident) -> bool:
    """Whether the same is recorded already. On another day it is a conflict, until the teller knows that day."""
    told = telling.told
    last = person.events.standing().order_by("-on", "-pk").first()
    same = last if last and told.kind == last.kind and told.kind in (Kind.DIED, Kind.LEFT) else None
    if same is None:
        return False
    if told.instead_of == same.pk and told.on != same.on:
        take_back(same.pk, by=telling.by, access=telling.access, at=telling.at, reason=_("更正日期"))
        person.refresh_from_db()
        return False
    if told.on != same.on:
        raise Conflict(
            _("别人已经登记了这项变动，日期不同。"),
            fix=_("请比较两边的日期，再决定保留哪一个。"),
            theirs={"on": same.on.isoformat(), "base": {"event": same.pk}},
        )
    return True


def _move(telling: Telling, person: Resident) -> None:
    """To another door of the teller's ground; also back, of somebody who lives nowhere here."""
    told, door = telling.told, telling.door()
    here = telling.living(person)
    if here is not None and here.dwelling_id == door.pk:
        raise refused({"to": _("已经住在这一户。")})
    if here is not None:
        telling.after_start(here)
    movers = telling.movers(person, here) if here else []
    relations = _relations_there(telling, person, movers, door)
    gone = [kin_of(stay) for stay in movers]
    for stay in movers:
        telling.ledger.end(stay, told.on)
        note(stay.dwelling, DoorNote.What.MOVED_OUT, by=telling.by, at=telling.at)
    together = _arrive(telling, [person, *(stay.resident for stay in movers[1:])], door, relations)
    for stay in movers:
        _register(telling, stay, to=door)
        telling.say(Kind.MOVED, stay.resident, told.on, stay.dwelling, before=stay.resident.population, **_why(told))
    for stay in together:
        telling.ledger.follow(stay.resident, door.area)
        telling.say(Kind.CAME, stay.resident, told.on, door, **_why(told))
    if here:
        telling.pass_on(here.household_id, gone, told.on, head=told.head)


def _relations_there(telling: Telling, person: Resident, movers: list[Residence], door: Dwelling) -> dict[int, str]:
    """What everybody who moves is at the new door: as they were in a household of their own, else as told or asked."""
    told = telling.told
    occupied = door.residences.filter(kind=_LIVING, ends=None).exists()
    if occupied and told.relation not in HEADS:
        return {stay.resident_id: "" for stay in movers} | {person.pk: told.relation}
    kin = [kin_of(stay) for stay in movers]
    old = next((one for one in kin if one.relation in HEADS), None) or _head_at_home(movers)
    if not kin:
        return {person.pk: told.relation or "02"}
    first = kin[0] if old is None or old.key not in {one.key for one in kin} else old
    return under(first, old, kin)


def _head_at_home(movers: list[Residence]):
    household = movers[0].household_id if movers else None
    return head_of(members_of(household)) if household else None


def _arrive(telling: Telling, people: list[Resident], door: Dwelling, relations: dict[int, str]) -> list[Residence]:
    """The stays of those who move in, in one household."""
    heads = [one for one in people if relations[one.pk] in HEADS]
    household = household_for(door, "02" if heads else "")
    stays = [
        telling.ledger.begin(
            Residence(
                resident=one, dwelling=door, household=household, relation=relations[one.pk], starts=telling.told.on,
                confirmed_on=timezone.localdate(telling.at), area=door.area,
            )
        )
        for one in people
    ]  # fmt: skip
    telling.asked += sum(not relations[one.pk] for one in people)
    note(door, DoorNote.What.MOVED_IN, by=telling.by, at=telling.at)
    if door.state in (Dwelling.State.EMPTY, Dwelling.State.UNKNOWN):
        set_state(door, Dwelling.State.OCCUPIED, by=telling.by, at=telling.at)
    return stays


def _leave(telling: Telling, person: Resident) -> None:
    """Away from the teller's ground: to another office's, to another place in the country, abroad."""
    told, here = telling.told, telling.home(person)
    movers = telling.movers(person, here)
    _refuse_own_ground(telling)
    gone = [kin_of(stay) for stay in movers]
    for stay in movers:
        telling.ledger.end(stay, told.on)
        _register(telling, stay)
        note(stay.dwelling, DoorNote.What.MOVED_OUT, by=telling.by, at=telling.at)
        where = {"far": told.far, "to_area": told.to_area, "place": told.place}
        before = stay.resident.population
        telling.say(Kind.LEFT, stay.resident, told.on, stay.dwelling, before=before, **where, **_why(told))
    telling.pass_on(here.household_id, gone, told.on, head=told.head)


def _refuse_own_ground(telling: Telling) -> None:
    if telling.told.to_area and telling.within.covers(telling.told.to_area):
        raise refused({"to_area": _("这是您自己的辖区：请登记搬家，并选择搬到哪一户。")})


def _register(telling: Telling, left: Residence, to: Dwelling | None = None) -> None:
    """The registration 户籍 goes along or stays behind: registered here, living elsewhere (人户分离).

    Who is registered on another office's ground, out of sight, stays registered there.
    """
    held = left.resident.residences.filter(kind=_REGISTERED, ends=None).select_for_update().first()
    if held and (telling.told.registration == "moves" or (to and held.dwelling_id == to.pk)):
        telling.ledger.end(held, max(telling.told.on, held.starts))
    is_registered = left.resident.population == Resident.Population.REGISTERED
    if telling.told.registration == "stays" and held is None and is_registered:
        kept = Residence(
            resident=left.resident, dwelling=left.dwelling, kind=_REGISTERED, starts=left.starts, area=left.area
        )
        telling.ledger.begin_unless_there(kept)


def _die(telling: Telling, person: Resident) -> None:
    """Every stay and every need ends; nothing is deleted."""
    told, here = telling.told, telling.living(person)
    if here:
        telling.after_start(here)
    met = person.visits.filter(withdrawal=None, outcome=Visit.Outcome.MET, day__gt=told.on).order_by("-day").first()
    if met:
        words = _("%(day)s 的走访见到了本人。请核对日期，或先撤回那次走访。")
        raise refused({"on": words % {"day": met.day.isoformat()}})
    gone = [kin_of(here)] if here else []
    for stay in person.residences.filter(ends=None).select_for_update():
        telling.ledger.end(stay, max(told.on, stay.starts))
    for need in person.needs.exclude(ends__lte=told.on).select_for_update():
        telling.ledger.end_need(need, told.on)
    telling.ledger.set(person, "died_on", told.on)
    telling.say(Kind.DIED, person, told.on, here.dwelling if here else None, before=person.population, note=told.note)
    if here:
        note(here.dwelling, DoorNote.What.CORRECTED, by=telling.by, at=telling.at)
        telling.pass_on(here.household_id, gone, told.on, head=told.head)


def _split(telling: Telling, person: Resident) -> None:
    """A household of their own behind the same door."""
    told, here = telling.told, telling.home(person)
    movers = telling.movers(person, here)
    staying = members_of(here.household_id) if here.household_id else []
    keys = {stay.resident_id for stay in movers}
    if not any(stay.resident_id not in keys for stay in staying):
        raise refused({"along": _("原来的家庭户里没有人留下，不必分户。")})
    if any(stay.household_id != here.household_id for stay in movers):
        raise refused({"along": _("同行的人不在同一家庭户。")})
    kin = [kin_of(stay) for stay in movers]
    relations = under(kin[0], head_of(staying), kin)
    household = Household.objects.create(dwelling=here.dwelling, area=here.area)
    for stay in movers:
        _rehouse(telling, stay, household, relations[stay.resident_id])
        telling.say(Kind.SPLIT, stay.resident, told.on, here.dwelling, before=stay.relation, note=told.note)
    telling.asked += sum(not relation for relation in relations.values())
    telling.pass_on(here.household_id, kin, told.on, head=told.head)


def _join(telling: Telling, person: Resident) -> None:
    """Into the household of somebody behind the same door: they married, or keep house together again."""
    told, here = telling.told, telling.home(person)
    other = telling.living(telling.person(told.into)) if told.into else None
    if other is None or other.dwelling_id != here.dwelling_id or other.household_id is None:
        raise refused({"into": _("请选择同一户里另一个家庭户的人。")})
    if other.household_id == here.household_id:
        raise refused({"into": _("已经在同一个家庭户里。")})
    movers = telling.movers(person, here)
    gone = [kin_of(stay) for stay in movers]
    for stay in movers:
        relation = told.relation if stay is here and told.relation not in HEADS else ""
        _rehouse(telling, stay, other.household, relation)
        telling.asked += not relation
        telling.say(
            Kind.JOINED, stay.resident, told.on, here.dwelling, before=stay.relation, after=relation, **_why(told)
        )
    telling.pass_on(here.household_id, gone, told.on, head=told.head)


def _rehouse(telling: Telling, stay: Residence, household: Household, relation: str) -> None:
    """Another household is another stay: who kept house with whom, and when, stays readable."""
    telling.ledger.end(stay, telling.told.on)
    telling.ledger.begin(
        Residence(
            resident=stay.resident, dwelling=stay.dwelling, household=household, relation=relation,
            starts=telling.told.on, confirmed_on=timezone.localdate(telling.at), area=stay.area,
        )
    )  # fmt: skip


def _head(telling: Telling, person: Resident) -> None:
    told, here = telling.told, telling.home(person)
    if here.relation in HEADS:
        raise refused({"resident": _("此人已经是户主。")})
    stays = members_of(here.household_id) if here.household_id else [here]
    kin = [kin_of(stay) for stay in stays]
    telling.say(Kind.HEAD, person, told.on, here.dwelling, before=here.relation, after="02", note=told.note)
    telling.relate(stays, under(next(one for one in kin if one.key == person.pk), head_of(stays), kin), of=person.pk)


def _retype(telling: Telling, person: Resident) -> None:
    told, here = telling.told, telling.living(person)
    if told.population == person.population:
        raise refused({"population": _("已经是这个人口类型。")})
    is_citizen = person.document == CITIZEN and bool(person.identity_last4)
    if told.population == Resident.Population.OVERSEAS and is_citizen:
        raise refused({"population": _("此人登记的是居民身份证，不能改为境外人员。")})
    before = person.population
    telling.ledger.set(person, "population", told.population)
    at = here.dwelling if here else None
    telling.say(Kind.TYPE, person, told.on, at, before=before, after=told.population, **_why(told))


def _rename(telling: Telling, person: Resident) -> None:
    told, here, before = telling.told, telling.living(person), person.name
    if told.name == before:
        raise refused({"name": _("与现在的姓名相同。")})
    telling.ledger.set(person, "name", told.name)
    telling.say(Kind.NAMED, person, told.on, here.dwelling if here else None, before=before, after=told.name)


def _reregister(telling: Telling, person: Resident) -> None:
    """The registration 户籍 comes to a door of the teller's ground, or goes away; where they live stays as it is."""
    told, here = telling.told, telling.living(person)
    door = None if told.far else telling.door()
    held = person.residences.filter(kind=_REGISTERED, ends=None).select_related("dwelling").select_for_update().first()
    if held and (told.on < held.starts or (door and held.dwelling_id == door.pk)):
        raise refused({"on": _("户籍在这一户，或日期早于上次户籍变更。")})
    if held:
        telling.ledger.end(held, told.on)
    if door and not (here and here.dwelling_id == door.pk):
        stay = Residence(resident=person, dwelling=door, kind=_REGISTERED, starts=told.on, area=door.area)
        if not telling.ledger.begin_unless_there(stay):  # saying no more: the other stay lies elsewhere
            raise Refused(_("户籍还登记在别处，不能迁入。"), fix=_("请联系上级主管。"))
    at = door or (held.dwelling if held else here.dwelling if here else None)
    where = {"far": told.far, "to_area": told.to_area, "place": told.place}
    telling.say(Kind.REGISTERED, person, told.on, at, **where, **_why(told))


def _why(told: Happening) -> dict:
    return {"reason": told.reason, "note": told.note}


_ACTS = {
    Kind.MOVED: _move,
    Kind.LEFT: _leave,
    Kind.DIED: _die,
    Kind.BORN: bear,
    Kind.SPLIT: _split,
    Kind.JOINED: _join,
    Kind.HEAD: _head,
    Kind.TYPE: _retype,
    Kind.NAMED: _rename,
    Kind.REGISTERED: _reregister,
}
