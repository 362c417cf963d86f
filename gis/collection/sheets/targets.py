"""What a column of a department's table can be: a field of the catalogue, or a part of where the person lives."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis.collection.field import Field
from gis.collection.same import names_of
from gis.exchange.columns import fields_of, plain_name

#: Parts of a place, in the order in which they are offered. They find the home; they are not kept.
PLACES: dict[str, Promise] = {
    "address": _("住址（一整栏）"),
    "compound": _("小区"),
    "number": _("楼号"),
    "road": _("道路"),
    "gate": _("门牌号"),
    "unit": _("单元"),
    "room": _("房号"),
    "building_code": _("楼栋编码"),
    "community_code": _("社区代码"),
}
#: Columns of the record that tell who a row is.
TELLING = ("name", "identity", "document", "sex", "born", "phone")
_SUBJECTS = (Field.Subject.PERSON, Field.Subject.HOUSEHOLD, Field.Subject.DWELLING)


@dataclass(frozen=True)
class Target:
    """One of them. `names` are the headings under which it is known, in one spelling; `field` is None for a place."""

    code: str
    label: str
    names: frozenset[str]
    field: Field | None = None

    @property
    def is_coded(self) -> bool:
        """Whether its values are of a short list."""
        return self.field is not None and self.field.kind in (Field.Kind.CODE, Field.Kind.CHOICE, Field.Kind.YES_NO)


def targets() -> dict[str, Target]:
    """Everything a column can be, by code: who somebody is, where they live, the rest of the catalogue in its order."""
    fields = Field.objects.filter(retired=False, subject__in=_SUBJECTS, supplement_of=None).select_related("owner")
    by_code = {field.code: field for field in fields.order_by("pk")}
    order = [code for code in TELLING if code in by_code] + [code for code in by_code if code not in TELLING]
    places = {code: Target(code, str(label), _place_names(code)) for code, label in PLACES.items()}
    found = {code: _of_field(by_code[code]) for code in order}
    telling = {code: found[code] for code in TELLING if code in found}
    return telling | places | found


def _of_field(field: Field) -> Target:
    return Target(field.code, field.shown, frozenset(names_of(field)) | {plain_name(field.code)}, field)


def _place_names(code: str) -> frozenset[str]:
    return frozenset(fields_of("residents")[code].names)
