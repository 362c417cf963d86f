"""The people behind one door, as one reader may see them."""

from dataclasses import dataclass

from django.utils import timezone

from gis.accounts.scope import Access
from gis.codes.naming import names_in
from gis.models import Dwelling, Residence, Resident
from gis.people.due import Owed, next_due
from gis.people.finding import living, needs_in_force
from gis.people.late_number import asks_number
from gis.people.showing import Shown, show_person


@dataclass(frozen=True)
class Member:
    stay: Residence
    person: Shown
    relation: str
    tags: list[str]
    next_visit: Owed | None
    asks_number: bool


def household_at(dwelling: Dwelling, access: Access) -> list[Member]:
    """Who lives in the dwelling today, the head of each household first; only those the reader may see."""
    stays = living().filter(dwelling=dwelling).inside(access.which("people.read"))
    stays = stays.select_related("resident").order_by("household", "relation", "resident__born")
    return members_of(stays, access)


def members_of(stays, access: Access) -> list[Member]:
    """Stays with their residents as members, each with the name of the relation and the needs in force."""
    listed = list(stays)
    relations = names_in("relation")
    tags = open_tags([stay.resident for stay in listed], access)
    due = next_due([stay.resident_id for stay in listed], access, timezone.localdate())
    return [
        Member(
            stay,
            show_person(stay.resident, access),
            relations.get(stay.relation, ""),
            tags.get(stay.resident_id, []),
            due.get(stay.resident_id),
            asks_number(stay.resident, timezone.localdate()),
        )
        for stay in listed
    ]


def open_tags(residents: list[Resident], access: Access) -> dict[int, list[str]]:
    """Names of the service needs in force, by resident, of those whose needs the reader may see."""
    names = names_in("service_need")
    found: dict[int, list[str]] = {}
    for need in needs_in_force(access).filter(resident__in=residents).order_by("tag"):
        found.setdefault(need.resident_id, []).append(names.get(need.tag, need.tag))
    return found
