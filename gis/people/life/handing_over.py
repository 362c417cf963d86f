"""A person who was sent here by the office where they lived: their record comes with them.

An office that lets somebody leave for another street or community says so (`LifeEvent.far` area). When the same number
and name are written down there, at a door or in a department's table, the record goes over: from then on it is the new
office's, with its needs and facts. The old office keeps its stays and its events, which name no new address. Whom
nobody sent is written down anew as ever (`Resident.doubled`): a number typed at a door tells nothing about its owner.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max

from gis.accounts.scope import applied
from gis.areas.covering import scope_of_all
from gis.people.household import Residence
from gis.people.resident import Resident
from gis.people.sealing import blind_indexes


def take_over(number: str, name: str, area: str) -> Resident | None:
    """The record of a person of that number and name whom another office sent to this area; it lies here from now on.

    The look beyond the worker's own areas is opened for this one question, and answered by the other office's word.
    """
    with applied(scope_of_all()):
        same = Resident.objects.filter(identity_index__in=blind_indexes(number), doubled=False, name=name, died_on=None)
        found = same.exclude(area=area).select_for_update().first()
        if found is None or not _was_sent(found, area):
            return None
        found.area = area
        found.save(update_fields=["area", "updated_at"])
        found.needs.exclude(area=area).update(area=area)
        return found


def take_over_all(told: Sequence[tuple[str, str, str]]) -> dict[int, Resident]:
    """`take_over` of many, each told by number, name and area: place among them → the record that lies here now."""
    places = {index: place for place, (number, *_rest) in enumerate(told) for index in blind_indexes(number)}
    with applied(scope_of_all()):
        same = Resident.objects.filter(identity_index__in=list(places), doubled=False, died_on=None)
        # By their keys, which is the order in which people are locked.
        known = list(same.order_by("pk").values_list("identity_index", "name"))
    likely = [places[bytes(index)] for index, name in known if told[places[bytes(index)]][1] == name]
    return {place: person for place in likely if (person := take_over(*told[place]))}


def left_on(resident: Resident) -> date | None:
    """When the last stay of somebody who came over ended, which may lie out of sight of where they live now."""
    with applied(scope_of_all()):
        return resident.residences.aggregate(day=Max("ends"))["day"]


def _was_sent(resident: Resident, area: str) -> bool:
    if resident.residences.filter(kind=Residence.Kind.LIVING, ends=None).exists():
        return False
    last = resident.events.standing().order_by("-on", "-pk").first()
    return last is not None and last.kind == "left" and bool(last.to_area) and area.startswith(last.to_area)
