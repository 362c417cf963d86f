"""Finding units by what the one who asks may see of them, and showing them so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gis.accounts.scope import Access
from gis.organisations.credit_code import clean_code
from gis.organisations.kinds import small_kinds
from gis.organisations.organisation import Organisation, OrganisationQuerySet
from gis.people.masking import mask_phone, rule, shown_name, shown_where
from gis.people.sealing import SealBroken, blind_indexes, open_seal
from gis.people.typed import phone_of

#: Groups a list may be narrowed to beside the kinds.
SMALL = "small"


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field asks nothing. `stand`: open, overdue, hazards, closed."""

    text: str = ""
    area: str = ""
    kind: str = ""
    stand: str = ""
    building: int | None = None


def find_organisations(wanted: Wanted, access: Access, today: date) -> OrganisationQuerySet:
    """The units in the reader's scope that fit, the longest overdue first, with the day of the next check."""
    found = _standing(Organisation.objects.inside(access.which("people.read")), wanted.stand, today).with_due()
    if wanted.stand == "overdue":
        found = found.filter(due_on__lt=today)
    if wanted.area:
        found = found.filter(area__gte=wanted.area, area__lt=wanted.area + ":")
    if wanted.building:
        found = found.filter(building=wanted.building)
    if wanted.kind:
        found = found.filter(kind__in=small_kinds() if wanted.kind == SMALL else [wanted.kind])
    if wanted.text:
        found = found.filter(_said(wanted.text, access))
    return found.order_by("due_on", "area", "name", "pk")


def _standing(found: OrganisationQuerySet, stand: str, today: date) -> OrganisationQuerySet:
    if stand == "closed":
        return found.filter(closed_on__lte=today)
    found = found.on(today)
    return found.exclude(hazards=[]) if stand == "hazards" else found


def _said(text: str, access: Access) -> Q:
    """By name or credit code; by who represents it or their phone only where these are shown in full."""
    found = Q(name__icontains=text) | Q(credit_code=clean_code(text))
    found |= shown_where(access, "name", "full").q() & Q(person__contains=text)
    phone = phone_of(text)
    if len(phone) >= 7:
        found |= shown_where(access, "phone", "full").q() & Q(phone_index__in=blind_indexes(phone))
    return found


@dataclass(frozen=True)
class Contact:
    """Who represents a unit and whom to call, as one reader may see it; "" is absent."""

    person: str
    phone: str

    @property
    def fields(self) -> set[str]:
        return {name for name, value in (("name", self.person), ("phone", self.phone)) if value not in ("", "–")}


def contact_of(
    organisation: Organisation, access: Access, *, whole: bool = False, revealed: Collection[str] = ()
) -> Contact:
    """A list shows the last digits of a phone even to who may read it whole.

    `revealed`: `name`, `phone`, which the caller has noted as shown in full, with a reason (`masking.revealable`).
    """
    named = "full" if "name" in revealed else rule(access, "name", organisation.area)
    person = shown_name(organisation.person, named) if organisation.person else ""
    how = "full" if "phone" in revealed else rule(access, "phone", organisation.area)
    if how == "none" or not organisation.phone_last4:
        return Contact(person, "")
    if how == "full" and whole and organisation.phone_sealed:
        try:
            return Contact(person, open_seal(organisation.phone_sealed))
        except SealBroken:  # a key that was lost must not take the page with it
            pass
    return Contact(person, mask_phone(organisation.phone_last4))
