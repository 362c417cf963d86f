"""Telling people: a notice each, and whether it also goes out by e-mail, now or after their quiet hours."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from gis.accounts.users import User
from gis.incidents.incident import Incident
from gis.incidents.reminders.notice import Mail, Notice, NoticeSetting
from gis.incidents.reminders.recipients import recipients
from gis.incidents.reminders.rule import To
from gis.incidents.step import Act, Step

#: Whom a step is told, beside what the clock says. A report by itself is nobody's news, unless it is urgent.
_TOLD = {
    Act.DISPATCH: To.HOLDER,
    Act.REDIRECT: To.HOLDER,
    Act.INVITE: To.HOLDER,
    Act.ASSIGN: To.HOLDER,
    Act.REWORK: To.HOLDER,
    Act.SUSPEND: To.HOLDER,
    Act.KEEP_ON: To.HOLDER,
    Act.RETURN: To.DESK,
    Act.ASK_SUSPEND: To.DESK,
    Act.DISPOSE: To.DESK,
    Act.ESCALATE: To.DESK,
    Act.HAND_DOWN: To.DESK,
    Act.APPEAL: To.DESK,
}


def tell_step(incident: Incident, step: Step) -> None:
    """Tell whoever a step concerns, but not the one who made it."""
    if "reminder" in step.facts:
        return  # told by the rule that made it
    to = To.DESK if step.act == Act.REPORT and incident.urgent else _TOLD.get(step.act)
    if to:
        tell(incident, step.act, f"step:{step.pk}", [to], at=step.at, besides=step.actor_id)


def tell(
    incident: Incident,
    kind: str,
    key: str,
    to: Iterable[str],
    *,
    at: datetime,
    late: bool = False,
    facts: dict | None = None,
    besides: int | None = None,
) -> None:
    """Give notices to the ones meant. Who was told the same already is not told again."""
    users = User.objects.filter(pk__in=recipients(incident, to) - {besides}, is_active=True)
    ways = {one.user_id: one for one in NoticeSetting.objects.filter(user__in=users)}
    now = timezone.now()
    notices = []
    for user in users:
        wanted = mail_at(user, ways.get(user.pk) or NoticeSetting(), urgent=incident.urgent, late=late, now=now)
        notices.append(
            Notice(
                user=user, incident=incident, kind=kind, key=key, facts=facts or {}, urgent=incident.urgent, at=at,
                mail=Mail.WAITS if wanted else Mail.NONE, mail_at=wanted,
            )
        )  # fmt: skip
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def mail_at(user: User, way: NoticeSetting, *, urgent: bool, late: bool, now: datetime) -> datetime | None:
    """When a notice is to be sent by e-mail: now, after the quiet hours (what is urgent does not wait), or not."""
    wanted = way.each == way.Each.EVERY or (way.each == way.Each.LATE and (urgent or late))
    if not (settings.EMAIL_HOST and user.email and wanted):
        return None
    local = timezone.localtime(now)
    if urgent or not way.is_quiet(local):
        return now
    ends = local.replace(hour=way.quiet_until, minute=0, second=0, microsecond=0)
    return ends if ends > local else ends + timedelta(days=1)
