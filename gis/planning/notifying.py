"""Giving notices of plans: each person's also go out by e-mail as they want their reminders (`NoticeSetting`).

That a plan could not be published on its day is as pressing as a case that is late; nothing else about plans is.
"""

from collections.abc import Iterable

from django.utils import timezone

from gis.accounts.users import User
from gis.incidents.reminders.notice import Mail, NoticeSetting
from gis.incidents.reminders.telling import mail_at
from gis.planning.publishing.redrawing import PlanNotice


def give(notices: Iterable[PlanNotice]) -> None:
    """Write notices, each with whether and when it is sent."""
    given = list(notices)
    users = User.objects.in_bulk({one.user_id for one in given})
    ways = {one.user_id: one for one in NoticeSetting.objects.filter(user__in=users)}
    now = timezone.now()
    for one in given:
        late = one.kind == PlanNotice.Kind.REFUSED
        way = ways.get(one.user_id) or NoticeSetting()
        one.mail_at = mail_at(users[one.user_id], way, urgent=False, late=late, now=now)
        one.mail = Mail.WAITS if one.mail_at else Mail.NONE
    PlanNotice.objects.bulk_create(given)
