"""What a plan was drawn against: the cells in force when it was opened, or when its planner last held it against them.

A plan says for all of its ground what is to be there. Published after somebody else has changed that ground, it would
take the other change back without a word. So its basis is kept, a copy has that of the plan it was copied from, and
only a planner who says they have compared the plan with today renews it.
"""

from hashlib import blake2b

from django.utils import timezone

from gis.areas.area import Area
from gis.planning.plan import Plan
from gis.planning.publishing.standing import fingerprint

_DIGITS = 6  # of a degree: a corner that was added so that two outlines meet is no change


def basis_of(plan: Plan) -> str:
    """Names what is in force today on the ground of a plan. Whatever changed it, the same day too, gives another."""
    if plan.kind == Plan.Kind.COMMUNITIES:
        return _of_communities(plan.area)
    if plan.kind == Plan.Kind.STREETS:
        return _of_streets(plan.area)
    return fingerprint([plan.area], timezone.localdate())


def is_outdated(plan: Plan) -> bool:
    """Whether the ground of a plan has other cells, or other communities, than those it was drawn against."""
    return plan.basis != basis_of(plan)


def _of_communities(street: str) -> str:
    return _named(Area.objects.children_of(street))


def _of_streets(district: str) -> str:
    """Of its streets and communities both: a plan of streets is drawn by communities."""
    return _named(Area.objects.filter(code__startswith=district, level__in=("street", "community")))


def _named(areas) -> str:
    found = areas.standing().exclude(geometry=None).order_by("code")
    told = [
        (code, name, round(area_m2), [round(side, _DIGITS) for side in shape.extent])
        for code, name, area_m2, shape in found.values_list("code", "name", "area_m2", "geometry")
    ]
    return blake2b(repr(told).encode(), digest_size=16).hexdigest()
