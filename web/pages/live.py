from django.conf import settings
from django.urls import reverse

from gis.accounts.scope import Access
from gis.incidents.changes import news_from_nothing
from gis.incidents.incident import State
from web.live.position import Position, seal


def live_settings(access: Access) -> dict | None:
    """What a page needs to listen to the live feed; None where none is served.

    `after` is now: whatever is committed while the page is on its way to the browser is told as soon as it listens.
    """
    if not settings.LIVE_URL:
        return None
    return {
        **stream_settings(),
        "incidents": access.may_anywhere("incident.read"),
        "states": {code: str(name) for code, name in State.choices},
        "record": reverse("incident", args=["NUMBER"]),
    }


def stream_settings() -> dict | None:
    """Where the stream is and from where it is read; None where none is served."""
    if not settings.LIVE_URL:
        return None
    now = news_from_nothing()
    return {"address": settings.LIVE_URL, "after": seal(Position(now.snapshot, now.database))}
