"""The list of plans 网格方案."""

from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gis.models import Plan
from gis.planning.sheet import fresh_sheet
from web.lists.drawn import outlines_of
from web.lists.listing import DAY, NUMBER, TIME, WHOLE, Asked, Column, Listing
from web.pages.choices import names_of

#: Sort orders: name in the address → its word and the columns.
ORDERS = {
    "changed": (_("最近修改"), ("-changed_at",)),
    "starts": (_("生效日期"), ("starts", "-changed_at")),
    "area": (_("辖区"), ("area", "-changed_at")),
    "name": (_("名称"), ("name", "-changed_at")),
}


@dataclass(frozen=True)
class Narrowed:
    """What an address asks of the plans; what it does not know is left out."""

    state: str = ""
    area: str = ""
    mine: bool = False
    order: str = "changed"

    @classmethod
    def by(cls, asked: Asked) -> "Narrowed":
        state, order = asked.GET.get("state", ""), asked.GET.get("order", "")
        return cls(
            state if state in Plan.State else "",
            asked.area("plan.read"),
            asked.GET.get("mine") == "1",
            order if order in ORDERS else "changed",
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.state or self.area or self.mine)


class Plans(Listing):
    """A plan lies where its area lies. Figures are those of its sheet, none while that is to be made anew."""

    code, name = "plans", _("网格方案")
    fields = ("state", "area", "mine", "order")
    needs = ("plan.read",)
    shape = "Polygon"
    columns = (
        Column("name", _("名称"), lambda one, names: one.name, width=28),
        Column("kind", _("类型"), lambda one, names: str(one.get_kind_display())),
        Column("place", _("辖区"), lambda one, names: names.get(one.area, one.area), width=20),
        Column("area", _("辖区代码"), lambda one, names: one.area, width=14),
        Column("state", _("状态"), lambda one, names: str(one.get_state_display())),
        Column("owner", _("编制人"), lambda one, names: one.owner.name or one.owner.username),
        Column("revision", _("版本"), lambda one, names: one.revision, WHOLE, 8),
        Column("changed_at", _("修改时间"), lambda one, names: one.changed_at, TIME, 18),
        Column("starts", _("生效日期"), lambda one, names: one.starts, DAY, 12),
        Column("cells", _("网格"), lambda one, names: _figure(one, "cells"), WHOLE, 8),
        Column("within", _("在允许偏差内"), lambda one, names: _figure(one, "within"), WHOLE, 12),
        Column("worst", _("最大偏差"), lambda one, names: _figure(one, "worst"), NUMBER, 10),
        Column("unassigned", _("未分配地块"), lambda one, names: _figure(one, "unassigned"), WHOLE, 10),
        Column("households", _("户数"), lambda one, names: _figure(one, "households"), WHOLE, 8),
    )

    def find(self, asked: Asked) -> QuerySet[Plan]:
        """Those that were withdrawn are found when asked for."""
        found = Plan.objects.inside(asked.access.which("plan.read")).select_related("owner", "sheet")
        by = Narrowed.by(asked)
        found = found.filter(state=by.state) if by.state else found.exclude(state=Plan.State.WITHDRAWN)
        if by.area:
            found = found.filter(area__gte=by.area, area__lt=by.area + ":")
        if by.mine:
            found = found.filter(owner=asked.user)
        _word, columns = ORDERS[by.order]
        return found.defer("sheet__sketch").order_by(*columns, "pk")

    def known(self, rows: list[Plan], asked: Asked) -> dict[str, str]:
        return names_of({one.area for one in rows})

    def shapes(self, rows: list[Plan]) -> np.ndarray:
        return outlines_of([one.area for one in rows])


def _figure(plan: Plan, name: str) -> int | float | None:
    sheet = fresh_sheet(plan)
    return sheet.figures.get(name) if sheet else None


PLANS = Plans()
