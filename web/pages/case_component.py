"""The component a case is about, and what else was reported about it."""

from gis.incidents.component_class import component_classes
from gis.incidents.condition import with_condition
from gis.incidents.incident import ENDED
from gis.models import Component, Incident
from web.pages.case import Case

_MOST_CASES = 10


def component(case: Case) -> dict | None:
    """Nothing where the case is about none, or about one that the reader may not see."""
    found = case.incident.component
    if found is None or not case.scope.covers(found.area):
        return None
    read = Incident.objects.inside(case.access.which("incident.read"))
    found = with_condition(Component.objects.filter(pk=found.pk), read).get()
    others = read.filter(component=found)
    others = others.exclude(pk=case.incident.pk).select_related("category").defer("drawing")
    return {
        "component": found,
        "class": component_classes().get(found.kind),
        "cases": list(others.order_by("-reported_at")[:_MOST_CASES]),
        "ended": ENDED,
    }
