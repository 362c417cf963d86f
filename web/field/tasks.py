"""Cases on the phone: what waits for its holder on the spot, and the move they make there."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.collection.submission import Envelope
from gis.errors import Conflict, Refused
from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.incidents.photo import MOST_BYTES
from gis.incidents.tasks import find_tasks, moves_on_foot
from gis.models import Incident


def tasks_of(user: User, access: Access, scope: Scope) -> list[dict]:
    """The cases of an area that wait for somebody there, each with what they may do about it."""
    return [_task(incident, user, access) for incident in find_tasks(user, access, scope)]


def _task(incident: Incident, user: User, access: Access) -> dict:
    due = incident.stage_due_at or incident.due_at
    return {
        "number": incident.number, "category": _(incident.terms.name), "place": incident.place,
        "text": incident.description, "state": incident.state, "stateName": str(incident.get_state_display()),
        "due": due.isoformat() if due else None, "revision": incident.revision,
        "at": [round(incident.position.x, 6), round(incident.position.y, 6)], "building": incident.building_id,
        "moves": [
            {"act": one.act, "name": one.name, "needsNote": "note" in one.needs}
            for one in moves_on_foot(incident, user, access)
        ],
    }  # fmt: skip


def receive_move(body: dict, photos: list[UploadedFile], envelope: Envelope) -> dict:
    """Make the move a phone sends. Raises Conflict, with what was done since, in the words of the case."""
    number, act, note, seen = (body.get(name) for name in ("number", "act", "note", "base"))
    if not all(isinstance(text, str) for text in (number, act, note)) or type(seen) is not int:
        raise Refused(_("服务器不认识这类记录。"), fix=_("请联网刷新页面后再发送。"))
    sent = [photo.read(MOST_BYTES + 1) for photo in photos]
    try:
        move(
            number, Wish(act, note=note), user=envelope.user, access=envelope.access, seen=seen, photos=sent,
            at=envelope.at,
        )  # fmt: skip
    except Conflict as error:
        told = {"base": error.theirs["revision"], "since": "\n".join(map(_said, error.theirs["steps"]))}
        raise Conflict(error.message, fix=error.fix, theirs=told) from error
    return {"number": number, "url": reverse("incident", args=[number])}


def _said(step: dict) -> str:
    when = timezone.localtime(datetime.fromisoformat(step["at"])).strftime("%m-%d %H:%M")
    return " ".join(filter(None, (when, step["who"], step["act"], step["note"])))
