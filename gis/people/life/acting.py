"""One act in the making: by whom, where they may write, what it has done so far, and the events that will say so."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import NotAllowed, OutOfScope
from gis.people.household import Residence
from gis.people.life.event import LifeEvent
from gis.people.life.happening import Happening, refused
from gis.people.life.ledger import Ledger
from gis.people.life.relations import HEADS, Kin, propose_head, relations_under
from gis.people.locking import hold_homes
from gis.people.resident import Resident
from gis.places.building import Dwelling

_LIVING = Residence.Kind.LIVING


@dataclass
class Acting:
    """What is being done. `asked`: how many relations are left open; `alone`: children are left without a grown-up."""

    by: User
    at: datetime
    act: UUID
    ledger: Ledger = field(default_factory=Ledger)
    rows: list[LifeEvent] = field(default_factory=list)
    asked: int = 0
    alone: bool = False

    def say(self, kind: str, resident: Resident, on: date, dwelling: Dwelling | None = None, **told) -> None:
        """There will be an event that says so, where the dwelling is, else where the person is."""
        area = dwelling.area if dwelling else resident.area
        told = {"name": resident.name, "dwelling": dwelling, "area": area} | told
        self.rows.append(LifeEvent(act=self.act, kind=kind, resident=resident, on=on, by=self.by, **told))

    def store(self) -> dict:
        """Write the events, each person's changes with the first of theirs; what became of it, naming nobody."""
        told: set[int] = set()
        for row in self.rows:
            if row.resident_id not in told:
                row.changes = self.ledger.changes.get(row.resident_id, [])
                told.add(row.resident_id)
        LifeEvent.objects.bulk_create(self.rows)
        return {"act": str(self.act), "people": len(told), "asked": self.asked, "alone": self.alone}

    def pass_on(self, household: int | None, gone: list[Kin], on: date, *, head: int | None = None) -> None:
        """Who is left in a household has another head where theirs is among the `gone`."""
        old = next((one for one in gone if one.relation in HEADS), None)
        left = members_of(household) if household else []
        if old is None or not left:
            return
        kin = [kin_of(stay) for stay in left]
        chosen = head if head in {one.key for one in kin} else propose_head(kin, on)
        if chosen is None:
            self.alone = True
            return
        self.relate(left, under(next(one for one in kin if one.key == chosen), old, kin), of=old.key)

    def relate(self, stays: list[Residence], relations: dict[int, str], *, of: int) -> None:
        for stay in stays:
            self.ledger.relate(stay, relations[stay.resident_id], of=of)
        self.asked += sum(not relation for relation in relations.values())


def under(new: Kin, old: Kin | None, members: list[Kin]) -> dict[int, str]:
    """Relations to a new head; as they are where the head stays, open where there was none."""
    if old is not None and old.key == new.key:
        return {one.key: one.relation for one in members}
    if old is None:
        return {one.key: "" for one in members} | {new.key: "02"}
    return relations_under(new, old, members)


def kin_of(stay: Residence) -> Kin:
    return Kin(stay.resident_id, stay.relation, stay.resident.sex, stay.resident.born)


def members_of(household: int) -> list[Residence]:
    """Who lives in a household today, locked."""
    stays = Residence.objects.filter(household=household, kind=_LIVING, ends=None).select_related("resident")
    return list(stays.select_for_update(of=("self",)).order_by("pk"))


def head_of(stays: list[Residence]) -> Kin | None:
    return next((kin_of(stay) for stay in stays if stay.relation in HEADS), None)


@dataclass
class Telling(Acting):
    """An act that somebody tells of: held against what they may write and what the records say."""

    told: Happening | None = None
    access: Access | None = None

    @property
    def within(self) -> Scope:
        return self.access.which("people.write")

    def hold(self) -> None:
        """Lock the doors and the people of whom this tells, in the order in which everybody does."""
        told, doors = self.told, []
        if told.building is not None:
            doors = self._doors().values_list("pk", flat=True)
        named = (told.resident, *told.along, told.into, told.head)
        hold_homes([pk for pk in named if pk is not None], self.within, doors)

    def person(self, pk: int) -> Resident:
        """Somebody where the teller may write people, locked. Raises OutOfScope, or NotAllowed where they only read."""
        found = Resident.objects.inside(self.within).filter(pk=pk).select_for_update().first()
        if found is None:
            if Resident.objects.inside(self.access.which("people.read")).filter(pk=pk).exists():
                raise NotAllowed(_("您的角色不能登记人员变动。"), fix=_("请由本网格的网格员登记。"))
            raise OutOfScope(_("没有这个人，或不在您的辖区内。"), fix=_("请更新手机上的数据后再试。"))
        return found

    def living(self, resident: Resident) -> Residence | None:
        stays = resident.residences.filter(kind=_LIVING, ends=None).select_related("dwelling__building", "resident")
        return stays.select_for_update(of=("self",)).first()

    def home(self, resident: Resident) -> Residence:
        """The present stay. Raises Refused where there is none."""
        here = self.living(resident)
        if here is None:
            raise refused({"resident": _("此人现在不住在您的辖区内。")})
        self.after_start(here)
        return here

    def after_start(self, stay: Residence) -> None:
        if self.told.on < stay.starts:
            raise refused({"on": _("早于入住日期（%(day)s）。") % {"day": stay.starts.isoformat()}})

    def movers(self, person: Resident, here: Residence) -> list[Residence]:
        """The stays of the person and of those who go along, who live behind the same door."""
        found = [here]
        for pk in self.told.along:
            other = self.living(self.person(pk)) if pk != person.pk else None
            if pk == person.pk:
                continue
            if other is None or other.dwelling_id != here.dwelling_id:
                raise refused({"along": _("同行的人不住在同一户。")})
            self.in_time(other.resident)
            self.after_start(other)
            found.append(other)
        return found

    def in_time(self, resident: Resident) -> None:
        """Not before birth, not after death, not before what has happened to them since. Raises Refused."""
        on = self.told.on
        if resident.died_on:
            raise refused({"resident": _("此人已登记去世（%(day)s）。") % {"day": resident.died_on.isoformat()}})
        if resident.born and on < resident.born:
            raise refused({"on": _("早于出生日期。")})
        latest = resident.events.standing().aggregate(day=Max("on"))["day"]
        if latest and on < latest:
            words = _("此人 %(day)s 还有一项登记的变动，这一项不能更早；如果那一项登记错了，请先撤销。")
            raise refused({"on": words % {"day": latest.isoformat()}})

    def door(self) -> Dwelling:
        """The door that was told, where the teller may write people. Raises Refused for every other."""
        found = self._doors().select_related("building").select_for_update(of=("self",)).first()
        if found is None:
            raise refused({"to": _("没有这一户，或不在您的辖区内；搬出您的辖区请登记迁离。")})
        if found.state == Dwelling.State.GONE:
            raise refused({"to": _("这一户已拆除或合并。")})
        return found

    def _doors(self):
        named = self.told.door
        key = {"unit": named[0], "room": named[1]} if isinstance(named, tuple) else {"pk": named}
        return Dwelling.objects.inside(self.within).filter(building=self.told.building, **key)


def acting_now(by: User, at: datetime, act: UUID) -> Acting:
    return Acting(by, min(at, timezone.now()), act)
