"""A case and those merged into it: all of one thing, with everybody who reported it."""

from dataclasses import dataclass

from gis.accounts.scope import Scope
from gis.incidents.incident import Incident
from gis.incidents.step import Act, Step


@dataclass(frozen=True)
class Family:
    """`merged`: the cases that lie in a kept one, one inside another too, in the order they were reported; only those
    that their reader may read. `voices`: how often it was reported in all, readable or not.
    """

    kept: Incident
    merged: tuple[Incident, ...]
    voices: int


def family_of(incident: Incident, scope: Scope) -> Family:
    pks = inside_of(incident.pk)
    merged = Incident.objects.inside(scope).filter(pk__in=pks).select_related("category").defer("drawing")
    again = Step.objects.filter(incident__in=[incident.pk, *pks], act=Act.AGAIN).count()
    return Family(incident, tuple(merged.order_by("reported_at", "pk")), 1 + len(pks) + again)


def inside_of(pk: int) -> list[int]:
    """The cases merged into one, and into those. No move makes a ring of them, and one would not be gone round."""
    found: list[int] = []
    layer = [pk]
    while layer:
        inside = Incident.objects.filter(merged_into__in=layer).exclude(pk__in=[pk, *found])
        layer = list(inside.values_list("pk", flat=True))
        found += layer
    return found
