"""The one order in which doors and people are locked, so that two who work on the same never wait for each other.

First doors, then people, each by their keys, and only then what tells of them: stays, needs, events, corrections.
Whoever locks a door holds everything that is done behind it.
"""

from collections.abc import Iterable

from gis.accounts.scope import Scope
from gis.people.household import Residence
from gis.people.resident import Resident
from gis.places.building import Dwelling


def hold_doors(keys: Iterable[int]) -> None:
    """Lock doors until the transaction ends; those out of sight are passed over."""
    wanted = set(keys)
    if wanted:
        list(Dwelling.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))


def hold_people(keys: Iterable[int], within: Scope | None = None) -> None:
    """Lock people until the transaction ends, those in a scope where one is given."""
    wanted = set(keys)
    if not wanted:
        return
    people = Resident.objects.all() if within is None else Resident.objects.inside(within)
    list(people.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))


def hold_homes(people: Iterable[int], within: Scope, doors: Iterable[int] = ()) -> None:
    """Lock the doors behind which some people live, and others beside them, then the people."""
    wanted = set(people)
    living = Residence.objects.inside(within).filter(resident__in=wanted, kind=Residence.Kind.LIVING, ends=None)
    hold_doors({*living.values_list("dwelling", flat=True), *doors})
    hold_people(wanted, within)
