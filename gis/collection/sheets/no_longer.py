"""Candidates of a row who have died or left since: what is told of that beside them, and what it does to the row.

The day is told where births are told whole; to everybody else its month. A table of a day after somebody's death tells
nothing of them (`checking.py`), so a row that is said to be theirs is not taken; whoever left keeps their record.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from gis.accounts.scope import Access
from gis.people.household import Residence
from gis.people.masking import rule
from gis.people.resident import Resident


@dataclass(frozen=True)
class NoLonger:
    """Somebody who is not there any more. `is_refused`: a row of theirs is not taken."""

    died: bool
    day: date
    is_refused: bool
    is_whole: bool

    @property
    def on(self) -> str:
        return self.day.isoformat() if self.is_whole else f"{self.day:%Y-%m}"


def no_longer(keys: list[int], as_of: date, access: Access) -> dict[int, NoLonger]:
    """Those of some people who have died, or live nowhere here since, by key; in the scope of the transaction."""
    living = Residence.objects.filter(resident=OuterRef("pk"), kind=Residence.Kind.LIVING, ends=None)
    left = Max("residences__ends", filter=Q(residences__kind=Residence.Kind.LIVING))
    people = Resident.objects.filter(pk__in=keys).filter(Q(died_on__isnull=False) | ~Exists(living))
    found = people.annotate(day=Coalesce("died_on", left)).values_list("pk", "area", "died_on", "day")
    return {
        pk: NoLonger(
            died=died is not None,
            day=day,
            is_refused=died is not None and died < as_of,
            is_whole=rule(access, "born", area) == "full",
        )
        for pk, area, died, day in found
        if day is not None
    }
