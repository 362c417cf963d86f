"""How many units there are in each area, and how many were to be checked before a day: counted from the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from gis.accounts.scope import Scope
from gis.organisations.kinds import small_kinds
from gis.organisations.organisation import Organisation


@dataclass(frozen=True)
class Counted:
    organisations: int = 0
    small: int = 0
    hazards: int = 0
    overdue: int = 0


def count_by_area(scope: Scope, day: date) -> dict[str, Counted]:
    """Code of each area that holds any → its figures on a day."""
    rows = Organisation.objects.inside(scope).on(day).with_due()
    counted = rows.order_by().values("area").annotate(
        organisations=Count("pk"),
        small=Count("pk", filter=Q(kind__in=small_kinds())),
        hazards=Count("pk", filter=~Q(hazards=[])),
        overdue=Count("pk", filter=Q(due_on__lt=day)),
    )  # fmt: skip
    return {row.pop("area"): Counted(**row) for row in counted}


def total(parts: Iterable[Counted]) -> Counted:
    listed = list(parts)
    return Counted(
        *(sum(getattr(one, name) for one in listed) for name in ("organisations", "small", "hazards", "overdue"))
    )
