"""A case before and after: the photos of who found it beside those of who dealt with it."""

from gis.incidents.step import Act
from gis.models import Attachment
from web.pages.case import Case

_BEFORE = (Act.REPORT, Act.AGAIN, Act.CONFIRM)
_AFTER = (Act.DISPOSE, Act.PART_DONE, Act.CHECKED, Act.CLOSE)
#: Photos on each side.
_MOST = 4


def compared(case: Case) -> dict | None:
    """Both sides; nothing while one of them is missing, for the timeline shows every photo anyway."""
    photos = Attachment.objects.filter(incident=case.incident, step__undone_by=None).select_related("step")
    shown = list(photos.order_by("step__at", "position"))
    before = [photo for photo in shown if photo.step.act in _BEFORE][:_MOST]
    after = [photo for photo in shown if photo.step.act in _AFTER][-_MOST:]
    return {"before": before, "after": after} if before and after else None
