"""A person who was sent here by the office where they lived: their record comes with them.

An office that lets somebody leave for another street or community says so (`LifeEvent.far` area). When the same number
and name are written down there, the record goes over: from then on it is the new office's, with its needs and facts.
The old office keeps its stays and its events, which name no new address. Whom nobody sent is written down anew as ever
(`Resident.doubled`): a number typed at a door tells nothing about its owner.
"""

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


def _was_sent(resident: Resident, area: str) -> bool:
    if resident.residences.filter(kind=Residence.Kind.LIVING, ends=None).exists():
        return False
    last = resident.events.standing().order_by("-on", "-pk").first()
    return last is not None and last.kind == "left" and bool(last.to_area) and area.startswith(last.to_area)
