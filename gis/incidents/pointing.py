"""A report that points at a component: which one is meant, and which stand near a place."""

from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.contrib.gis.measure import D
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import Refused
from gis.incidents.category import Category
from gis.incidents.component_class import ComponentClass, component_classes
from gis.places.component import Component

#: How far from a place what is meant may stand, metres.
NEAR = 60
#: Offered at most; whoever means another chooses it on the map.
MOST = 12


@dataclass(frozen=True)
class Nearby:
    """A component near a place, with its class and how far it is, metres."""

    component: Component
    of: ComponentClass | None
    metres: int


def pointed_at(key: int | None, scope: Scope) -> Component | None:
    """The component that a report names. Raises Refused where there is none of that key in the scope."""
    if key is None:
        return None
    found = Component.objects.inside(scope).filter(pk=key).first()
    if found is None:
        message, fix = _("没有找到这个部件，或不在您的辖区内。"), _("请重新选择，或不选部件。")
        raise Refused(message, fix=fix, fields={"component": f"{message} {fix}"})
    return found


def category_for(component: Component) -> Category | None:
    """The category in which a report about a component usually is made."""
    of = component_classes().get(component.kind)
    code = of.category if of else ""
    return Category.objects.filter(kind=Category.Kind.COMMUNITY, code=code, retired=False).first() if code else None


def near(point: Point, scope: Scope, category: str = "") -> list[Nearby]:
    """The components nearest to a place, in scope; of a category (code) of reports those that suit it."""
    classes = component_classes()
    found = Component.objects.inside(scope).filter(position__dwithin=(point, _degrees(NEAR)))
    if suiting := [code for code, one in classes.items() if category and one.category == category]:
        found = found.filter(kind__in=suiting)
    found = found.annotate(away=Distance("position", point)).filter(away__lte=D(m=NEAR)).order_by("away", "pk")
    return [Nearby(one, classes.get(one.kind), round(one.away.m)) for one in found[:MOST]]


def _degrees(metres: float) -> float:
    """Degrees that hold so many metres in any direction up to 57° of latitude: a window for the index."""
    return metres / 60_000
