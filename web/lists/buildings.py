"""The list of buildings."""

import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis.models import Building, Dwelling
from gis.places.finding import find_places
from web.lists.drawn import shapes_by_key
from web.lists.listing import WHOLE, Asked, Column, Listing
from web.pages.choices import names_of
from web.pages.service import homes_beyond

#: Buildings a text search lists: it ranks, so what was meant stands first.
_MOST_FOUND = 100


class Buildings(Listing):
    code, name = "buildings", _("楼栋")
    fields = ("q", "area", "kind", "no_cell", "beyond", "minutes", "group", "speed", "slow")
    uses = ("people.count",)  # `group` of those who walk far
    shape = "Polygon"
    columns = (
        Column("name", _("楼栋"), lambda one, names: one.label, width=24, link=lambda one: _page(one)),
        Column("address", _("地址"), lambda one, names: f"{one.road}{one.gate}", width=24),
        Column("kind", _("用途"), lambda one, names: str(one.get_kind_display())),
        Column("floors", _("层数"), lambda one, names: one.floors, WHOLE, 8),
        Column("dwellings", _("户室"), lambda one, names: one.dwelling_count, WHOLE, 8),
        Column("cell", _("网格"), lambda one, names: _cell(one, names), width=24, part="web/lists/cells/cell.html"),
        Column("code", _("楼栋代码"), lambda one, names: one.code, width=20, on_page=False),
        Column("area", _("辖区代码"), lambda one, names: one.area, width=18, on_page=False),
        Column("built_year", _("建成年份"), lambda one, names: one.built_year, WHOLE, 10, on_page=False),
    )  # fmt: skip

    def find(self, asked: Asked) -> QuerySet[Building]:
        found = Building.objects.inside(asked.scope).select_related("compound").defer("geometry", "drawing")
        if area := asked.area():
            found = found.filter(area__gte=area, area__lt=area + ":")
        if asked.GET.get("kind") in Building.Kind.values:
            found = found.filter(kind=asked.GET["kind"])
        if asked.GET.get("no_cell"):
            found = found.filter(cell=None)
        if asked.GET.get("beyond"):
            found = found.filter(pk__in=homes_beyond(asked))
        text = asked.GET.get("q", "").replace("\x00", "").strip()
        if text:
            found = found.filter(_fits(text, asked))
        return with_dwelling_count(found).order_by("area", "code")

    def known(self, rows: list[Building], asked: Asked) -> dict[str, str]:
        return names_of({one.area for one in rows})

    def shapes(self, rows: list[Building]) -> np.ndarray:
        return shapes_by_key(Building, [one.pk for one in rows], "geometry")


def _page(building: Building) -> str:
    return reverse("building", args=[building.pk])


def _cell(building: Building, names: dict[str, str]) -> str:
    return names.get(building.area, building.area) if building.cell_id else gettext("未划入网格")


def with_dwelling_count(buildings: QuerySet[Building]) -> QuerySet[Building]:
    """Each building with `dwelling_count`, counted for the rows of a page only: a join would count them all."""
    doors = Dwelling.objects.filter(building=OuterRef("pk")).order_by().values("building")
    return buildings.annotate(dwelling_count=Coalesce(Subquery(doors.annotate(n=Count("pk")).values("n")), 0))


def _fits(text: str, asked: Asked) -> Q:
    """The buildings that explain all of the text; where none does, those that explain most of it."""
    found = find_places(text, asked.scope, _MOST_FOUND)
    places = [one for one in found if not one.left] or found
    return Q(pk__in=[one.place.pk for one in places if one.kind == "building"]) | Q(
        compound__in=[one.place.pk for one in places if one.kind == "compound"]
    )


BUILDINGS = Buildings()
