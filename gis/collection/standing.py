"""What the record holds of a field, for many at once: in its column where one keeps it, otherwise the fact that counts.

The one place that reads a field whichever way it is kept. A sealed value stays sealed here; `plain` opens it, and
whoever shows it goes by the rules of the field and notes it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.apps import apps

from gis.collection.fact import SUBJECT_COLUMNS, Fact
from gis.collection.field import Field
from gis.collection.kept import spelt, tag_of
from gis.people.household import Residence
from gis.people.need import Need
from gis.people.resident import Resident
from gis.people.sealing import SealBroken, are_alike, blind_index, is_of, open_seal, seal
from gis.places.building import Dwelling


@dataclass(frozen=True)
class Standing:
    """A value as it is kept, and who said so last; nothing at all where all of it is empty.

    `fact` is None where a column holds what nobody is on record to have said.
    """

    value: str = ""
    sealed: bytes | None = None
    index: bytes | None = None
    fact: Fact | None = None

    @property
    def is_empty(self) -> bool:
        return not self.value and self.sealed is None

    def says(self, value: str) -> bool:
        """Whether it is that value, sealed or not."""
        if self.sealed is None or not value:
            return self.is_empty if not value else self.value == value
        return is_of(self.index, value)

    def plain(self) -> str:
        """The value in full. "***" where the key it was sealed with is lost: that must not take the page with it."""
        if self.sealed is None:
            return self.value
        try:
            return open_seal(self.sealed)
        except SealBroken:
            return "***"


NOTHING = Standing()


def stored_value(field: Field, value: str) -> dict:
    """The columns of a fact or a correction that hold a value; of a sealed field sealed, of none empty."""
    if not field.sealed:
        return {"value": value}
    return {"value_sealed": seal(value), "value_index": blind_index(value)} if value else {}


def kept_in(row) -> Standing:
    """What a fact or a correction says."""
    return Standing(row.value, row.value_sealed, row.value_index, row if isinstance(row, Fact) else None)


def standing_of(field: Field, keys: Iterable[int], day: date) -> dict[int, Standing]:
    """Of each of these subjects of the field, what stands on a day. Those out of scope stand with nothing."""
    wanted = list(keys)
    said: dict[int, Standing] = {}
    if column := SUBJECT_COLUMNS.get(Field.Subject(field.subject)):
        facts = Fact.objects.filter(field=field, **{f"{column}__in": wanted}).current(day)
        said = {getattr(fact, f"{column}_id"): kept_in(fact) for fact in facts.select_related("department", "by")}
    found = _columns(field, wanted, said, day) if field.kept else said
    return {key: found.get(key, NOTHING) for key in wanted}


def _columns(field: Field, keys: list[int], said: dict[int, Standing], day: date) -> dict[int, Standing]:
    if tag_of(field):
        return _needs(tag_of(field), keys, said, day)
    room, _dot, name = field.kept.partition(".")
    held = _ROOMS[room](name, keys)
    return {key: Standing(*one, _saying(one, said.get(key))) for key, one in held.items()}


_Column = tuple[str, bytes | None, bytes | None]


def _saying(held: _Column, last: Standing | None) -> Fact | None:
    """The fact behind a column: the last one, where it says what the column holds."""
    if last is None:
        return None
    same = are_alike((last.sealed, last.index), held[1:]) if held[1] is not None else last.value == held[0]
    return last.fact if same else None


def _needs(tag: str, keys: list[int], said: dict[int, Standing], day: date) -> dict[int, Standing]:
    """A need that runs is "1"; where none does, what was last said of it unless that was that there is one."""
    open_on = Need.objects.filter(resident__in=keys, tag=tag, starts__lte=day).exclude(ends__lte=day)
    running = set(open_on.values_list("resident", flat=True))
    found = {}
    for key in keys:
        last = said.get(key, NOTHING)
        if key in running:
            found[key] = Standing("1", fact=last.fact if last.value == "1" else None)
        else:
            found[key] = NOTHING if last.value == "1" else last
    return found


def _of_residents(name: str, keys: list[int]) -> dict[int, _Column]:
    people = Resident.objects.filter(pk__in=keys)
    if name in ("identity", "phone"):
        rows = people.values_list("pk", f"{name}_sealed", f"{name}_index")
        return {pk: ("", _bytes(sealed), _bytes(index)) for pk, sealed, index in rows}
    rows = people.values_list("pk", name)
    return {pk: (_told(name, value), None, None) for pk, value in rows}


def _bytes(stored: memoryview | bytes | None) -> bytes | None:
    return None if stored is None else bytes(stored)


def _told(name: str, value) -> str:
    if name == "sex" and value == "0":
        return ""
    return value.isoformat() if isinstance(value, date) else spelt(f"resident.{name}", value or "")


def _of_stays(name: str, keys: list[int]) -> dict[int, _Column]:
    stays = Residence.objects.filter(resident__in=keys, kind=Residence.Kind.LIVING, ends=None)
    return {pk: (value, None, None) for pk, value in stays.values_list("resident", name)}


def _of_homes(name: str, keys: list[int]) -> dict[int, _Column]:
    rows = Dwelling.objects.filter(pk__in=keys).values_list("pk", name)
    return {pk: (spelt(f"dwelling.{name}", value), None, None) for pk, value in rows}


def _of_organisations(name: str, keys: list[int]) -> dict[int, _Column]:
    # Asked for by name: units are a room above this one.
    units = apps.get_model("grid", "Organisation").objects.filter(pk__in=keys)
    if name == "phone":
        rows = units.values_list("pk", "phone_sealed", "phone_index")
        return {pk: ("", _bytes(sealed), _bytes(index)) for pk, sealed, index in rows}
    rows = units.values_list("pk", name)
    return {pk: ("" if value is None else str(value), None, None) for pk, value in rows}


_ROOMS: dict[str, Callable[[str, list[int]], dict[int, _Column]]] = {
    "resident": _of_residents,
    "residence": _of_stays,
    "dwelling": _of_homes,
    "organisation": _of_organisations,
}
