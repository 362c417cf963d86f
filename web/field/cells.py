"""The parts of the pack that say which cells there are and who works in them."""

from datetime import date

from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.models import Area, CellVersion, Posting
from web.field.shapes import rings


def today() -> date:
    return timezone.localdate()


def cells(access: Access, scope: Scope) -> list[dict]:
    """The cells of the ground with their outlines; a community's name stands beside each."""
    versions = CellVersion.objects.on(today()).inside(scope).order_by("code").only("code", "name", "geometry")
    names = dict(Area.objects.filter(code__in={one.community_code for one in versions}).values_list("code", "name"))
    return [
        {
            "code": one.code,
            "name": one.name,
            "community": names.get(one.community_code, ""),
            "rings": rings(one.geometry),
        }
        for one in versions
    ]


def workers(access: Access, scope: Scope) -> list[dict[str, str]]:
    """Who works in each cell, with their work phones: staff, as on every panel."""
    posted = Posting.objects.on(today()).filter(scope.q(), role="grid_worker", user__is_active=True)
    people = posted.order_by("area", "user__name", "user_id").values_list("area", "user__name", "user__phone")
    return [{"cell": area, "name": name, "phone": phone} for area, name, phone in people]
