"""The list of components of the city."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Access, Scope
from gis.incidents.component_class import ComponentClass, component_classes
from gis.incidents.condition import Condition, with_condition
from gis.models import Component, Incident
from web.lists.drawn import shapes_by_key
from web.lists.listing import DAY, Asked, Column, Listing
from web.pages.choices import names_of
from web.templatetags.words import named


@dataclass(frozen=True)
class _Known:
    classes: dict[str, ComponentClass]
    names: dict[str, str]


class Components(Listing):
    code, name = "components", _("城市部件")
    fields = ("q", "area", "kind", "state")
    uses = ("incident.read",)  # the condition follows the cases
    shape = "Point"
    columns = (
        Column("name", _("部件小类"), lambda one, known: _called(one, known), width=20, link=lambda one: _page(one)),
        Column("code", _("标识码"), lambda one, known: one.code, width=22),
        Column("place", _("位置描述"), lambda one, known: one.place, width=28),
        Column("care", _("养护单位"), lambda one, known: _care(one), width=24),
        Column("cell", _("网格"), lambda one, known: known.names.get(one.area, one.area), width=24),
        Column("state", _("状态"), lambda one, known: _state(one), part="web/lists/cells/condition.html"),
        Column("kind", _("小类代码"), lambda one, known: one.kind, on_page=False),
        Column("owner", _("权属单位"), lambda one, known: one.owner, width=24, on_page=False),
        Column("surveyed_on", _("普查日期"), lambda one, known: one.surveyed_on, DAY, 12, on_page=False),
        Column("area", _("辖区代码"), lambda one, known: one.area, width=18, on_page=False),
    )  # fmt: skip

    def find(self, asked: Asked) -> QuerySet[Component]:
        area = asked.area()
        found = seen(asked.access, Scope((area,)) if area else asked.scope)
        if kind := asked.GET.get("kind"):
            found = found.filter(kind=kind.replace("\x00", "")[:5])
        if asked.GET.get("state") in Condition.values:
            found = found.filter(condition=asked.GET["state"])
        if text := asked.GET.get("q", "").replace("\x00", "").strip()[:60]:
            found = found.filter(_says(text))
        return found.order_by("area", "kind", "code")

    def known(self, rows: list[Component], asked: Asked) -> _Known:
        return _Known(component_classes(), names_of({one.area for one in rows}))

    def shapes(self, rows: list[Component]) -> np.ndarray:
        return shapes_by_key(Component, [one.pk for one in rows], "position")


def seen(access: Access, scope: Scope) -> QuerySet[Component]:
    """Components in a scope, in the condition that the cases which the reader may read leave them in."""
    cases = Incident.objects.inside(access.which("incident.read"))
    return with_condition(Component.objects.inside(scope).select_related("care"), cases)


def _says(text: str) -> Q:
    found = Q(code__startswith=text)
    for name in ("name", "place", "owner", "care_name"):
        found |= Q(**{f"{name}__icontains": text})
    return found


def _page(one: Component) -> str:
    return reverse("component", args=[one.code])


def _care(one: Component) -> str:
    return one.care_name or (named(one.care) if one.care else "")


def _state(one: Component) -> str:
    return str(Condition(one.condition).label)


def _called(one: Component, known: _Known) -> str:
    of = known.classes.get(one.kind)
    return one.name or (gettext(of.name) if of else one.kind)


COMPONENTS = Components()
