"""The visits to a person as one reader may see them: who sees the needs one by one sees when somebody came, and why."""

from dataclasses import dataclass

from django.utils import timezone

from gis.accounts.scope import Access
from gis.models import Resident, Visit
from gis.people.due import Owed, Urgency, next_due, where_named

#: Visits shown on a record: some two months of the shortest interval.
_SHOWN = 12


@dataclass(frozen=True)
class Visits:
    """The last visits, newest first, withdrawn ones included and marked; and when the next one is due."""

    last: list[Visit]
    next: Owed | None

    @property
    def is_late(self) -> bool:
        return self.next is not None and self.next.urgency == Urgency.LATE


def visits_of(resident: Resident, access: Access) -> Visits | None:
    """None where the reader is not told of this person's needs."""
    told = where_named(access)
    if not told.covers(resident.area):
        return None
    visits = Visit.objects.inside(told).filter(resident=resident).select_related("by", "withdrawal")
    return Visits(list(visits[:_SHOWN]), next_due([resident.pk], access, timezone.localdate()).get(resident.pk))
