"""Residents' reports for tests, made with one line. Gu has no account."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.gis.geos import Point
from django.utils import timezone

from gis import crs
from gis.incidents.intake import Told
from gis.incidents.residents.allowance import visitor
from gis.incidents.residents.reporting import Receipt, Sent, take_report
from gis.models import Building, Category
from tests.browsing import as_server
from tests.cast import CELL

PHONE = "13900001234"
#: A moment in the middle of an hour, a quarter and a day.
NOW = timezone.now().replace(minute=20, second=1, microsecond=0) - timedelta(hours=1)


def somewhere() -> Point:
    """A house in cell 1 of the town, where Wang works."""
    return Building.objects.filter(area=CELL).order_by("code").first().geometry.point_on_surface


def kind(code: str = "C0404") -> int:
    return Category.objects.get(kind="community", code=code).pk


def moved(point: Point, metres: float) -> Point:
    return Point(point.x + metres / 85_000, point.y, srid=crs.STORE)


def reported(
    code: str = "C0404", *, ticket: UUID | None = None, photos=(), at=None, address="192.0.2.7", name="", phone=PHONE,
    content="c", **told,
) -> Receipt:  # fmt: skip
    """One report, stored with the rights of the server."""
    wanted = {"category": kind(code), "point": somewhere(), "text": "水管爆了"} | told
    now = at or timezone.now()
    sent = Sent(ticket or uuid4(), content, Told(**wanted), name=name, phone=phone)
    with as_server():
        return take_report(sent, photos, who=visitor(address, now), at=now)
