"""Life events on the phone: what is told at a door, and what was told wrongly taken back."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.collection.submission import Envelope
from gis.errors import Conflict, OutOfScope, Refused
from gis.models import LifeEvent
from gis.people.life.happening import read_happening
from gis.people.life.recording import record_life
from gis.people.life.taking_back import take_back


def receive_life(body: dict, files: list[UploadedFile], envelope: Envelope) -> dict:
    """Kind `life`: an event as `gis.people.life.happening` reads it, or `withdraw`, the number of one sent before."""
    by, access, at = envelope.user, envelope.access, envelope.at
    if "withdraw" in body:
        event = LifeEvent.objects.inside(access.which("people.read")).filter(act=_uuid(body["withdraw"])).first()
        if event is None:
            raise OutOfScope(_("没有这项变动。"), fix=_("请更新手机上的数据后再试。"))
        return {"withdrawn": take_back(event.pk, by=by, access=access, at=at)}
    told = read_happening(body, timezone.localdate(at))
    try:
        return record_life(told, by=by, access=access, at=at, number=envelope.uuid)
    except Conflict as conflict:
        if "namesakes" not in conflict.theirs:
            raise
        # Not two sides to choose from but a question: is it another child?
        fields = {"another": _("如果是另一个孩子，请勾选“是另一个人”后再保存。")}
        raise Refused(conflict.message, fix=conflict.fix, fields=fields) from None


def _uuid(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Refused(_("没有这项变动。"), fix=_("请更新手机上的数据后再试。")) from None
