"""The list of units 实有单位."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis.models import Building, Organisation
from gis.organisations.checking import hazards
from gis.organisations.finding import SMALL, Contact, Wanted, contact_of, find_organisations
from gis.organisations.kinds import Kind, kinds
from gis.people.reading import Act, note_reading
from web.lists.drawn import shapes_by_key
from web.lists.listing import DAY, WHOLE, Asked, Column, Listing
from web.pages.choices import chosen_area, names_of
from web.pages.paging import read_number

STANDS = {
    "overdue": _("检查逾期"),
    "hazards": _("有隐患"),
    "closed": _("已停业"),
}

_CELLS = "web/lists/cells/"


@dataclass(frozen=True)
class _Known:
    kinds: dict[str, Kind]
    hazards: dict[str, str]
    names: dict[str, str]
    contacts: dict[int, Contact]
    today: date


class Organisations(Listing):
    code, name = "organisations", _("实有单位")
    fields = ("area", "kind", "stand", "building")
    needs = ("people.read",)
    shape = "Polygon"
    columns = (
        Column("name", _("单位名称"), lambda one, known: one.name, width=32, link=lambda one: _page(one)),
        Column("kind", _("类型"), lambda one, known: _kind(one, known)),
        Column("place", _("地点"), lambda one, known: _place(one), width=28, part=_CELLS + "unit_place.html"),
        Column("person", _("负责人"), lambda one, known: known.contacts[one.pk].person, is_personal=True),
        Column("phone", _("电话"), lambda one, known: known.contacts[one.pk].phone, is_personal=True),
        Column("hazards", _("隐患"), lambda one, known: _hazards(one, known), width=24, part=_CELLS + "hazards.html"),
        Column("due_on", _("下次检查"), lambda one, known: one.due_on, DAY, 12, part=_CELLS + "due.html"),
        Column("checked_on", _("上次检查"), lambda one, known: one.checked_on, DAY, 12, on_page=False),
        Column("credit_code", _("统一社会信用代码"), lambda one, known: one.credit_code, width=22, on_page=False),
        Column("staff", _("从业人数"), lambda one, known: one.staff, WHOLE, 10, on_page=False),
        Column("cell", _("网格"), lambda one, known: known.names.get(one.area, one.area), width=24, on_page=False),
        Column("area", _("辖区代码"), lambda one, known: one.area, width=18, on_page=False),
    )  # fmt: skip

    def find(self, asked: Asked) -> QuerySet[Organisation]:
        found = find_organisations(wanted_of(asked), asked.access, timezone.localdate())
        return found.select_related("building__compound", "dwelling")

    def known(self, rows: list[Organisation], asked: Asked) -> _Known:
        contacts = {one.pk: contact_of(one, asked.access) for one in rows}
        return _Known(kinds(), hazards(), names_of({one.area for one in rows}), contacts, timezone.localdate())

    def note_search(self, asked: Asked) -> None:
        pairs = list(self.find(asked).values_list("pk", "area"))
        note_reading(Act.SEARCH, asked.user, asked.access, pairs, asked=asked.text, of="organisations")

    def shapes(self, rows: list[Organisation]) -> np.ndarray:
        return shapes_by_key(Building, [one.building_id for one in rows], "geometry")


def wanted_of(asked: Asked) -> Wanted:
    """What an address asks; what it cannot name is left out."""
    get = asked.GET.get
    return Wanted(
        text=asked.text,
        area=chosen_area(get("area", ""), asked.access.which("people.read")),
        kind=get("kind", "") if get("kind") in {SMALL, *kinds()} else "",
        stand=get("stand", "") if get("stand") in STANDS else "",
        building=read_number(get("building")),
    )


def _page(one: Organisation) -> str:
    return reverse("organisation", args=[one.pk])


def _kind(one: Organisation, known: _Known) -> str:
    return known.kinds[one.kind].shown if one.kind in known.kinds else one.kind


def _place(one: Organisation) -> str:
    return f"{one.building.label} {one.dwelling or one.room}".strip()


def _hazards(one: Organisation, known: _Known) -> str:
    return "、".join(gettext(known.hazards.get(code, code)) for code in one.hazards)


ORGANISATIONS = Organisations()
