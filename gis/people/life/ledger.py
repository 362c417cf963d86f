"""What an act does to the records, one small change after another, each kept with what stood there before.

A change is a list that JSON can hold: `["ended", stay, household, relation]`, `["began", stay]`,
`["relation", stay, before, after]`, `["need", need, ends before]`, `["set", column, before]`, `["entered"]`.
Undoing goes through them backwards and stops where something else has been written meanwhile.
"""

from collections import defaultdict
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.people.household import ONE_OPEN, Household, Residence
from gis.people.moving import end_stay, household_for
from gis.people.need import Need
from gis.people.resident import Resident
from gis.refused_rows import refuse_unless

_LIVING = Residence.Kind.LIVING
_DATES = {"died_on"}


class Ledger:
    """Changes of one act, by resident."""

    def __init__(self) -> None:
        self.changes: dict[int, list[list]] = defaultdict(list)

    def end(self, stay: Residence, on: date) -> None:
        self.changes[stay.resident_id].append(["ended", stay.pk, stay.household_id, stay.relation])
        end_stay(stay, on)

    def begin(self, stay: Residence) -> Residence:
        stay.save(force_insert=True)
        self.changes[stay.resident_id].append(["began", stay.pk])
        return stay

    def begin_unless_there(self, stay: Residence) -> bool:
        """Begin a stay, unless the person has one of that kind, perhaps out of sight: whether it was begun."""
        try:
            with transaction.atomic():
                self.begin(stay)
        except IntegrityError as error:
            refuse_unless(error, ONE_OPEN)
            return False
        return True

    def relate(self, stay: Residence, relation: str, *, of: int) -> None:
        """Somebody is something else to the head; part of what happened to `of`."""
        if stay.relation != relation:
            self.changes[of].append(["relation", stay.pk, stay.relation, relation])
            stay.relation = relation
            stay.save(update_fields=["relation"])

    def end_need(self, need: Need, on: date) -> None:
        self.changes[need.resident_id].append(["need", need.pk, need.ends.isoformat() if need.ends else None])
        need.ends = max(on, need.starts)
        need.save(update_fields=["ends"])

    def set(self, resident: Resident, column: str, value: object) -> None:
        before = getattr(resident, column)
        self.changes[resident.pk].append(["set", column, before.isoformat() if isinstance(before, date) else before])
        setattr(resident, column, value)
        resident.save(update_fields=[column, "updated_at"])

    def follow(self, resident: Resident, area: str) -> None:
        """The record and its needs come to the new place."""
        if resident.area != area:
            self.set(resident, "area", area)
        resident.needs.exclude(area=area).update(area=area)


def undo(resident: Resident, changes: list[list], on: date) -> None:
    """Put everything back as it was. Raises Refused where something was written since."""
    for what, *told in reversed(changes):
        _UNDO[what](resident, on, *told)


def _undo_ended(resident: Resident, on: date, pk: int, household: int | None, relation: str) -> None:
    stay = Residence.objects.select_for_update().filter(pk=pk, resident=resident).first()
    if stay is None or stay.ends is None or stay.ends != max(on, stay.starts):
        raise _too_late()
    stay.ends, stay.relation = None, relation
    if stay.kind == _LIVING:
        there = Household.objects.filter(pk=household).first() if household else None
        stay.household = there or household_for(stay.dwelling, relation)
    try:
        with transaction.atomic():
            stay.save(update_fields=["ends", "household", "relation"])
    except IntegrityError as error:
        refuse_unless(error, ONE_OPEN)
        raise _too_late() from None  # saying no more: the other stay may lie elsewhere


def _undo_began(resident: Resident, on: date, pk: int) -> None:
    """A stay that never was: of no day, so that it counts on none and its row still tells of it."""
    stay = Residence.objects.select_for_update().filter(pk=pk, resident=resident, ends=None).first()
    if stay is None:
        raise _too_late()
    end_stay(stay, stay.starts)


def _undo_relation(resident: Resident, on: date, pk: int, before: str, after: str) -> None:
    Residence.objects.filter(pk=pk, ends=None, relation=after).update(relation=before)  # unless corrected since


def _undo_need(resident: Resident, on: date, pk: int, before: str | None) -> None:
    Need.objects.filter(pk=pk, resident=resident).update(ends=before)


def _undo_set(resident: Resident, on: date, column: str, before: str | None) -> None:
    setattr(resident, column, date.fromisoformat(before) if column in _DATES and before else before)
    resident.save(update_fields=[column, "updated_at"])
    if column == "area":
        resident.needs.exclude(area=before).update(area=before)


def _undo_entered(resident: Resident, on: date) -> None:
    """Somebody who was never born or never came: the record goes, the event keeps the name."""
    if resident.visits.exists() or resident.facts.exists() or resident.needs.exists():
        raise Refused(_("这个人已有走访或登记的资料，不能撤销。"), fix=_("如果已不住在这里，请登记迁离。"))
    for stay in resident.residences.filter(ends=None):
        end_stay(stay, stay.starts)
    # Not `delete()`, which empties every table that might point here: requests may not write some of them.
    resident.residences.all()._raw_delete("default")
    Resident.objects.filter(pk=resident.pk)._raw_delete("default")


def _too_late() -> Refused:
    return Refused(_("后来又有变动，这一条已不能撤销。"), fix=_("请先撤销后面的变动。"))


_UNDO = {
    "ended": _undo_ended,
    "began": _undo_began,
    "relation": _undo_relation,
    "need": _undo_need,
    "set": _undo_set,
    "entered": _undo_entered,
}
