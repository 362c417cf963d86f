"""Writing a value that is agreed upon to where its field keeps it: the column, if it has one. The fact is the caller's.

What a column cannot hold is refused by the name of the field, never with the value.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import numpy as np
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.collection.field import Field
from gis.collection.kept import code_of, tag_of
from gis.collection.reading import read_value
from gis.errors import Refused
from gis.people.household import Residence
from gis.people.identity import CITIZEN, clean_numbers, document_problems, read_identities
from gis.people.need import Need
from gis.people.newcomer import read_phone
from gis.people.resident import ONCE, Resident
from gis.people.sealing import blind_index, blind_indexes, index_before, seal
from gis.places.building import Dwelling
from gis.places.doors import set_state
from gis.refused_rows import refuse_unless

#: Columns of a person that are never empty.
_NEEDED = ("resident.name", "resident.document", "resident.population", "dwelling.state")


def checked_value(field: Field, text: object, name: str = "") -> str:
    """What was typed, in the one spelling of its kind, as its place can hold it. Raises Refused, by `name`."""
    value = read_value(field, text, name)
    if not value and field.kept in _NEEDED:
        raise _refused(name or field.code, _("请填写。"))
    wrong: dict[str, str] = {}
    if field.kept == "resident.phone":
        value = read_phone(value, wrong, name or field.code)
    elif field.kept == "resident.identity" and value:
        value = str(clean_numbers([value])[0])
        if len(value) > 22:
            wrong[name or field.code] = _("与所选证件的号码格式不符。")
    elif field.kept == "resident.name" and len(value) > 60:
        wrong[name or field.code] = _("请填写姓名，最多 60 个字。")
    for said in wrong.values():
        raise _refused(name or field.code, said)
    return value


def write_column(field: Field, key: int, value: str, *, by: User, at: datetime, day: date, within: Scope) -> None:
    """Write the value to the column that keeps the field; nothing where it is kept as facts alone."""
    if not field.kept:
        return
    if tag_of(field):
        _write_need(tag_of(field), key, value, day)
        return
    room, _dot, column = field.kept.partition(".")
    if room == "dwelling":
        door = Dwelling.objects.select_related("building").get(pk=key)
        set_state(door, code_of(field.kept, value), by=by, at=at)
    elif room == "residence":
        Residence.objects.filter(resident=key, kind=Residence.Kind.LIVING, ends=None).update(**{column: value})
    else:
        write = _WRITE.get(column, partial(_plain, column=column))
        write(Resident.objects.select_for_update().get(pk=key), code_of(field.kept, value), field.code, day, within)


def _plain(person: Resident, value: str, name: str, day: date, within: Scope, *, column: str) -> None:
    _save(person, {column: value or ("0" if column == "sex" else "")})


def _born(person: Resident, value: str, name: str, day: date, within: Scope) -> None:
    born = date.fromisoformat(value) if value else None
    if born and born > day:
        raise _refused(name, _("日期不能晚于今天，也不能早于 1890 年。"))
    _save(person, {"born": born})


def _phone(person: Resident, value: str, name: str, day: date, within: Scope) -> None:
    sealed = {"phone_sealed": seal(value), "phone_index": blind_index(value)} if value else {}
    _save(person, {"phone_sealed": None, "phone_index": None, "phone_last4": value[-4:]} | sealed)


def _identity(person: Resident, value: str, name: str, day: date, within: Scope) -> None:
    """A number of the kind of the person's document, and nobody else's whom whoever writes can see."""
    if not value:
        none = dict.fromkeys(("identity_sealed", "identity_index", "identity_before"))
        _save(person, none | {"identity_last4": "", "doubled": False})
        return
    if _is_wrong(value, person.document, day):
        raise _refused(name, _("与所选证件的号码格式不符。"))
    same = Resident.objects.inside(within).filter(identity_index__in=blind_indexes(value))
    if same.exclude(pk=person.pk).exists():
        raise _refused(name, _("这个号码已登记在另一份档案上，请先核对是否为同一人。"))
    told = {"identity_sealed": seal(value), "identity_index": blind_index(value), "identity_last4": value[-4:]}
    told["identity_before"] = index_before(value)
    try:
        with transaction.atomic():
            _save(person, told | {"doubled": False})
    except IntegrityError as error:  # somebody out of sight: see `Resident`
        refuse_unless(error, *ONCE)
        _save(person, told | {"doubled": True})


def _is_wrong(number: str, document: str, day: date) -> bool:
    if document == CITIZEN:
        return bool(read_identities([number], synthetic=settings.SYNTHETIC_IDS, today=day).problem[0])
    return bool(document_problems(clean_numbers([number]), np.array([document]))[0])


def _save(person: Resident, changed: dict) -> None:
    for column, value in changed.items():
        setattr(person, column, value)
    person.save(update_fields=[*changed, "updated_at"])


_Write = Callable[[Resident, str, str, date, Scope], None]
_WRITE: dict[str, _Write] = {"born": _born, "phone": _phone, "identity": _identity}


def _write_need(tag: str, key: int, value: str, day: date) -> None:
    running = Need.objects.filter(resident=key, tag=tag, starts__lte=day).exclude(ends__lte=day)
    if value != "1":
        running.update(ends=day)
    elif not running.exists():
        area = Resident.objects.values_list("area", flat=True).get(pk=key)
        told = {"confirmed_on": day, "source": "correction", "area": area, "ends": None}
        Need.objects.update_or_create(resident_id=key, tag=tag, starts=day, defaults=told)


def _refused(name: str, what: str) -> Refused:
    return Refused(_("这一项不能这样更正。"), fix=what, fields={name: what})
