"""Who came and who left as a door's form and a visit tell it: the same events, with as little as is known there."""

from datetime import date, datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.people.household import Residence
from gis.people.life.acting import acting_now, kin_of
from gis.people.life.event import LifeEvent
from gis.people.life.taking_back import write_withdrawals

_LIVING = Residence.Kind.LIVING


def note_arrival(stay: Residence, *, by: User, at: datetime) -> None:
    """Somebody was written down at a door. Who lived elsewhere on this ground until then has moved."""
    acting = acting_now(by, at, uuid4())
    resident = stay.resident
    left = resident.residences.filter(kind=_LIVING, ends=max(stay.starts, date.min)).exclude(pk=stay.pk)
    for before in left.select_related("dwelling").order_by("-pk")[:1]:
        acting.ledger.changes[resident.pk].append(["ended", before.pk, before.household_id, before.relation])
        acting.say(LifeEvent.Kind.MOVED, resident, stay.starts, before.dwelling, before=resident.population)
    is_new = not resident.residences.exclude(pk=stay.pk).exists() and not resident.events.exists()
    acting.ledger.changes[resident.pk].append(["entered"] if is_new else ["began", stay.pk])
    acting.say(LifeEvent.Kind.CAME, resident, stay.starts, stay.dwelling, after=stay.relation)
    acting.store()


def note_departure(stay: Residence, *, by: User, at: datetime) -> None:
    """Somebody does not live at a door any more; nobody said where they went. The stay has ended."""
    withdraw_departure(stay, by=by, at=at, reason=_("更正日期"))
    acting = acting_now(by, at, uuid4())
    acting.ledger.changes[stay.resident_id].append(["ended", stay.pk, stay.household_id, stay.relation])
    acting.say(
        LifeEvent.Kind.LEFT, stay.resident, stay.ends, stay.dwelling,
        before=stay.resident.population, far=LifeEvent.Far.UNKNOWN,
    )  # fmt: skip
    acting.pass_on(stay.household_id, [kin_of(stay)], stay.ends)
    acting.store()


def withdraw_departure(stay: Residence, *, by: User, at: datetime, reason: str = "") -> None:
    """The person lives here again, or left on another day: what was said of it before counts no more."""
    rows = LifeEvent.objects.standing().filter(
        resident=stay.resident_id, dwelling=stay.dwelling_id, kind=LifeEvent.Kind.LEFT, on__gte=stay.starts
    )
    found = list(rows.select_for_update(of=("self",)))
    for row in found:
        for what, *told in row.changes:
            if what == "relation":
                Residence.objects.filter(pk=told[0], ends=None, relation=told[2]).update(relation=told[1])
    write_withdrawals(found, by=by, at=at, reason=reason)
