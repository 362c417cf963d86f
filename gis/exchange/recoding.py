"""The keyed digests by which files without keys and numbers know their rows, made anew by the key of today.

A digest is of what the row said; what it said stands in the record as long as nobody changed it there, and then the row
would be another one by any key. So each is found out from the record, held against what is kept, and written anew.
"""

from django.db import transaction

from gis.people.household import Residence
from gis.people.keyring import Key, keyring
from gis.people.resident import Resident
from gis.people.sealing import index_by

_BATCH = 1000


def row_as_told(name: str, born: object, sex: str, area: str, building: int, unit: str, room: str) -> str:
    """What the digest of a row is made of."""
    return f"{name}|{born}|{sex}|{area}|{building}|{unit}|{room}"


def code_of(key: Key, told: str) -> str:
    return f"#{index_by(key, told).hex()}"


def recode_rows() -> int:
    """Write the digests of the key before anew; how many could be found out."""
    ring, done, last = keyring(), 0, 0
    while ring.before and (rows := list(_coded().filter(pk__gt=last).order_by("pk")[:_BATCH])):
        last = rows[-1].pk
        with transaction.atomic():
            done += _recode([row.pk for row in rows], ring.before, ring.seals)
    return done


def _coded():
    return Resident.objects.filter(source_code__startswith="#")


def _recode(keys: list[int], old: Key, new: Key) -> int:
    people = {one.pk: one for one in _coded().filter(pk__in=keys).select_for_update()}
    stays = Residence.objects.filter(resident__in=people).select_related("dwelling")
    changed = {}
    for stay in stays:
        one, door = people[stay.resident_id], stay.dwelling
        for area in {stay.area, one.area, door.area}:
            told = row_as_told(one.name, one.born or "NaT", one.sex, area, door.building_id, door.unit, door.room)
            if one.source_code == code_of(old, told):
                changed[one.pk] = code_of(new, told)
    for key, code in changed.items():
        Resident.objects.filter(pk=key).update(source_code=code)
    return len(changed)
