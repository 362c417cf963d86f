"""What whoever reported says of the outcome: a rating, or that it has to be done again."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope, applied
from gis.errors import Conflict, NotAllowed
from gis.incidents.incident import Incident
from gis.incidents.moving import Wish, move_for_reporter
from gis.incidents.residents.following import Opened
from gis.incidents.residents.progress import appeal_until, rating_since_closing
from gis.incidents.residents.reporter import Rating
from gis.incidents.step import Act, Step
from gis.written import refuse

#: So often one case is taken up again by the same people's word; after that somebody has to speak to them.
_MOST_APPEALS = 3


def rate(opened: Opened, *, solved: bool | None, content: int | None, words: str, at: datetime | None = None) -> Rating:
    """Say whether it is solved and how content one is, 1 to 5. Raises Refused, and Conflict the second time."""
    if solved is None:
        raise refuse("solved", _("还没有选择是否解决。"), _("请选“解决了”或“没有解决”。"))
    if content is None or not 1 <= content <= 5:
        raise refuse("content", _("还没有选择满意程度。"), _("请选一项。"))
    with applied(Scope.of([opened.incident.area])):
        opened = _current(opened)
        if rating_since_closing(opened):
            raise Conflict(_("您已经评价过了。"), fix=_("谢谢您。若没有办好，可以要求重办。"))
        step = move_for_reporter(opened.incident, Wish(Act.RATE, note=words), at=at)
        return Rating.objects.create(
            step=step, follow=opened.follow, incident=opened.incident, solved=solved, content=content
        )


def appeal(opened: Opened, words: str, photos: Iterable[bytes] = (), at: datetime | None = None) -> Step:
    """Ask for the case to be done again. Raises NotAllowed after the time for it, or where it was asked too often."""
    now = at or timezone.now()
    with applied(Scope.of([opened.incident.area])):
        opened = _current(opened)
        if appeal_until(opened.incident, now) is None:
            days = {"days": settings.APPEAL_DAYS}
            raise NotAllowed(
                _("现在不能要求重办：办结 %(days)d 天之内可以。") % days, fix=_("请另报一件，或拨打 12345。")
            )
        if opened.incident.steps.filter(act=Act.APPEAL, undone_by=None).count() >= _MOST_APPEALS:
            raise NotAllowed(_("这件事已经重办过多次。"), fix=_("请联系社区当面说明，或拨打 12345。"))
        return move_for_reporter(opened.incident, Wish(Act.APPEAL, note=words), photos=photos, at=at)


def _current(opened: Opened) -> Opened:
    """The case as it is now, with nobody else at it until this is done."""
    incident = Incident.objects.select_for_update(of=("self",)).select_related("category").get(pk=opened.incident.pk)
    return Opened(opened.follow, incident, opened.by_link)
