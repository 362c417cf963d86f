"""The part `incidents` of the pack: what is open in one's own cells, for "is it the same?" without signal.

Neither who reported it nor what was written: kind, place and time are enough to recognise it by.
"""

from django.utils.translation import gettext

from gis.accounts.scope import Access, Scope
from gis.models import Incident

#: The newest that go on a phone.
_MOST = 500


def open_incidents(access: Access, scope: Scope) -> list[dict]:
    """The open incidents inside a scope, as far as incidents may be read there, newest first."""
    read = access.which("incident.read")
    found = Incident.objects.inside(scope).open().filter(read.q()).select_related("category")
    return [
        {
            "number": incident.number,
            "category": incident.category_id,
            "major": gettext(incident.terms.major),
            "name": gettext(incident.terms.name),
            "place": incident.place,
            "component": incident.component_id,
            "lat": round(incident.position.y, 6),
            "lon": round(incident.position.x, 6),
            "at": int(incident.reported_at.timestamp()),
            "state": incident.get_state_display(),
        }
        for incident in found.defer("drawing", "description").order_by("-reported_at")[:_MOST]
    ]
