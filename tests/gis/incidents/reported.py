"""Incidents for tests, made with one line."""

from datetime import UTC, datetime

from django.contrib.gis.geos import Point

from gis import crs
from gis.models import Category, Incident

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)  # in Beijing
AREA = "110113001006001"


def a_category(major: str = "治安", name: str = "纠纷") -> Category:
    made, _ = Category.objects.get_or_create(
        kind="imported", code=f"{major}-{name}", defaults={"major": major, "name": name}
    )
    return made


def report(
    area: str = AREA,
    at: datetime = NOON,
    lon: float = 116.66,
    lat: float = 40.13,
    category: Category | None = None,
    state: str = "reported",
) -> Incident:
    """One incident more, numbered by how many there are."""
    number = f"T{Incident.objects.count() + 1:06d}"
    while Incident.objects.filter(number=number).exists():
        number += "x"
    return Incident.objects.create(
        number=number,
        category=category or a_category(),
        reported_at=at,
        position=Point(lon, lat, srid=crs.STORE),
        area=area,
        state=state,
    )
