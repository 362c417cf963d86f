"""Fields that a column keeps already: where the value stands, and who has none yet.

A path is `resident.COLUMN`, `residence.relation`, `dwelling.state` or `need:TAG` (a need in the record of the person).
"""

from django.db.models import Exists, OuterRef, Q

from gis.collection.field import Field
from gis.people.household import Residence
from gis.people.need import Need
from gis.people.resident import Resident
from gis.places.building import Dwelling

_TAG = "need:"
#: Path → the rows of the subject in which the column is filled in.
_FILLED = {
    "resident.name": ~Q(name=""),
    "resident.sex": ~Q(sex="0"),
    "resident.born": Q(born__isnull=False),
    "resident.document": ~Q(document=""),
    "resident.identity": ~Q(identity_last4=""),
    "resident.phone": ~Q(phone_last4=""),
    "resident.population": ~Q(population=""),
    "dwelling.state": ~Q(state=Dwelling.State.UNKNOWN),
}
#: Path → the name of the answer that writes it (`gis/people/answering.py`). The others are kept up by registration.
ANSWERS = {
    "resident.born": "born",
    "resident.phone": "phone",
    "resident.identity": "number",
    "residence.relation": "relation",
    "dwelling.state": "state",
}
#: Path → the column's own code → the spelling of the catalogue, where a column has codes of its own.
_SPELT = {
    "resident.population": {
        Resident.Population.REGISTERED: "户籍人口",
        Resident.Population.FLOATING: "流动人口",
        Resident.Population.LEFT_BEHIND: "留守人员",
        Resident.Population.OVERSEAS: "境外人员",
    },
    "dwelling.state": {
        Dwelling.State.OCCUPIED: "有人居住",
        Dwelling.State.EMPTY: "空置",
        Dwelling.State.RENTED: "出租",
    },
}


def spelt(kept: str, code: str) -> str:
    """What a column holds in the spelling of the catalogue; "" where it holds that nothing is known."""
    return _SPELT[kept].get(code, "") if kept in _SPELT else code


def code_of(kept: str, value: str) -> str:
    """The column's own code of a value in the spelling of the catalogue."""
    return next((code for code, word in _SPELT.get(kept, {}).items() if word == value), value)


def tag_of(field: Field) -> str:
    """The service need that the field is, "" where it is none."""
    return field.kept.removeprefix(_TAG) if field.kept.startswith(_TAG) else ""


def is_filled(field: Field, of: Residence | Dwelling) -> bool:
    """Whether the column has a value: of a stay's person, or of a home."""
    room, _dot, column = field.kept.partition(".")
    if isinstance(of, Dwelling):
        return of.state != Dwelling.State.UNKNOWN
    if room == "residence":
        return bool(of.relation)
    if column in ("identity", "phone"):
        column += "_last4"
    value = getattr(of.resident, column)
    return bool(value) and not (column == "sex" and value == "0")


def filled(field: Field) -> Q | Exists:
    """The rows of the field's subject in which its column is filled in."""
    if field.kept == "residence.relation":
        told = Residence.objects.filter(resident=OuterRef("pk"), kind=Residence.Kind.LIVING, ends=None)
        return Exists(told.exclude(relation=""))
    if tag_of(field):
        return Exists(Need.objects.filter(resident=OuterRef("pk"), tag=tag_of(field)))
    return _FILLED[field.kept]
