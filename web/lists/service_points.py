"""The list of service points 服务设施."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.models import ServicePoint
from gis.places.service.kinds import ServiceKind, service_kinds
from web.lists.drawn import shapes_by_key
from web.lists.listing import DAY, WHOLE, Asked, Column, Listing
from web.pages.choices import names_of
from web.pages.map_links import map_address


@dataclass(frozen=True)
class _Known:
    kinds: dict[str, ServiceKind]
    names: dict[str, str]


class ServicePoints(Listing):
    code, name = "service_points", _("服务设施")
    fields = ("q", "area", "kind", "closed")
    shape = "Point"
    columns = (
        Column("name", _("名称"), lambda one, known: one.name, width=28, link=lambda one: map_address(one.position)),
        Column("kind", _("类型"), lambda one, known: _kind(one, known)),
        Column("opening", _("开放时间"), lambda one, known: one.opening, width=24),
        Column("capacity", _("容量"), lambda one, known: one.capacity, WHOLE, 8),
        Column("cell", _("网格"), lambda one, known: known.names.get(one.area, one.area), width=24),
        Column("starts", _("启用日期"), lambda one, known: one.starts, DAY, 12),
        Column("ends", _("停用日期"), lambda one, known: one.ends, DAY, 12),
        Column("area", _("辖区代码"), lambda one, known: one.area, width=18, on_page=False),
        Column("source", _("数据来源"), lambda one, known: one.source, width=20, on_page=False),
    )

    def find(self, asked: Asked) -> QuerySet[ServicePoint]:
        """The open ones; those that have closed when asked for."""
        found = ServicePoint.objects.inside(asked.scope)
        today = timezone.localdate()
        found = found.filter(ends__lte=today) if asked.GET.get("closed") == "1" else found.on(today)
        if area := asked.area():
            found = found.filter(area__gte=area, area__lt=area + ":")
        if asked.GET.get("kind") in service_kinds():
            found = found.filter(kind=asked.GET["kind"])
        if text := asked.GET.get("q", "").replace("\x00", "").strip()[:60]:
            found = found.filter(Q(name__icontains=text) | Q(opening__icontains=text))
        return found.order_by("kind", "area", "name", "pk")

    def known(self, rows: list[ServicePoint], asked: Asked) -> _Known:
        return _Known(service_kinds(), names_of({one.area for one in rows}))

    def shapes(self, rows: list[ServicePoint]) -> np.ndarray:
        return shapes_by_key(ServicePoint, [one.pk for one in rows], "position")


def _kind(one: ServicePoint, known: _Known) -> str:
    return known.kinds[one.kind].name if one.kind in known.kinds else one.kind


SERVICE_POINTS = ServicePoints()
